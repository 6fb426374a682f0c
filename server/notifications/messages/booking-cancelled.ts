import { formatMoney, type Locale, type Money } from '#foundation'
import { type BookingWords, momentIn, nameIn, plainly } from './wording.ts'

export interface CancelledWords extends BookingWords {
  /** What the customer gets back; nothing of a payment (0) is said too. Absent: nothing had been paid. */
  refund?: Money
}

export function bookingCancelled(data: CancelledWords, locale: Locale): string {
  const business = nameIn(locale, data.businessName)
  const service = nameIn(locale, data.serviceName)
  const moment = momentIn(locale, data)
  return locale === 'ar'
    ? `أُلغي حجزك لدى ${business}: ${service}، ${moment}. رقم الحجز ${data.reference}.${refundIn(locale, data.refund)}`
    : `Your booking at ${business} is cancelled: ${service}, ${moment}. Reference ${data.reference}.${refundIn(locale, data.refund)}`
}

function refundIn(locale: Locale, refund: Money | undefined): string {
  if (refund === undefined) return ''
  const amount = plainly(formatMoney(refund, locale))
  if (locale === 'ar') return refund.amountMinor > 0 ? ` سيُعاد إليك ${amount} بوسيلة الدفع نفسها.` : ' لا يُسترد مبلغ بحسب سياسة الإلغاء.'
  return refund.amountMinor > 0
    ? ` ${amount} will be returned to the card you paid with.`
    : ' Under the cancellation policy nothing is refunded.'
}
