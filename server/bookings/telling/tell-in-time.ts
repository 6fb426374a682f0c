import { transaction, type Transaction } from '#database'
import type { Sweep } from '#jobs'
import { findToTell, lockToTell, setTellAt } from './message-queries.ts'
import type { BookingNeeds } from '../needs.ts'
import { type BookingRow, findBooking } from '../queries.ts'
import { nextReminder, reminderDue } from './reminder-times.ts'
import { tellCustomer } from './tell.ts'

/** A hold shorter than this is over before a message about its end would be read. */
const leastHoldMinutes = 8

/** When the customer of a fresh hold is told that it is about to end; null: never. */
export function holdEndingAt(
  { createdAt, expiresAt }: Pick<BookingRow, 'createdAt' | 'expiresAt'>,
  endingMinutes: number,
): Temporal.Instant | null {
  if (endingMinutes === 0 || !expiresAt || createdAt.until(expiresAt).total('minutes') < leastHoldMinutes) return null
  return expiresAt.subtract({ minutes: endingMinutes })
}

/** Notes when this confirmed booking's customer is next reminded, by the choice of the business. In the transaction that confirms or moves it. */
export async function planReminders(needs: BookingNeeds, tx: Transaction, { id, businessId, startsAt, now }: BookingRow): Promise<void> {
  const { reminderMinutes } = await needs.notifications.choiceOf(tx, businessId)
  await setTellAt(tx, id, nextReminder(startsAt, reminderMinutes, now))
}

/**
 * Tells what is to be told by the passing of time. Never scheduled at a vendor: each message is promised when its moment has come,
 * under the booking's lock, so that a booking that was moved or cancelled meanwhile says nothing and two processes say nothing twice.
 */
export function tellInTime(needs: BookingNeeds): Sweep {
  return {
    name: 'tell-in-time',
    everyMs: 10_000,
    async run() {
      let told = 0
      for (const id of await findToTell(needs.database, 50)) if (await tellOne(needs, id)) told += 1
      return told
    },
  }
}

function tellOne(needs: BookingNeeds, id: string): Promise<boolean> {
  return transaction(needs.database, async (tx) => {
    if (!(await lockToTell(tx, id))) return false
    const booking = await findBooking(tx, id)
    if (!booking) return false
    if (booking.status === 'held') await tellOfEnd(needs, tx, booking)
    else await remind(needs, tx, booking)
    return true
  })
}

async function tellOfEnd(needs: BookingNeeds, tx: Transaction, booking: BookingRow): Promise<void> {
  const { expiresAt } = booking
  if (expiresAt && !booking.lapsed)
    await tellCustomer(needs, tx, 'hold-ending', booking, { until: expiresAt.toString() }, { notAfter: expiresAt })
  await setTellAt(tx, booking.id, null)
}

async function remind(needs: BookingNeeds, tx: Transaction, booking: BookingRow): Promise<void> {
  const { reminderMinutes } = await needs.notifications.choiceOf(tx, booking.businessId)
  const minutes = reminderDue(booking, reminderMinutes)
  if (minutes !== null)
    await tellCustomer(needs, tx, 'booking-reminder', booking, {}, { occasion: String(minutes), notAfter: booking.startsAt })
  await setTellAt(tx, booking.id, nextReminder(booking.startsAt, reminderMinutes, booking.now))
}
