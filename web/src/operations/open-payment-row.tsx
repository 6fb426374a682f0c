import { useState } from 'preact/hooks'
import type { OpenPayment } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { Trouble } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'
import { useAge } from './age.ts'
import { BookingLink } from './booking-link.tsx'
import { Fact } from './fact.tsx'
import { boardWords } from './money-words.ts'
import { operatorZone } from './operator-zone.ts'

/** A payment whose end is not known: how long, and what the gateway was asked and answered. */
export function OpenPaymentRow({ payment, onChange }: { payment: OpenPayment; onChange: () => void }) {
  const { words: all, format, language } = useSpeech()
  const words = boardWords[language]
  const age = useAge()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const settle = async () => {
    setBusy(true)
    setError(null)
    try {
      await thabit.settle(payment.id)
      onChange()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <li class={`row ${payment.state}`}>
      <div class="row-head">
        <span class={`badge ${payment.state}`}>{all.ops.paymentState[payment.state] ?? payment.state}</span>
        <bdi class="kind">{format.money(payment.amount)}</bdi>
        <BookingLink about={payment} />
      </div>
      <dl class="facts">
        <Fact name={words.age} value={age(payment.ageSeconds)} />
        <Fact name={all.ops.checks} value={String(payment.checks)} />
        <Fact name={all.ops.nextCheck} value={payment.nextCheckAt && format.stamp(payment.nextCheckAt, operatorZone)} />
        <Fact name={words.why} value={payment.failureReason} />
      </dl>
      <details>
        <summary>
          {words.asked} ({payment.asked.length})
        </summary>
        {payment.asked.length === 0 && <p class="faint">{words.neverAsked}</p>}
        <ol class="attempts">
          {payment.asked.map((one) => (
            <li key={one.askedAt}>
              <bdi>{format.stamp(one.askedAt, operatorZone)}</bdi>
              <span class="block">
                {words.via[one.via] ?? one.via}: <strong>{words.answer[one.answer] ?? one.answer}</strong>
                {one.errorType && (
                  <>
                    {' '}
                    <bdi dir="ltr">({one.errorType})</bdi>
                  </>
                )}
              </span>
            </li>
          ))}
        </ol>
      </details>
      <Trouble error={error} />
      <div class="acts">
        <Button kind="quiet" busy={busy} onPress={() => void settle()}>
          {all.ops.settle}
        </Button>
      </div>
    </li>
  )
}
