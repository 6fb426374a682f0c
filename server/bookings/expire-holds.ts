import { transaction, type Transaction } from '#database'
import type { Sweep } from '#jobs'
import type { TimeRange } from '#foundation'
import type { BookingNeeds } from './needs.ts'
import { type BookingRow, findFinished, findLapsed, lockBooking, lockLapsed } from './queries.ts'
import { step, system } from './step.ts'
import { tellCustomer } from './telling/tell.ts'

/** How long a hold whose gateway cannot be asked is kept for the answer, after it ran out; a new customer may take it before. */
const graceMinutes = 3

/**
 * Frees the time of holds that ran out, if they stand in the way of `during`: in the transaction that wants it, so that no
 * sweep needs to have run. One whose payment is being settled right now is locked and skipped: it may be about to be paid.
 */
export async function expireLapsed(
  needs: BookingNeeds,
  tx: Transaction,
  businessId: string,
  resourceIds: string[],
  during: TimeRange,
): Promise<void> {
  const holders = await needs.availability.lapsedHolders(tx, businessId, resourceIds, during)
  if (holders.length === 0) return
  for (const booking of await lockLapsed(tx, businessId, holders)) await expire(needs, tx, booking)
}

async function expire(needs: BookingNeeds, tx: Transaction, booking: BookingRow): Promise<boolean> {
  const expired = await step(needs, tx, booking, 'expired', system)
  if (!expired) return false
  needs.metrics.holdsExpired.inc()
  await needs.availability.release(tx, booking.businessId, booking.id)
  // An unpaid hold just ends; whoever was promised an answer hears that none came.
  if (booking.awaits === 'approval') await tellCustomer(needs, tx, 'booking-cancelled', expired, { by: 'nobody' })
  return true
}

/** Asks the gateway first, then frees: money that arrived in the last moment confirms instead. */
export async function expireHold(needs: BookingNeeds, lapsed: BookingRow): Promise<boolean> {
  const asked = await needs.payments.settleOpen(lapsed.orderId)
  const waited = lapsed.expiresAt ? lapsed.expiresAt.until(lapsed.now).total('minutes') : Infinity
  if (asked === 'still_open' && waited < graceMinutes) return false
  return transaction(needs.database, async (tx) => {
    const booking = await lockBooking(tx, { id: lapsed.id })
    return booking?.lapsed === true && expire(needs, tx, booking)
  })
}

/** What happens to bookings by the passing of time alone. */
export function bookingSweeps(needs: BookingNeeds): Sweep[] {
  const count = async (rows: BookingRow[], each: (row: BookingRow) => Promise<boolean>) => {
    let done = 0
    for (const row of rows) if (await each(row)) done += 1
    return done
  }
  return [
    { name: 'expire-holds', everyMs: 5_000, run: async () => count(await findLapsed(needs.database, 20), (row) => expireHold(needs, row)) },
    {
      name: 'complete-bookings',
      everyMs: 60_000,
      run: async () => count(await findFinished(needs.database, 50), (row) => complete(needs, row)),
    },
  ]
}

function complete(needs: BookingNeeds, finished: BookingRow): Promise<boolean> {
  return transaction(needs.database, async (tx) => {
    const booking = await lockBooking(tx, { id: finished.id })
    return booking?.status === 'confirmed' && (await step(needs, tx, booking, 'completed', system)) !== null
  })
}
