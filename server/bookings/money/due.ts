import { money, type Money } from '#foundation'
import type { PaymentTerms } from '#catalog'
import type { BookingRow } from '../queries.ts'

type Promised = Pick<BookingRow, 'status' | 'lapsed' | 'amountMinor' | 'dueNowMinor' | 'paymentKind' | 'currency'>

/** What was promised when the time was taken; the two parts are the whole price. */
export function promisedTerms({ paymentKind, amountMinor, dueNowMinor, currency }: Promised): PaymentTerms {
  return { kind: paymentKind, dueNow: money(dueNowMinor, currency), dueAtPlace: money(amountMinor - dueNowMinor, currency) }
}

/** What is to be paid now: something only while the time is held for it. */
export function amountDue(booking: Promised): Money {
  return money(booking.status === 'held' && !booking.lapsed ? booking.dueNowMinor : 0, booking.currency)
}

/** What is paid at the place: nothing once nobody comes. */
export function dueAtPlace(booking: Promised): Money {
  const comes = !booking.lapsed && (booking.status === 'held' || booking.status === 'confirmed' || booking.status === 'completed')
  return money(comes ? booking.amountMinor - booking.dueNowMinor : 0, booking.currency)
}
