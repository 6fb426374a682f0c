import type { BookingPayment } from '@thabit/sdk'
import { Notice } from '../interface/notice.tsx'
import { useSpeech } from '../language/index.tsx'

/** Where the money is after a cancellation or a payment that came too late. */
export function RefundLine({ payment }: { payment: BookingPayment | null }) {
  const { words, format } = useSpeech()
  if (!payment?.refunded || payment.refunded.amountMinor === 0) return null
  const amount = format.money(payment.refunded)
  if (payment.status === 'refunded') {
    return (
      <Notice tone="good">
        <p>{words.refundDone(amount)}</p>
      </Notice>
    )
  }
  const trouble = payment.status === 'refund_failed'
  return (
    <Notice tone={trouble ? 'warning' : 'info'}>
      <p>{trouble ? words.refundTrouble(amount) : words.refundComing(amount)}</p>
    </Notice>
  )
}
