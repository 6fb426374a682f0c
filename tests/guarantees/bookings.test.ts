import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Slot } from '../../server/availability/index.ts'
import { book } from '../../server/bookings/book.ts'
import { cancel } from '../../server/bookings/cancel.ts'
import { expireHold } from '../../server/bookings/expire-holds.ts'
import { pay } from '../../server/bookings/pay.ts'
import { type BookingRow, findBooking, findLapsed } from '../../server/bookings/queries.ts'
import { reschedule } from '../../server/bookings/reschedule.ts'
import type { OfferedService } from '../../server/catalog/index.ts'
import { sql } from '../../server/database/index.ts'
import { Problem } from '../../server/foundation/index.ts'
import { type BookingsHouse, counted, startBookingsHouse } from '../support/bookings-house.ts'
import { weakenedDatabase } from '../support/weakened-database.ts'

const businessSlug = 'diriyah-padel'

async function courts(house: BookingsHouse): Promise<{ offered: OfferedService; slots: Slot[] }> {
  const { database, catalog, availability } = house.needs
  const service = await database.row<{ id: string }>(
    sql`select s.id from service s join business b on b.id = s.business_id where b.slug = ${businessSlug} and s.duration_minutes = 60`,
  )
  const offered = await catalog.offeredService(database, { businessSlug, serviceId: service?.id ?? '' })
  assert.ok(offered)
  const today = Temporal.Now.plainDateISO(offered.branch.zone)
  const slots = await availability.findSlots(database, offered, { from: today.add({ days: 1 }), to: today.add({ days: 20 }) })
  return { offered, slots: slots.filter((_, at) => at % 2 === 0) }
}

/** A hold of the customer's own, paid for by nobody yet; or, with `confirmed`, as if it had been. */
async function bookingAt(house: BookingsHouse, offered: OfferedService, slot: Slot, as: 'held' | 'confirmed', resourceId?: string): Promise<BookingRow> {
  const accountId = await house.newCustomer()
  const ask = { businessSlug, serviceId: offered.service.id, startsAt: slot.startsAt, resourceId }
  const booking = await book(house.needs, { accountId, locale: 'ar' }, ask, randomUUID())
  if (as === 'held') return booking
  await house.needs.database.run(sql`update booking set status = 'confirmed', version = version + 1, expires_at = null where id = ${booking.id}`)
  await house.needs.database.run(sql`update claim set state = 'booked', held_until = null where holder_id = ${booking.id}`)
  const confirmed = await findBooking(house.needs.database, booking.id)
  assert.ok(confirmed)
  return confirmed
}

/** Every promise about time, asked of the database itself. */
async function faultsOfTime(house: BookingsHouse): Promise<Record<string, number>> {
  const row = await house.needs.database.row<Record<string, number>>(sql`select
    (select count(*) from claim a join claim b on a.business_id = b.business_id and a.resource_id = b.resource_id and a.id < b.id and a.during && b.during
      where a.state in ('held', 'booked') and b.state in ('held', 'booked')) as overlaps,
    (select count(*) from booking b where b.status = 'confirmed' and (select count(*) from claim c where c.holder_id = b.id and c.state = 'booked' and lower(c.during) = b.starts_at) <> 1) as confirmed_without_time,
    (select count(*) from claim c join booking b on b.id = c.holder_id where c.state in ('held', 'booked') and b.status in ('cancelled', 'expired')) as time_without_booking`)
  return row ?? {}
}
const none = { overlaps: 0, confirmedWithoutTime: 0, timeWithoutBooking: 0 }

function refusedWith(...codes: string[]) {
  return (error: unknown) => {
    if (error instanceof Problem && codes.includes(error.code)) return error.code
    throw error
  }
}

/** Everyone moves onto time that others are giving up at that very moment. */
async function moveEveryone(house: BookingsHouse, bookings: BookingRow[], targets: Slot[], offered: OfferedService, rounds: number) {
  const resources = offered.service.requirements[0]?.resources.map(({ id }) => id) ?? []
  const tookMs: number[] = []
  let moved = 0
  for (let round = 1; round <= rounds; round++) {
    await Promise.all(
      bookings.map(async (booking, at) => {
        const target = targets[(at + round * 7) % targets.length]!
        const resourceId = resources[(at * 3 + round) % resources.length]!
        const started = performance.now()
        const outcome = await reschedule(house.needs, booking.accountId, booking.id, { startsAt: target.startsAt, resourceId }).catch(refusedWith('slot_taken'))
        tookMs.push(performance.now() - started)
        if (typeof outcome !== 'string') moved += 1
      }),
    )
  }
  tookMs.sort((a, b) => a - b)
  return { attempts: tookMs.length, moved, retries: await counted(house.needs.metrics.transactionRetries), p50Ms: Math.round(tookMs[tookMs.length >> 1] ?? 0), p99Ms: Math.round(tookMs[Math.floor(tookMs.length * 0.99)] ?? 0) }
}

