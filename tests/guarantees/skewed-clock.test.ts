import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { book } from '../../server/bookings/book.ts'
import { cancel, cancelPreview } from '../../server/bookings/cancel.ts'
import { pay } from '../../server/bookings/money/pay.ts'
import { sql } from '../../server/database/index.ts'
import { type BookingsHouse, startBookingsHouse } from '../support/bookings-house.ts'
import { weakenedDatabase } from '../support/weakened-database.ts'

const businessSlug = 'diriyah-padel'
const skewMs = 30 * 60 * 60_000

/** Puts the clock of this process, which is a server's here, ahead of the database's. */
function skewServerClock(t: TestContext): () => void {
  const [date, instant] = [Date.now, Temporal.Now.instant]
  const back = () => void Object.assign((Date.now = date) && Temporal.Now, { instant })
  t.after(back)
  Date.now = () => date() + skewMs
  Temporal.Now.instant = () => instant().add({ milliseconds: skewMs })
  return back
}

/** Paid, begins 25 hours from now by the database: whole until 24 hours before, nothing after. */
async function paidForTomorrow(house: BookingsHouse, skip: number) {
  const { database, catalog, availability } = house.needs
  const service = await database.row<{ id: string }>(sql`
    select s.id from service s join business b on b.id = s.business_id where b.slug = ${businessSlug} and s.duration_minutes = 60 and s.payment_kind = 'full' and s.approval_hours is null order by s.position limit 1`)
  const offered = await catalog.offeredService(database, { businessSlug, serviceId: service?.id ?? '' })
  assert.ok(offered)
  const today = Temporal.Now.plainDateISO(offered.branch.zone)
  const slots = await availability.findSlots(database, offered, { from: today.add({ days: 4 }), to: today.add({ days: 9 }) })
  const who = { accountId: await house.newCustomer(), locale: 'ar' as const }
  const held = await book(
    house.needs,
    who,
    { businessSlug, serviceId: offered.service.id, startsAt: slots[skip * 2]!.startsAt },
    randomUUID(),
  )
  const payment = await pay(house.needs, who, held.id, randomUUID())
  const body = JSON.stringify({ redirectUrl: payment.redirectUrl })
  await fetch(`${house.simulatorsUrl}/play/moyasar`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  await house.payments.settle(payment.id, 'webhook')
  await database.run(
    sql`update booking set starts_at = clock_timestamp() + interval '25 hours', ends_at = clock_timestamp() + interval '26 hours' where id = ${held.id}`,
  )
  await database.run(sql`update customer_order set cancellation = '[{"hoursBefore": 24, "refundPercent": 100}]' where id = ${held.orderId}`)
  return { ...held, accountId: who.accountId }
}

test('what a cancellation gives back is decided by the database’s clock, whatever the server’s says, and stands with what decided it', async (t) => {
  const house = await startBookingsHouse(t)
  const booking = await paidForTomorrow(house, 0)
  const other = await paidForTomorrow(house, 1)
  const back = skewServerClock(t)
  assert.ok(Temporal.Now.instant().epochMilliseconds > booking.now.epochMilliseconds + skewMs / 2, 'the server is a day ahead')
  assert.equal((await cancelPreview(house.needs, booking.accountId, booking.id)).refundPercent, 100)
  await cancel(house.needs, booking.accountId, booking.id, undefined)

  // A house that asks its own clock instead.
  const weak = house.weaken((database) =>
    weakenedDatabase(database, (statement) =>
      statement.replaceAll('clock_timestamp() as now', `timestamptz '${Temporal.Now.instant().toString()}' as now`),
    ),
  )
  await assert.rejects(cancel(weak.needs, other.accountId, other.id, undefined), /cancel/, 'to it the appointment is over')
  back()

  const { refundDue, paid } = await house.payments.moneyOf(house.needs.database, booking.orderId, booking.currency)
  assert.ok(paid.amountMinor > 0)
  assert.deepEqual(refundDue, paid)
  const audit = await house.needs.database.row<{ details: Record<string, string> }>(
    sql`select details from audit_entry where subject_id = ${booking.id} and action = 'booking.cancelled'`,
  )
  const { decidedAt = '', startsAt = '', refundPercent, policy } = audit?.details ?? {}
  const hours = Temporal.Instant.from(decidedAt).until(Temporal.Instant.from(startsAt)).total('hours')
  assert.ok(hours > 24 && hours < 25.1, `${hours} h`)
  assert.deepEqual([refundPercent, policy], [100, [{ hoursBefore: 24, refundPercent: 100 }]])
})
