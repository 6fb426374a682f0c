import { useState } from 'preact/hooks'
import type { Service } from '@thabit/sdk'
import { Button } from '../interface/button.tsx'
import { Field } from '../interface/field.tsx'
import { recall, remember } from '../interface/memory.ts'
import { StepHeading } from '../interface/page-head.tsx'
import { useSpeech } from '../language/index.tsx'
import { Parts } from '../payments/parts.tsx'

type Draft = { name: string; note: string }

export function recallDraft(): Draft {
  return recall<Draft>('sessionStorage', 'draft') ?? { name: '', note: '' }
}

/** The last look before booking; what is typed survives a reload. */
export function Summary({ service, step, onConfirm }: { service: Service; step: string; onConfirm: (draft: Draft) => void }) {
  const { words } = useSpeech()
  const [draft, setDraft] = useState(recallDraft)
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part }
    setDraft(next)
    remember('sessionStorage', 'draft', next)
  }
  return (
    <form
      class="panel"
      onSubmit={(event) => {
        event.preventDefault()
        onConfirm({ name: draft.name.trim(), note: draft.note.trim() })
      }}
    >
      <StepHeading step={step}>{words.summaryTitle}</StepHeading>
      <Field
        label={words.yourName}
        optional
        value={draft.name}
        onValue={(name) => change({ name })}
        type="text"
        name="name"
        autocomplete="name"
        dir="auto"
        maxLength={80}
      />
      <Field label={words.note} optional value={draft.note} onValue={(note) => change({ note })} rows={2} maxLength={300} />
      <Parts terms={service.paymentTerms} />
      <Button type="submit">
        {service.requiresPayment ? words.holdAndPay : service.approvalHours ? words.askForIt : words.confirmFree}
      </Button>
      {service.requiresPayment && <p class="hint">{words.holdExplained}</p>}
      {service.approvalHours && <p class="hint">{words.askExplained(service.approvalHours)}</p>}
    </form>
  )
}
