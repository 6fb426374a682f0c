import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Slot } from '../../server/availability/index.ts'
import { book } from '../../server/bookings/book.ts'
import { cancel } from '../../server/bookings/cancel.ts'
import { expireHold } from '../../server/bookings/expire-holds.ts'
import { pay } from '../../server/bookings/money/pay.ts'
import { type BookingRow, findBooking, findLapsed } from '../../server/bookings/queries.ts'
import { reschedule } from '../../server/bookings/reschedule.ts'
import type { OfferedService } from '../../server/catalog/index.ts'
import { sql, transaction } from '../../server/database/index.ts'
import { Problem } from '../../server/foundation/index.ts'
import { type BookingsHouse, counted, startBookingsHouse } from '../support/bookings-house.ts'
import { weakenedDatabase } from '../support/weakened-database.ts'

const businessSlug = 'diriyah-padel'

async function courts(house: BookingsHouse): Promise<{ offered: OfferedService; slots: Slot[] }> {
  const { database, catalog, availability } = house.needs
  const service = await database.row<{ id: string }>(
    sql`select s.id from service s join business b on b.id = s.business_id where b.slug = ${businessSlug} and s.duration_minutes = 60 and s.payment_kind = 'full' and s.approval_hours is null order by s.position limit 1`,
  )
  const offered = await catalog.offeredService(database, { businessSlug, serviceId: service?.id ?? '' })
  assert.ok(offered)
  const today = Temporal.Now.plainDateISO(offered.branch.zone)
  const slots = await availability.findSlots(database, offered, { from: today.add({ days: 1 }), to: today.add({ days: 20 }) })
  return { offered, slots: slots.filter((_, at) => at % 2 === 0) }
}

/** A hold of the customer's own, paid for by nobody yet; or, with `confirmed`, as if it had been. */
async function bookingAt(
  house: BookingsHouse,
  offered: OfferedService,
  slot: Slot,
  as: 'held' | 'confirmed',
  resourceId?: string,
): Promise<BookingRow> {
  const accountId = await house.newCustomer()
  const ask = { businessSlug, serviceId: offered.service.id, startsAt: slot.startsAt, resourceId }
  const booking = await book(house.needs, { accountId, locale: 'ar' }, ask, randomUUID())
  if (as === 'held') return booking
  await house.needs.database.run(
    sql`update booking set status = 'confirmed', version = version + 1, expires_at = null where id = ${booking.id}`,
  )
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

/** Neighbours swap places and a few move to free time, all at once, round after round. */
async function moveEveryone(house: BookingsHouse, bookings: BookingRow[], free: Slot[], rounds: number) {
  const tookMs: number[] = []
  let moved = 0
  const placeOf = async ({ businessId, id }: BookingRow) => {
    const [now, claims] = await Promise.all([
      findBooking(house.needs.database, id),
      house.needs.availability.claimsOf(house.needs.database, [{ businessId, holderId: id }]),
    ])
    return { startsAt: now!.startsAt, resourceId: claims.get(id)!.resourceIds[0] }
  }
  for (let round = 0; round < rounds; round++) {
    const places = await Promise.all(bookings.map(placeOf))
    await Promise.all(
      bookings.map(async (booking, at) => {
        const target =
          at % 6 === 5
            ? { startsAt: free[(at + round * 5) % free.length]!.startsAt, resourceId: undefined }
            : places[at % 2 === 0 ? at + 1 : at - 1]!
        const started = performance.now()
        const outcome = await reschedule(house.needs, booking.accountId, booking.id, target).catch(refusedWith('slot_taken'))
        tookMs.push(performance.now() - started)
        if (typeof outcome !== 'string') moved += 1
      }),
    )
  }
  tookMs.sort((a, b) => a - b)
  return {
    attempts: tookMs.length,
    moved,
    retries: await counted(house.needs.metrics.transactionRetries),
    p50Ms: Math.round(tookMs[tookMs.length >> 1] ?? 0),
    p99Ms: Math.round(tookMs[Math.floor(tookMs.length * 0.99)] ?? 0),
  }
}

test('people who swap their times never meet in a deadlock and never overlap', async (t) => {
  const house = await startBookingsHouse(t, { poolSize: 40 })
  const { offered, slots } = await courts(house)
  const bookings = await Promise.all(slots.slice(0, 24).map((slot) => bookingAt(house, offered, slot, 'confirmed', slot.resourceIds[0])))

  const guarded = await moveEveryone(house, bookings, slots.slice(30, 60), 6)
  t.diagnostic(`with the lock on resources: ${JSON.stringify(guarded)}`)
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none)
  assert.equal(guarded.retries, 0, 'no deadlock, not even one that a second run healed')
  assert.ok(guarded.moved > 0 && guarded.moved < guarded.attempts, 'some moved and some met taken time, or nothing was contested')

  const locked = await swapClaims(house, bookings, 'locked')
  t.diagnostic(`neighbours who take each other's very time, with the lock: ${JSON.stringify(locked)}`)
  assert.equal(locked.deadlocks, 0)
  const unlocked = await swapClaims(house, bookings, 'unlocked')
  t.diagnostic(`without it: ${JSON.stringify(unlocked)}`)
  assert.ok(unlocked.deadlocks > 0, 'without the lock the same swaps deadlock')
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none, 'the constraint holds even so')
})

