import type { Queryable } from '#database'
import type { NotificationKind } from '#notifications'
import type { BookingStatus } from '../booking-states.ts'
import type { BookingNeeds } from '../needs.ts'
import { type BookingRow, findBooking } from '../queries.ts'

export interface Told {
  aboutId: string
  kind: string
  version: number
  occasion: string
}

/** Why a message is not sent any more; also what its reader is shown, so it is one word. */
export type Untrue = 'booking_gone' | `booking_${BookingStatus}` | 'booking_moved' | 'booking_begun' | 'hold_over' | 'refund_undone'

type Check = (needs: BookingNeeds, booking: BookingRow, told: Told) => Promise<Untrue | null> | Untrue | null

/** In one of these, and as it was when the message was promised. */
const standsAs =
  (...statuses: BookingStatus[]): Check =>
  (_needs, { status, version }, told) => {
    if (!statuses.includes(status)) return `booking_${status}`
    return version === told.version ? null : 'booking_moved'
  }

const confirmed = standsAs('confirmed')
// A visit that ended meanwhile makes the version another; a receipt is still true.
const paidFor: Check = (_needs, { status }) => (status === 'cancelled' || status === 'expired' ? `booking_${status}` : null)
const cancelled = standsAs('cancelled', 'expired')

const waiting: Check = (needs, booking, told) => {
  if (booking.status !== 'held') return `booking_${booking.status}`
  if (booking.lapsed) return 'hold_over'
  return standsAs('held')(needs, booking, told)
}

const beforeStart: Check = (needs, booking, told) =>
  Temporal.Instant.compare(booking.startsAt, booking.now) <= 0 ? 'booking_begun' : confirmed(needs, booking, told)

const returned: Check = async (needs, { orderId, currency }, { occasion }) => {
  const { refunds } = await needs.payments.moneyOf(needs.database, orderId, currency)
  return refunds.some(({ id, state }) => id === occasion && state === 'refunded') ? null : 'refund_undone'
}

/** What each message says of the booking, asked again at the moment of sending; a kind missing here does not compile. A canary is about no booking. */
const checks: Record<Exclude<NotificationKind, 'canary'>, Check> = {
  'booking-confirmed': confirmed,
  'payment-received': paidFor,
  'payment-applied-late': confirmed,
  'refund-made': returned,
  'booking-reminder': beforeStart,
  'booking-rescheduled': confirmed,
  'booking-cancelled': cancelled,
  'hold-ending': waiting,
  'booking-waiting': waiting,
  'staff-booking-new': standsAs('held', 'confirmed'),
  'staff-booking-changed': confirmed,
  'staff-booking-cancelled': cancelled,
  'visit-again': standsAs('completed'),
}

/** Whether what a message says still holds: null, or the reason it ends SKIPPED. */
export async function stillHolds(needs: BookingNeeds, db: Queryable, told: Told): Promise<Untrue | null> {
  const booking = await findBooking(db, told.aboutId)
  if (!booking) return 'booking_gone'
  const check = (checks as Record<string, Check | undefined>)[told.kind]
  if (!check) throw new Error(`Nobody knows when a message of the kind ${told.kind} holds.`)
  return check(needs, booking, told)
}
