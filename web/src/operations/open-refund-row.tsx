import type { OpenRefund } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'
import { useAge } from './age.ts'
import { amountWords } from './amount-words.ts'
import { BookingLink } from './booking-link.tsx'
import { Fact } from './fact.tsx'
import { boardWords } from './money-words.ts'
import { operatorZone } from './operator-zone.ts'

/** Money that is owed back and has not arrived. */
export function OpenRefundRow({ refund }: { refund: OpenRefund }) {
  const { format, language } = useSpeech()
  const words = boardWords[language]
  const age = useAge()
  const failed = refund.state === 'failed'
  return (
    <li class={`row ${failed ? 'integrity_failure' : ''}`}>
      <div class="row-head">
        <span class={`badge ${failed ? 'refund_failed' : 'refund_due'}`}>{words.refundState[refund.state] ?? refund.state}</span>
        <bdi class="kind">{amountWords(format, refund.amount)}</bdi>
        <BookingLink about={refund} />
      </div>
      <dl class="facts">
        <Fact name={words.age} value={age(refund.ageSeconds)} />
        <Fact name={words.why} value={words.refundReason[refund.reason] ?? refund.reason} />
        <Fact name={words.attempts} value={String(refund.attempts)} />
        <Fact name={words.nextTry} value={refund.nextTryAt && format.stamp(refund.nextTryAt, operatorZone)} />
        <Fact name={words.theirs} value={refund.failureReason} />
      </dl>
    </li>
  )
}
