import { audit, type AuditEntry, type Transaction } from '#database'
import { type BookingStatus, mayStep } from './booking-states.ts'
import type { BookingNeeds } from './needs.ts'
import { type BookingRow, stepBooking } from './queries.ts'

export type Actor = Pick<AuditEntry, 'actorKind' | 'actorId'>
export const system: Actor = { actorKind: 'system' }

/**
 * Takes one allowed step of the table, with its audit entry, in the caller's transaction. Resolves with the booking as it
 * now is; null when somebody was first. Throws for a step the table does not know: that is a fault of ours.
 */
export async function step(
  needs: Pick<BookingNeeds, 'metrics' | 'log'>,
  tx: Transaction,
  booking: BookingRow,
  to: BookingStatus,
  by: Actor,
  change: Parameters<typeof stepBooking>[3] = {},
  details: Record<string, unknown> = {},
): Promise<BookingRow | null> {
  if (!mayStep(booking.status, to)) throw new Error(`A booking cannot go from ${booking.status} to ${to}.`)
  const stepped = await stepBooking(tx, booking, to, change)
  if (!stepped) return null
  const action = booking.status === to ? 'booking.rescheduled' : `booking.${to}`
  await audit(tx, {
    ...by,
    action,
    subject: 'booking',
    subjectId: booking.id,
    businessId: booking.businessId,
    details: { from: booking.status, version: stepped.version, ...details },
  })
  needs.metrics.bookings.inc({ from: booking.status, to })
  const facts = { event: 'booking', booking: booking.id, from: booking.status, to, version: stepped.version } as const
  tx.afterCommit(async () => needs.log.info(facts, 'A booking moved.'))
  const reschedules = booking.reschedules + (to === booking.status && change.movedByBusiness !== true ? 1 : 0)
  return {
    ...booking,
    status: to,
    version: stepped.version,
    reschedules,
    changedAt: booking.now,
    startsAt: change.startsAt ?? booking.startsAt,
    endsAt: change.endsAt ?? booking.endsAt,
  }
}