test('people who swap their times never meet in a deadlock and never overlap', async (t) => {
  const house = await startBookingsHouse(t, { poolSize: 40 })
  const { offered, slots } = await courts(house)
  const targets = slots.slice(0, 12)
  const bookings = await Promise.all(targets.flatMap((slot) => [0, 1].map(() => bookingAt(house, offered, slot, 'confirmed'))))

  const guarded = await moveEveryone(house, bookings, targets, offered, 6)
  t.diagnostic(`with the lock on resources: ${JSON.stringify(guarded)}`)
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none)
  assert.equal(guarded.retries, 0, 'no deadlock, not even one that a second run healed')
  assert.ok(guarded.moved > 0 && guarded.moved < guarded.attempts, 'some moved and some met taken time, or nothing was contested')

  const unlocked = house.weaken((database) => database)
  unlocked.needs.availability = { ...unlocked.needs.availability, lockResources: async () => {} }
  const unguarded = await moveEveryone(unlocked, bookings, targets, offered, 6).catch((error: unknown) => ({ retries: 1, ended: String(error) }))
  t.diagnostic(`without it: ${JSON.stringify(unguarded)}`)
  assert.ok(unguarded.retries > 0, 'without the lock the same swaps deadlock')
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none, 'the constraint holds even so')
})

/** Both buttons at once, for each booking; how many were cancelled to the customer's face and stand confirmed all the same. */
async function cancelAgainstReschedule(house: BookingsHouse, offered: OfferedService, from: Slot[], to: Slot[]) {
  let cancelled = 0
  let moved = 0
  let lost = 0
  for (const [at, slot] of from.entries()) {
    const booking = await bookingAt(house, offered, slot, 'confirmed')
    const [first, second] = await Promise.all([
      cancel(house.needs, booking.accountId, booking.id, undefined).catch(refusedWith('booking_not_cancellable')),
      reschedule(house.needs, booking.accountId, booking.id, { startsAt: to[at]!.startsAt }).catch(refusedWith('booking_not_reschedulable', 'slot_taken')),
    ])
    const now = await findBooking(house.needs.database, booking.id)
    if (typeof first !== 'string') cancelled += 1
    if (typeof second !== 'string') moved += 1
    if (typeof first !== 'string' && now?.status !== 'cancelled') lost += 1
  }
  return { cancelled, moved, lost }
}

test('a cancellation that was answered is never undone by a move at the same moment', async (t) => {
  const house = await startBookingsHouse(t)
  const { offered, slots } = await courts(house)
  const guarded = await cancelAgainstReschedule(house, offered, slots.slice(0, 30), slots.slice(30, 60))
  t.diagnostic(`with lock and version: ${JSON.stringify(guarded)}`)
  assert.equal(guarded.cancelled, 30)
  assert.equal(guarded.lost, 0)
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none)

  // Without the row lock and without the guard on status and version, as a save of the whole row would be.
  const weak = house.weaken((database) =>
    weakenedDatabase(database, (statement) =>
      statement
        .replace(/ for update of b$/, '')
        .replace(/where id = (\$\d+) and status = (\$\d+) and version = (\$\d+)/, (_, id, status, version) => `where id = ${id} and (${status}::text, ${version}::int) is not null`),
    ),
  )
  const unguarded = await cancelAgainstReschedule(weak, offered, slots.slice(90, 120), slots.slice(120, 150))
  t.diagnostic(`without them: ${JSON.stringify(unguarded)}`)
  assert.ok(unguarded.lost > 0, 'without lock and version an answered cancellation is lost')
})

test('money that arrives as its hold runs out always ends as a booking or a refund', async (t) => {
  const house = await startBookingsHouse(t)
  const { database } = house.needs
  const { offered, slots } = await courts(house)
  const contested = slots.slice(60, 90)
  const holds = await Promise.all(
    contested.map(async (slot) => {
      // All four courts are taken, so that whoever comes next needs this very one.
      const [held] = await Promise.all([0, 1, 2, 3].map((court) => bookingAt(house, offered, slot, court === 0 ? 'held' : 'confirmed', slot.resourceIds[court])))
      assert.ok(held)
      const payment = await pay(house.needs, { accountId: held.accountId, locale: 'ar' }, held.id, randomUUID())
      const played = await fetch(`${house.simulatorsUrl}/play/moyasar`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirectUrl: payment.redirectUrl }),
      })
      assert.equal(played.status, 200)
      return { held, payment, slot }
    }),
  )
  await database.run(sql`update booking set expires_at = now() - interval '1 second' where status = 'held'`)
  await database.run(sql`update claim set held_until = now() - interval '1 second' where state = 'held'`)

  const lapsed = new Map((await findLapsed(database, 100)).map((booking) => [booking.id, booking]))
  await Promise.all(
    holds.flatMap(({ held, payment, slot }) => [
      house.payments.settle(payment.id, 'webhook'),
      expireHold(house.needs, lapsed.get(held.id)!),
      sleep(Math.random() * 20).then(() => bookingAt(house, offered, slot, 'held', slot.resourceIds[0]).catch(refusedWith('slot_taken', 'slot_not_offered'))),
    ]),
  )
  const rows = await database.rows<{ status: string; disposition: string | null; refunds: number; n: number }>(sql`
    select b.status, p.disposition, (select count(*) from refund r where r.payment_id = p.id) as refunds, count(*) as n
    from payment p join booking b on b.order_id = p.payable_id group by 1, 2, 3 order by 1, 2, 3`)
  t.diagnostic(rows.map(({ status, disposition, refunds, n }) => `${n} × ${status}, money ${disposition}, refunds ${refunds}`).join(' · '))
  assert.equal(rows.reduce((sum, { n }) => sum + n, 0), holds.length)
  for (const { status, disposition, refunds } of rows) {
    if (disposition === 'refund_due') assert.deepEqual({ status, refunds }, { status: 'expired', refunds: 1 })
    else assert.deepEqual({ status, refunds }, { status: 'confirmed', refunds: 0 })
  }
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none)
})