/** The claims of a move alone, on time that was free when it was looked at and is not now: each takes what its neighbour gives up. */
async function swapClaims(house: BookingsHouse, bookings: BookingRow[], lock: 'locked' | 'unlocked') {
  const { database, availability } = house.needs
  const holders = bookings.map(({ businessId, id }) => ({ businessId, holderId: id }))
  const places = await availability.claimsOf(database, holders)
  let deadlocks = 0
  const started = performance.now()
  await Promise.all(
    holders.map(({ businessId, holderId }, at) => {
      const own = places.get(holderId)!
      const wanted = places.get(holders[at % 2 === 0 ? at + 1 : at - 1]!.holderId)!
      const swap = transaction(
        database,
        async (tx) => {
          if (lock === 'locked') await availability.lockResources(tx, businessId, [...new Set([...own.resourceIds, ...wanted.resourceIds])])
          await availability.release(tx, businessId, holderId)
          if (!(await availability.claim(tx, { businessId, holderId, ...wanted, heldUntil: null }))) throw new Error('taken')
        },
        (sqlState) => void (deadlocks += sqlState === '40P01' ? 1 : 0),
      )
      return swap.catch((error: unknown) => assert.match(String(error), /taken|deadlock/))
    }),
  )
  return { swaps: holders.length, deadlocks, tookMs: Math.round(performance.now() - started) }
}

/** Both buttons at once, for each booking; how many were cancelled to the customer's face and stand confirmed all the same. */
async function cancelAgainstReschedule(house: BookingsHouse, offered: OfferedService, from: Slot[], to: Slot[]) {
  let cancelled = 0
  let moved = 0
  let lost = 0
  for (const [at, slot] of from.entries()) {
    const booking = await bookingAt(house, offered, slot, 'confirmed')
    const [first, second] = await Promise.all([
      cancel(house.needs, booking.accountId, booking.id, undefined).catch(refusedWith('booking_not_cancellable')),
      reschedule(house.needs, booking.accountId, booking.id, { startsAt: to[at]!.startsAt }).catch(
        refusedWith('booking_not_reschedulable', 'slot_taken'),
      ),
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
        .replace(
          /where id = (\$\d+) and status = (\$\d+) and version = (\$\d+)/,
          (_, id, status, version) => `where id = ${id} and (${status}::text, ${version}::int) is not null`,
        ),
    ),
  )
  const unguarded = await cancelAgainstReschedule(weak, offered, slots.slice(90, 120), slots.slice(120, 150))
  t.diagnostic(`without them: ${JSON.stringify(unguarded)}`)
  assert.ok(unguarded.lost > 0, 'without lock and version an answered cancellation is lost')
})

