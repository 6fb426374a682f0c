import { transaction } from '#database'
import { problems as common } from '#http'
import { problems } from './errors.ts'
import type { BookingNeeds } from './needs.ts'
import { type BookingRow, lockBooking } from './queries.ts'
import { type Actor, step } from './step.ts'
import { tellCustomer } from './telling/tell.ts'
import { planReminders } from './telling/tell-in-time.ts'

/**
 * The business says yes to a booking that waits for it; no is a cancellation in its name. Saying it again answers the same.
 * Throws not_found, booking_not_waiting.
 */
export async function approve(needs: BookingNeeds, by: Required<Actor>, bookingId: string): Promise<BookingRow> {
  return transaction(needs.database, async (tx) => {
    const booking = await lockBooking(tx, { id: bookingId })
    if (!booking) throw common.not_found()
    if (booking.awaits === 'approval' && booking.status === 'confirmed') return booking
    if (!mayApprove(booking) || (await needs.availability.book(tx, booking.businessId, booking.id)) === 0)
      throw problems.booking_not_waiting()
    const confirmed = await step(needs, tx, booking, 'confirmed', by)
    if (!confirmed) throw problems.booking_not_waiting()
    await planReminders(needs, tx, confirmed)
    await tellCustomer(needs, tx, 'booking-confirmed', confirmed, {})
    return confirmed
  })
}

export function mayApprove({ status, awaits, lapsed }: Pick<BookingRow, 'status' | 'awaits' | 'lapsed'>): boolean {
  return status === 'held' && awaits === 'approval' && !lapsed
}
