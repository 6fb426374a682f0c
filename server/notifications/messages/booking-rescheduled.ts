import type { Locale } from '#foundation'
import { type BookingWords, momentIn, nameIn } from './wording.ts'

export function bookingRescheduled(data: BookingWords, locale: Locale): string {
  const business = nameIn(locale, data.businessName)
  const service = nameIn(locale, data.serviceName)
  const moment = momentIn(locale, data)
  return locale === 'ar'
    ? `تغيّر موعد حجزك لدى ${business}: ${service}، والموعد الجديد ${moment}. رقم الحجز ${data.reference}.`
    : `Your booking at ${business} has moved: ${service}, now ${moment}. Reference ${data.reference}.`
}