/** Holds that ran out and were paid for in that moment, each wanted by a rival too: settled, swept and booked at once. */
async function settleAgainstExpiry(house: BookingsHouse, offered: OfferedService, contested: Slot[]) {
  const { database } = house.needs
  const holds = await Promise.all(
    contested.map(async (slot) => {
      const held = await bookingAt(house, offered, slot, 'held', slot.resourceIds[0])
      const payment = await pay(house.needs, { accountId: held.accountId, locale: 'ar' }, held.id, randomUUID())
      const body = JSON.stringify({ redirectUrl: payment.redirectUrl })
      const played = await fetch(`${house.simulatorsUrl}/play/moyasar`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      assert.equal(played.status, 200)
      return { held, payment, slot }
    }),
  )
  const orders = holds.map(({ held }) => held.orderId)
  await database.run(sql`update booking set expires_at = now() - interval '1 second' where order_id = any(${orders}::uuid[])`)
  await database.run(
    sql`update claim set held_until = now() - interval '1 second' where holder_id = any(${holds.map(({ held }) => held.id)}::uuid[])`,
  )
  const lapsed = new Map((await findLapsed(database, 100)).map((booking) => [booking.id, booking]))
  // The rival has more to read before it can want the time, so it begins first.
  const soon = () => sleep(60 + Math.random() * 200)
  await Promise.all(
    holds.flatMap(({ held, payment, slot }) => [
      soon().then(() => house.payments.settle(payment.id, 'webhook')),
      soon().then(() => expireHold(house.needs, lapsed.get(held.id)!)),
      bookingAt(house, offered, slot, 'held', slot.resourceIds[0]).catch(refusedWith('slot_taken', 'slot_not_offered')),
    ]),
  )
  const rows = await database.rows<{ status: string; disposition: string | null; refunds: number; n: number }>(sql`
    select b.status, p.disposition, (select count(*) from refund r where r.payment_id = p.id) as refunds, count(*) as n
    from payment p join booking b on b.order_id = p.payable_id where p.payable_id = any(${orders}::uuid[]) group by 1, 2, 3 order by 1, 2, 3`)
  const astray = rows.filter(({ status, disposition, refunds }) =>
    disposition === 'refund_due' ? status !== 'expired' || refunds !== 1 : disposition === null || status !== 'confirmed' || refunds !== 0,
  )
  return { rows, settled: rows.reduce((sum, { n }) => sum + n, 0), astray: astray.reduce((sum, { n }) => sum + n, 0) }
}

function said(rows: { status: string; disposition: string | null; refunds: number; n: number }[]): string {
  return rows.map(({ status, disposition, refunds, n }) => `${n} × ${status}, money ${disposition}, refunds ${refunds}`).join(' · ')
}

test('money that arrives as its hold runs out always ends as a booking or a refund', async (t) => {
  const house = await startBookingsHouse(t)
  const { offered, slots } = await courts(house)
  const guarded = await settleAgainstExpiry(house, offered, slots.slice(0, 40))
  t.diagnostic(`with the booking locked first: ${said(guarded.rows)}`)
  assert.equal(guarded.settled, 40)
  assert.ok(guarded.rows.length > 1, 'some were confirmed and some returned, or nothing was contested')
  assert.equal(guarded.astray, 0)
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none)

  const weak = house.weaken((database) =>
    weakenedDatabase(database, (statement) =>
      statement
        .replace(/ for update of b( skip locked)?$/, '')
        .replace(
          /where id = (\$\d+) and status = (\$\d+) and version = (\$\d+)/,
          (_, id, status, version) => `where id = ${id} and (${status}::text, ${version}::int) is not null`,
        ),
    ),
  )
  let faults = 0
  for (const from of [40, 80, 120]) {
    const unguarded = await settleAgainstExpiry(weak, offered, slots.slice(from, from + 40))
    const time = await faultsOfTime(house)
    faults = unguarded.astray + (time['confirmedWithoutTime'] ?? 0) + (time['timeWithoutBooking'] ?? 0)
    t.diagnostic(`without: ${said(unguarded.rows)}; ${JSON.stringify(time)}`)
    if (faults > 0) break
  }
  assert.ok(faults > 0, 'without the lock and the guard money or time goes astray')
})

test('a booking that is cancelled while its customer pays stays cancelled, and the money goes back whole', async (t) => {
  const house = await startBookingsHouse(t)
  const { offered, slots } = await courts(house)
  const { database } = house.needs
  const held = await bookingAt(house, offered, slots[0] ?? assert.fail(), 'held')
  const payment = await pay(house.needs, { accountId: held.accountId, locale: 'ar' }, held.id, randomUUID())
  await cancel(house.needs, held.accountId, held.id, undefined)
  const body = JSON.stringify({ redirectUrl: payment.redirectUrl })
  await fetch(`${house.simulatorsUrl}/play/moyasar`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  await house.payments.settle(payment.id, 'return')
  await house.payments.sweeps.find(({ name }) => name === 'send-refunds')?.run()

  assert.equal((await findBooking(database, held.id))?.status, 'cancelled')
  const paid = (await house.payments.latestOf(database, [held.orderId])).get(held.orderId)
  assert.deepEqual([paid?.disposition, paid?.status, paid?.refunded], ['refund_due', 'refunded', payment.amount])
  assert.deepEqual({ ...(await faultsOfTime(house)) }, none)
})
