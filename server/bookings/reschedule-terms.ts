import type { Text } from '#foundation'
import type { BookingStatus } from './booking-states.ts'
import { hours, times } from './count-words.ts'

/** What the order promised about moving, and where the booking stands. */
interface Movable {
  status: BookingStatus
  startsAt: Temporal.Instant
  now: Temporal.Instant
  /** How often it was moved. */
  reschedules: number
  /** Null: as often as wanted. */
  freeReschedules: number | null
  rescheduleHoursBefore: number
}

export interface RescheduleRefusal {
  reason: 'not_confirmed' | 'started' | 'used_up' | 'too_late'
  why: Text
}

/** Why a booking may not be moved by its customer now; null when it may. By the promise of its order, whatever the business changed since. */
export function rescheduleRefusal(booking: Movable): RescheduleRefusal | null {
  if (booking.status !== 'confirmed')
    return { reason: 'not_confirmed', why: { ar: 'يمكن تغيير موعد الحجز المؤكد فقط.', en: 'Only a confirmed booking can be moved.' } }
  if (Temporal.Instant.compare(booking.startsAt, booking.now) <= 0)
    return { reason: 'started', why: { ar: 'بدأ الموعد.', en: 'The appointment has begun.' } }
  const { freeReschedules: free, rescheduleHoursBefore: before } = booking
  if (free !== null && booking.reschedules >= free) {
    if (free === 0)
      return { reason: 'used_up', why: { ar: 'لا تتيح المنشأة تغيير الموعد.', en: 'The business does not let bookings be moved.' } }
    const often = times(free)
    return {
      reason: 'used_up',
      why: {
        ar: `تتيح المنشأة تغيير الموعد ${often.ar}، وقد استُخدمت.`,
        en: `The business lets a booking be moved ${often.en}, and it was.`,
      },
    }
  }
  if (booking.now.until(booking.startsAt).total('hours') < before) {
    const limit = hours(before)
    return {
      reason: 'too_late',
      why: { ar: `يمكن تغيير الموعد حتى ${limit.ar} قبل بدايته.`, en: `A booking can be moved up to ${limit.en} before it starts.` },
    }
  }
  return null
}

/** As its business moves it: no promise made to the customer about moving binds it. */
export function asTheBusiness<Booking extends Movable>(booking: Booking): Booking {
  return { ...booking, freeReschedules: null, rescheduleHoursBefore: 0 }
}

/** How often it may still be moved; null: as often as wanted. */
export function reschedulesLeft({ freeReschedules, reschedules }: Pick<Movable, 'freeReschedules' | 'reschedules'>): number | null {
  return freeReschedules === null ? null : Math.max(0, freeReschedules - reschedules)
}
