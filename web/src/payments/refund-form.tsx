import { useState } from 'preact/hooks'
import type { BookingMoney, Money } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { Field } from '../interface/field.tsx'
import { keyed } from '../interface/keyed-wish.ts'
import { Trouble } from '../interface/notice.tsx'
import { readAmount } from '../language/read-amount.ts'
import { useSpeech } from '../language/index.tsx'

/** An amount and a reason. Pressed twice, or again after a lost answer, it is the same refund. */
export function RefundForm({ money, onReturned }: { money: BookingMoney; onReturned: (amount: Money) => void }) {
  const { words, format } = useSpeech()
  const { returnable, bookingId } = money
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const amountMinor = readAmount(amount, returnable.currency)
  const amountFits = amountMinor !== null && amountMinor <= returnable.amountMinor
  // Another amount or reason is another wish; so is the same after what was returned before.
  const wish = `refund ${bookingId} after ${money.refunds.length}: ${amountMinor} ${reason.trim()}`

  const send = async () => {
    setTried(true)
    if (!amountFits || !reason.trim()) return
    setBusy(true)
    setError(null)
    try {
      const refund = await keyed(wish, (key) => thabit.refund(key, bookingId, { amountMinor, reason: reason.trim() }))
      onReturned(refund.amount)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void send()
      }}
    >
      <h2>{words.money.refundTitle}</h2>
      <p class="hint">{words.money.refundLead(format.money(returnable))}</p>
      <Field
        label={words.money.amount(returnable.currency)}
        value={amount}
        onValue={setAmount}
        error={tried && !amountFits ? words.money.amountWrong : null}
        type="text"
        inputMode="decimal"
        dir="ltr"
        autocomplete="off"
        maxLength={14}
      />
      <Field
        label={words.money.reason}
        hint={words.money.reasonHint}
        value={reason}
        onValue={setReason}
        error={tried && amountFits && !reason.trim() ? words.money.reasonMissing : null}
        rows={2}
        maxLength={300}
      />
      <Trouble error={error} />
      <Button type="submit" busy={busy}>
        {words.money.refund}
      </Button>
    </form>
  )
}
