import type { Locale } from '#foundation'
import { type BookingWords, momentIn, nameIn } from './wording.ts'

export function bookingConfirmed(data: BookingWords, locale: Locale): string {
  const business = nameIn(locale, data.businessName)
  const service = nameIn(locale, data.serviceName)
  const moment = momentIn(locale, data)
  return locale === 'ar'
    ? `تم تأكيد حجزك لدى ${business}: ${service}، ${moment}. رقم الحجز ${data.reference}. نسعد بزيارتك.`
    : `Your booking at ${business} is confirmed: ${service}, ${moment}. Reference ${data.reference}.`
}
