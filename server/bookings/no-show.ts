import { transaction } from '#database'
import { problems as common } from '#http'
import { problems } from './errors.ts'
import type { BookingNeeds } from './needs.ts'
import { type BookingRow, lockBooking } from './queries.ts'
import { type Actor, step } from './step.ts'

/** So long after its end it can still be said that nobody came. */
const sayableHours = 24

/**
 * Notes in the business's name that the customer did not come; what was paid stays with the business. Noting it again
 * answers the same. Throws not_found, no_show_not_possible.
 */
export async function markNoShow(needs: BookingNeeds, by: Actor, bookingId: string): Promise<BookingRow> {
  return transaction(needs.database, async (tx) => {
    const booking = await lockBooking(tx, { id: bookingId })
    if (!booking) throw common.not_found()
    if (booking.status === 'no_show') return booking
    const missed = mayBeNoShow(booking) && (await step(needs, tx, booking, 'no_show', by))
    if (!missed) throw problems.no_show_not_possible()
    return missed
  })
}

/** From the start, and until a day after the end: a sweep may have completed it by then. */
export function mayBeNoShow({ status, startsAt, endsAt, now }: Pick<BookingRow, 'status' | 'startsAt' | 'endsAt' | 'now'>): boolean {
  if (status !== 'confirmed' && status !== 'completed') return false
  const last = endsAt.add({ hours: sayableHours })
  return Temporal.Instant.compare(startsAt, now) <= 0 && Temporal.Instant.compare(now, last) <= 0
}
