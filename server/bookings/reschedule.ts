import { type Queryable, transaction } from '#database'
import { problems as common } from '#http'
import { alternatives } from './book.ts'
import { problems } from './errors.ts'
import { expireLapsed } from './expire-holds.ts'
import type { BookingNeeds } from './needs.ts'
import { type BookingRow, findBooking, lockBooking } from './queries.ts'
import { asTheBusiness, rescheduleRefusal } from './reschedule-terms.ts'
import { type Actor, step } from './step.ts'
import { tellCustomer, tellStaff } from './telling/tell.ts'
import { planReminders } from './telling/tell-in-time.ts'

class TimeTaken extends Error {}

interface Place {
  startsAt: Temporal.Instant
  resourceId?: string | undefined
}

/** In whose name a booking is moved. */
interface Mover {
  by: Required<Actor>
  side: 'customer' | 'business'
  mayTouch(booking: BookingRow): boolean
}

/**
 * Moves a confirmed booking to another time; its order and money stay as they are: a price does not depend on the
 * time, so there is no difference to settle. The old time is given back and the new one taken in one transaction; moving to
 * where it is answers the same and counts for nothing. Throws not_found, booking_not_reschedulable, slot_not_offered, slot_taken.
 */
export function reschedule(needs: BookingNeeds, accountId: string, bookingId: string, ask: Place): Promise<BookingRow> {
  const by = { actorKind: 'customer', actorId: accountId } as const
  return rescheduleAs(needs, { by, side: 'customer', mayTouch: (booking) => booking.accountId === accountId }, bookingId, ask)
}

/** The same in the business's name: no promise about moving binds it, and none of the customer's moves is used up. The caller has shown that they may. */
export function rescheduleByBusiness(needs: BookingNeeds, by: Required<Actor>, bookingId: string, ask: Place): Promise<BookingRow> {
  return rescheduleAs(needs, { by, side: 'business', mayTouch: () => true }, bookingId, ask)
}

async function rescheduleAs(needs: BookingNeeds, as: Mover, bookingId: string, ask: Place): Promise<BookingRow> {
  const { database, catalog, availability } = needs
  const booking = await findBooking(database, bookingId)
  if (!booking || !as.mayTouch(booking)) throw common.not_found()
  if (booking.status === 'confirmed' && (await isThere(needs, database, booking, ask))) return booking
  refuse(as, booking)
  const offered = await catalog.offeredService(database, { businessId: booking.businessId, serviceId: booking.serviceId })
  if (!offered) throw problems.booking_not_reschedulable()
  if (!(await availability.isOffered(database, offered, ask.startsAt, ask.resourceId)))
    throw problems.slot_not_offered({ alternatives: await alternatives(needs, offered, ask) })

  const assignments = await availability.candidates(database, offered, ask.startsAt, ask.resourceId, booking.id)
  const during = availability.claimRange(offered, ask.startsAt)
  const { businessId, id } = booking
  const move = () =>
    transaction(
      database,
      async (tx) => {
        const current = await lockBooking(tx, { id })
        if (!current) throw common.not_found()
        const before = (await availability.claimsOf(tx, [{ businessId, holderId: id }])).get(id)
        if (current.status === 'confirmed' && isAt(current, before, ask)) return current
        refuse(as, current)
        // In id order, before any claim is touched: two people who swap their times wait for each other instead of deadlocking.
        await availability.lockResources(tx, businessId, [...new Set([...(before?.resourceIds ?? []), ...assignments.flat()])])
        await availability.release(tx, businessId, id)
        let taken: string[] | undefined
        for (const resourceIds of assignments) {
          await expireLapsed(needs, tx, businessId, resourceIds, during)
          if (!(await availability.claim(tx, { businessId, holderId: id, resourceIds, during, heldUntil: null }))) continue
          taken = resourceIds
          break
        }
        if (!taken) throw new TimeTaken()
        const endsAt = ask.startsAt.add({ minutes: offered.service.durationMinutes })
        const moved = await step(
          needs,
          tx,
          current,
          'confirmed',
          as.by,
          { startsAt: ask.startsAt, endsAt, movedByBusiness: as.side === 'business' },
          { was: current.startsAt.toString(), resourceIds: taken },
        )
        if (!moved) throw problems.booking_not_reschedulable()
        await planReminders(needs, tx, moved)
        await tellCustomer(needs, tx, 'booking-rescheduled', moved, { by: as.side })
        await tellStaff(needs, tx, 'staff-booking-changed', moved, { was: current.startsAt.toString() }, as.by.actorId)
        return moved
      },
      (sqlstate) => needs.metrics.transactionRetries.inc({ sqlstate }),
    )
  try {
    return await move()
  } catch (error) {
    if (!(error instanceof TimeTaken)) throw error
    needs.metrics.conflicts.inc()
    throw problems.slot_taken({ alternatives: await alternatives(needs, offered, ask) })
  }
}

/** Throws booking_not_reschedulable with the reason, as a word and in sentences. */
function refuse({ side }: Mover, booking: BookingRow): void {
  const refusal = rescheduleRefusal(side === 'customer' ? booking : asTheBusiness(booking))
  if (refusal) throw problems.booking_not_reschedulable({ ...refusal })
}

async function isThere(needs: BookingNeeds, db: Queryable, booking: BookingRow, ask: Place): Promise<boolean> {
  const holder = { businessId: booking.businessId, holderId: booking.id }
  return isAt(booking, (await needs.availability.claimsOf(db, [holder])).get(booking.id), ask)
}

function isAt(booking: BookingRow, claimed: { resourceIds: string[] } | undefined, { startsAt, resourceId }: Place): boolean {
  return (
    claimed !== undefined && booking.startsAt.equals(startsAt) && (resourceId === undefined || claimed.resourceIds.includes(resourceId))
  )
}
