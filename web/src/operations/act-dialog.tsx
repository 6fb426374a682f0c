import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { Field } from '../interface/field.tsx'
import { keyed } from '../interface/keyed-wish.ts'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'
import { readAmount } from '../language/read-amount.ts'
import { boardWords } from './money-words.ts'

export type Act = 'adopt' | 'refund' | 'write_off' | 'payment'

type Props = {
  act: Act
  /** Of the difference, or of the payment for `payment`. */
  id: string
  currency?: string
  onClose: () => void
  onDone: () => void
}

/** Says what will happen, asks why, and only then does it. Pressed twice, or after a lost answer, it is the same act. */
export function ActDialog({ act, id, currency, onClose, onDone }: Props) {
  const { language } = useSpeech()
  const words = boardWords[language]
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [reason, setReason] = useState('')
  const [reference, setReference] = useState('')
  const [amount, setAmount] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const why = reason.trim()
  const amountMinor = amount.trim() && currency ? readAmount(amount, currency) : undefined
  useEffect(() => dialog.current?.showModal(), [])

  const send = async () => {
    setTried(true)
    if (!why || amountMinor === null) return
    setBusy(true)
    setError(null)
    const bookingReference = reference.trim()
    try {
      await keyed(`${act} ${id} ${amountMinor ?? ''} ${bookingReference} ${why}`, async (key): Promise<unknown> => {
        if (act === 'adopt') return thabit.adoptDifference(key, id, { reason: why, ...(bookingReference && { bookingReference }) })
        if (act === 'refund') return thabit.refundDifference(key, id, { reason: why })
        if (act === 'write_off') return thabit.writeOffDifference(key, id, { reason: why })
        return thabit.refundPayment(key, id, { reason: why, ...(amountMinor !== undefined && { amountMinor }) })
      })
      onDone()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>{words.actTitle[act]}</h2>
      <p>{words.actText[act]}</p>
      <form
        class="act-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void send()
        }}
      >
        {act === 'adopt' && (
          <Field
            label={words.reference}
            hint={words.referenceHint}
            value={reference}
            onValue={setReference}
            optional
            dir="ltr"
            autocomplete="off"
            maxLength={40}
          />
        )}
        {act === 'payment' && (
          <Field
            label={words.amount}
            hint={words.amountHint}
            value={amount}
            onValue={setAmount}
            error={tried && amountMinor === null ? words.amountWrong : null}
            optional
            inputMode="decimal"
            dir="ltr"
            autocomplete="off"
            maxLength={14}
          />
        )}
        <Field
          label={words.reason}
          hint={words.reasonHint}
          value={reason}
          onValue={setReason}
          error={tried && !why ? words.reasonMissing : null}
          rows={2}
          maxLength={500}
        />
        <Trouble error={error} />
        <div class="actions column-actions">
          <Button kind={act === 'adopt' ? 'primary' : 'danger'} type="submit" busy={busy}>
            {act === 'payment' ? words.giveBack : words.acts[act]}
          </Button>
          <Button kind="quiet" onPress={() => dialog.current?.close()}>
            {words.back}
          </Button>
        </div>
      </form>
    </dialog>
  )
}
