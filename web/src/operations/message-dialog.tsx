import type { OpsNotification } from '@thabit/sdk'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Button } from '../interface/button.tsx'
import { Field } from '../interface/field.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'
import { consoleWords } from './console-words.ts'

type Props = {
  act: 'redrive' | 'send-by' | 'acknowledge' | 'many'
  /** What the button says. */
  press: string
  /** What may come of it that one should know before. */
  warning?: ComponentChildren
  onDo: (reason: string) => Promise<unknown>
  onClose: () => void
}

/** Says what will happen, asks why where that is kept, and only then does it. */
export function MessageDialog({ act, press, warning, onDo, onClose }: Props) {
  const { language } = useSpeech()
  const words = consoleWords[language]
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const asksWhy = act === 'acknowledge'
  const why = reason.trim()
  useEffect(() => dialog.current?.showModal(), [])
  const send = async () => {
    setTried(true)
    if (asksWhy && !why) return
    setBusy(true)
    setError(null)
    try {
      await onDo(why)
      onClose()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>{words.title[act]}</h2>
      <p>{words.text[act]}</p>
      {warning && <p class="bad-text">{warning}</p>}
      <form
        class="act-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void send()
        }}
      >
        {asksWhy && (
          <Field
            label={words.why}
            hint={words.whyHint}
            value={reason}
            onValue={setReason}
            error={tried && !why ? words.whyMissing : null}
            rows={2}
            maxLength={500}
          />
        )}
        <Trouble error={error} />
        <div class="actions column-actions">
          <Button type="submit" busy={busy}>
            {press}
          </Button>
          <Button kind="quiet" onPress={() => dialog.current?.close()}>
            {words.back}
          </Button>
        </div>
      </form>
    </dialog>
  )
}

/** Whether the attempt before may have gone out all the same. */
export const mayArriveTwice = ({ errorClass, attempts }: OpsNotification): boolean =>
  errorClass === 'ambiguous' || attempts.at(-1)?.result === 'unknown'
