import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { book } from '../../server/bookings/book.ts'
import { cancel } from '../../server/bookings/cancel.ts'
import { pay } from '../../server/bookings/money/pay.ts'
import { type BookingRow, findBooking } from '../../server/bookings/queries.ts'
import { refundBooking } from '../../server/bookings/money/refund.ts'
import { sql } from '../../server/database/index.ts'
import { Problem } from '../../server/foundation/index.ts'
import { type BookingsHouse, startBookingsHouse } from '../support/bookings-house.ts'
import { weakenedDatabase } from '../support/weakened-database.ts'

const businessSlug = 'diriyah-padel'

/** Bookings that were paid for at the gateway. */
async function paidBookings(house: BookingsHouse, count: number, skip: number): Promise<BookingRow[]> {
  const { database, catalog, availability } = house.needs
  const service = await database.row<{ id: string }>(sql`
    select s.id from service s join business b on b.id = s.business_id where b.slug = ${businessSlug} and s.duration_minutes = 60 and s.payment_kind = 'full' and s.approval_hours is null order by s.position limit 1`)
  const offered = await catalog.offeredService(database, { businessSlug, serviceId: service?.id ?? '' })
  assert.ok(offered)
  const today = Temporal.Now.plainDateISO(offered.branch.zone)
  const slots = await availability.findSlots(database, offered, { from: today.add({ days: 4 }), to: today.add({ days: 20 }) })
  const times = slots.filter((_, at) => at % 2 === 0).slice(skip, skip + count)
  return Promise.all(
    times.map(async ({ startsAt }) => {
      const who = { accountId: await house.newCustomer(), locale: 'ar' as const }
      const held = await book(house.needs, who, { businessSlug, serviceId: offered.service.id, startsAt }, randomUUID())
      const payment = await pay(house.needs, who, held.id, randomUUID())
      const body = JSON.stringify({ redirectUrl: payment.redirectUrl })
      await fetch(`${house.simulatorsUrl}/play/moyasar`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      await house.payments.settle(payment.id, 'webhook')
      const confirmed = await findBooking(database, held.id)
      assert.equal(confirmed?.status, 'confirmed')
      return confirmed
    }),
  )
}

function codeOf(error: unknown): string {
  if (error instanceof Problem) return error.code
  return `fault: ${String(error)}`
}

/** Two who give most of it back and the customer who cancels, all at once, for every booking. */
async function raceForMoney(house: BookingsHouse, bookings: BookingRow[]) {
  const owner = { actorKind: 'staff', actorId: await house.newCustomer() } as const
  const soon = () => sleep(Math.random() * 5)
  const said: Record<string, number> = {}
  await Promise.all(
    bookings.flatMap((booking) => {
      const most = Math.ceil(booking.dueNowMinor * 0.6)
      const refund = async () => {
        await soon()
        await refundBooking(house.needs, owner, booking.id, { amountMinor: most, reason: 'late' }, randomUUID())
        return 'refunded'
      }
      const cancelled = async () => {
        await soon()
        await cancel(house.needs, booking.accountId, booking.id, undefined)
        return 'cancelled'
      }
      return [refund, refund, cancelled].map(async (act) => {
        const outcome = await act().catch(codeOf)
        said[outcome] = (said[outcome] ?? 0) + 1
      })
    }),
  )
  const rows = await house.needs.database.rows<{ paid: number; owed: number }>(sql`
    select p.amount_minor as paid, coalesce(sum(r.amount_minor), 0)::bigint as owed
    from payment p left join refund r on r.payment_id = p.id where p.payable_id = any(${bookings.map(({ orderId }) => orderId)}::uuid[]) group by p.id`)
  return {
    said,
    tooMuch: rows.filter(({ paid, owed }) => owed > paid).length,
    whole: rows.filter(({ paid, owed }) => owed === paid).length,
    payments: rows.length,
  }
}

test('however many give money back at once, it is never more than was paid', async (t) => {
  const house = await startBookingsHouse(t, { poolSize: 60 })
  const guarded = await raceForMoney(house, await paidBookings(house, 15, 0))
  t.diagnostic(`with the locks: ${JSON.stringify(guarded)}`)
  assert.deepEqual([guarded.payments, guarded.tooMuch], [15, 0])
  assert.deepEqual(
    Object.keys(guarded.said).filter(
      (outcome) => !['refunded', 'cancelled', 'refund_too_large', 'booking_not_refundable'].includes(outcome),
    ),
    [],
  )
  assert.equal(guarded.said['cancelled'], 15)
  assert.equal(guarded.whole, 15, 'the cancellation gives back whatever the refunds had left')

  const weak = house.weaken((database) => weakenedDatabase(database, (statement) => statement.replace(/ for update( of b)?$/, '')))
  let tooMuch = 0
  for (const round of [1, 2, 3]) {
    const unguarded = await raceForMoney(weak, await paidBookings(house, 15, 20 * round))
    t.diagnostic(`without them: ${JSON.stringify(unguarded)}`)
    tooMuch += unguarded.tooMuch
    if (tooMuch > 0) break
  }
  assert.ok(tooMuch > 0, 'without the locks more is given back than was paid')
})

test('the same wish, sent ten times at once, returns money once', async (t) => {
  const house = await startBookingsHouse(t, { poolSize: 20 })
  const [booking] = await paidBookings(house, 1, 0)
  assert.ok(booking)
  const owner = { actorKind: 'staff', actorId: await house.newCustomer() } as const
  const key = randomUUID()
  const wish = () => refundBooking(house.needs, owner, booking.id, { amountMinor: 1_000, reason: 'late' }, key)
  const ids = await Promise.all(Array.from({ length: 10 }, wish))
  assert.equal(new Set(ids).size, 1)
  const other = await refundBooking(
    house.needs,
    { ...owner, actorId: await house.newCustomer() },
    booking.id,
    { amountMinor: 1_000, reason: 'late' },
    key,
  )
  assert.notEqual(other, ids[0], 'another person’s key is another wish')
  assert.equal((await house.payments.moneyOf(house.needs.database, booking.orderId, booking.currency)).refundDue.amountMinor, 2_000)
})
