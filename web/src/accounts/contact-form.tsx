import { useState } from 'preact/hooks'
import type { Me } from '@thabit/sdk'
import { Button } from '../interface/button.tsx'
import { Field } from '../interface/field.tsx'
import { Notice, Trouble } from '../interface/notice.tsx'
import { Tick } from '../interface/tick.tsx'
import { useSpeech } from '../language/index.tsx'
import { thabit } from './session.ts'

/** Where else a person may be written to, and whether advertising is welcome. Folded: nobody needs it to book. */
export function ContactForm({ given }: { given: Me['contact'] }) {
  const { words } = useSpeech()
  const [email, setEmail] = useState(given.email ?? '')
  const [marketing, setMarketing] = useState(given.marketing)
  const [error, setError] = useState<unknown>(null)
  const [wrong, setWrong] = useState(false)
  const [saved, setSaved] = useState(false)
  const [busy, setBusy] = useState(false)

  const save = async () => {
    const wished = email.trim()
    const fits = wished === '' || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(wished)
    setWrong(!fits)
    setSaved(false)
    setError(null)
    if (!fits) return
    setBusy(true)
    try {
      await thabit.setContact({ email: wished === '' ? null : wished, marketing })
      setSaved(true)
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <details class="panel quiet">
      <summary>{words.contact.title}</summary>
      <form
        class="stacked"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void save()
        }}
      >
        <p class="hint">{words.contact.lead}</p>
        <Field
          label={words.contact.email}
          value={email}
          onValue={setEmail}
          error={wrong ? words.contact.emailWrong : null}
          optional
          type="email"
          inputMode="email"
          autocomplete="email"
          dir="ltr"
          maxLength={254}
        />
        <Tick on={marketing} onChange={setMarketing}>
          {words.contact.marketing}
        </Tick>
        <Trouble error={error} />
        {saved && <Notice tone="good">{words.contact.saved}</Notice>}
        <Button type="submit" busy={busy}>
          {words.contact.save}
        </Button>
      </form>
    </details>
  )
}
