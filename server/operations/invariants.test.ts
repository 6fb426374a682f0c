import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { type Database, openDatabase, sql, type Sql } from '#database'
import { createLog, createMetrics } from '#foundation'
import { testDatabase } from '../../tests/support/postgres.ts'
import { watchInvariants } from './invariants.ts'
import { type InvariantName, invariants } from './queries.ts'

const ids = { business: randomUUID(), branch: randomUUID(), resource: randomUUID(), service: randomUUID(), account: randomUUID() }

async function opened(t: TestContext) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 2, poolWaitMs: 2_000, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(async () => {
    await database.close()
    await drop()
  })
  await run(
    database,
    sql`insert into business (id, slug, name_ar, name_en, currency) values (${ids.business}, 'lamsa', 'لمسة', 'Lamsa', 'SAR')`,
    sql`insert into branch (business_id, id, name_ar, name_en, zone) values (${ids.business}, ${ids.branch}, 'فرع', 'Branch', 'Asia/Riyadh')`,
    sql`insert into resource (business_id, id, branch_id, kind, name_ar, name_en) values (${ids.business}, ${ids.resource}, ${ids.branch}, 'staff', 'نورة', 'Noura')`,
    sql`insert into service (business_id, id, branch_id, name_ar, name_en, duration_minutes, price_minor) values (${ids.business}, ${ids.service}, ${ids.branch}, 'قص', 'Cut', 60, 15000)`,
    sql`insert into account (id) values (${ids.account})`,
  )
  const metrics = createMetrics()
  const sweep = watchInvariants({ database, log: createLog({ level: 'silent' }), metrics })
  /** The promises that the watch finds broken now. */
  const broken = async (): Promise<string[]> => {
    await sweep.run()
    const gauge = await metrics.registry.getSingleMetric('invariant_violation')!.get()
    assert.equal(gauge.values.length, Object.keys(invariants).length, 'every promise has its figure')
    return gauge.values.filter(({ value }) => value > 0).map(({ labels }) => String(labels['name']))
  }
  return { database, broken }
}

async function run(database: Database, ...statements: Sql[]): Promise<void> {
  for (const statement of statements) await database.run(statement)
}

const nowhere = sql`now() + interval '30 days'`

/** A booking that stands as it should: order, booking, claim, payment, audit and message. */
function soundBooking(id: string, orderId: string, options: { hour?: number; status?: string } = {}): Sql[] {
  const { hour = 0, status = 'confirmed' } = options
  const startsAt = sql`date_trunc('day', now()) + interval '3 days' + ${hour} * interval '1 hour'`
  return [
    sql`insert into customer_order (business_id, id, account_id, amount_minor, due_now_minor, payment_kind, currency, cancellation) values (${ids.business}, ${orderId}, ${ids.account}, 15000, 15000, 'full', 'SAR', '[]'::jsonb)`,
    sql`insert into booking (business_id, id, order_id, account_id, branch_id, service_id, reference, status, version, starts_at, ends_at, zone, expires_at, locale, client_key)
        values (${ids.business}, ${id}, ${orderId}, ${ids.account}, ${ids.branch}, ${ids.service}, ${id.slice(0, 8)}, ${status}, 2, ${startsAt}, ${startsAt} + interval '1 hour', 'Asia/Riyadh', ${nowhere}, 'ar', ${id})`,
    sql`insert into claim (business_id, resource_id, holder_id, during, state) values (${ids.business}, ${ids.resource}, ${id}, tstzrange(${startsAt}, ${startsAt} + interval '1 hour'), 'booked')`,
    payment(orderId),
    sql`insert into audit_entry (actor_kind, action, subject, subject_id, details) values ('gateway', 'booking.confirmed', 'booking', ${id}, '{"from": "held", "version": 2}'::jsonb)`,
    message(id, 'booking-confirmed', 2),
  ]
}

const payment = (orderId: string, state = 'paid', disposition: string | null = 'applied', amountMinor = 15_000) => sql`
  with made as (
    insert into payment (business_id, payable_id, client_key, provider, gateway_charge_id, amount_minor, currency, state, disposition, expires_at)
    values (${ids.business}, ${orderId}, ${randomUUID()}, 'moyasar', ${randomUUID()}, ${amountMinor}, 'SAR', ${state}, ${disposition}, now() + interval '10 minutes')
    returning *)
  insert into ledger_entry (business_id, payable_id, payment_id, kind, debit, credit, amount_minor, currency, fact)
  select business_id, payable_id, id, 'charge', 'gateway', 'order', amount_minor, currency, 'charge:' || gateway_charge_id from made where state = 'paid'`
const message = (aboutId: string, kind: string, version: number) => sql`
  insert into notification (business_id, about_id, kind, version, channel, recipient, locale, data, not_after)
  values (${ids.business}, ${aboutId}, ${kind}, ${version}, 'sms', '+966551234567', 'ar', '{}', ${nowhere})`

const bookingId = randomUUID()
const orderId = randomUUID()

/** For each promise, a fault the schema lets in, or lets in once its guard is taken away, on top of one sound booking. */
const faults: Record<InvariantName, Sql[]> = {
  overlapping_claims: [
    sql`alter table claim drop constraint claim_no_overlap`,
    sql`insert into claim (business_id, resource_id, holder_id, during, state) select business_id, resource_id, holder_id, during, 'booked' from claim`,
  ],
  confirmed_booking_without_claim: [sql`update claim set state = 'released'`],
  live_claim_without_booking: [
    sql`insert into claim (business_id, resource_id, holder_id, during, state) values (${ids.business}, ${ids.resource}, ${randomUUID()}, tstzrange(now() + interval '9 days', now() + interval '10 days'), 'booked')`,
  ],
  confirmed_booking_without_payment: [sql`update customer_order set payment_kind = 'deposit', due_now_minor = 14999`],
  paid_without_disposition: [sql`alter table payment drop constraint payment_check`, payment(orderId, 'paid', null)],
  applied_without_confirmed_booking: [...soundBooking(randomUUID(), randomUUID(), { hour: 5, status: 'held' })],
  refund_due_without_refund: [payment(orderId, 'paid', 'refund_due')],
  money_open_too_long: [
    payment(orderId, 'unknown', null),
    sql`update payment set created_at = now() - interval '16 minutes' where state = 'unknown'`,
  ],
  difference_open_too_long: [
    sql`insert into money_difference (kind, subject, opened_at) values ('paid_unknown_to_us', 'a charge', now() - interval '16 minutes')`,
  ],
  charge_not_posted: [sql`alter table ledger_entry disable trigger ledger_entry_is_final`, sql`delete from ledger_entry`],
  refund_not_posted: [
    sql`insert into refund (payment_id, gateway_charge_id, amount_minor, reason, state) select id, gateway_charge_id, 5000, 'a whim', 'refunded' from payment`,
  ],
  ledger_overdrawn: [
    sql`insert into ledger_entry (business_id, payable_id, payment_id, kind, debit, credit, amount_minor, currency, fact)
        select business_id, payable_id, id, 'refund', 'order', 'gateway', 15001, 'SAR', 'refund:of nothing' from payment`,
  ],
  order_paid_twice: [payment(orderId)],
  notification_overdue: [sql`update notification set next_attempt_at = now() - interval '6 minutes'`],
  notification_missing: [
    sql`insert into audit_entry (actor_kind, action, subject, subject_id, details) values ('customer', 'booking.rescheduled', 'booking', ${bookingId}, '{"from": "confirmed", "version": 3}'::jsonb)`,
  ],
}

test('a sound database breaks no promise, and a hold cancelled before anyone was told of it is sound', async (t) => {
  const { database, broken } = await opened(t)
  assert.deepEqual(await broken(), [])
  await run(database, ...soundBooking(bookingId, orderId))
  await run(
    database,
    sql`insert into audit_entry (actor_kind, action, subject, subject_id, details) values ('customer', 'booking.cancelled', 'booking', ${randomUUID()}, '{"from": "held", "version": 2}'::jsonb)`,
  )
  assert.deepEqual(await broken(), [])
})

for (const [name, fault] of Object.entries(faults)) {
  test(`the watch finds ${name.replaceAll('_', ' ')}, and only that`, async (t) => {
    const { database, broken } = await opened(t)
    await run(database, ...soundBooking(bookingId, orderId), ...fault)
    assert.deepEqual(await broken(), [name])
  })
}

test('a cancellation that nobody was told of is found', async (t) => {
  const { database, broken } = await opened(t)
  await run(
    database,
    ...soundBooking(bookingId, orderId),
    sql`update booking set status = 'cancelled', version = 3`,
    sql`update claim set state = 'released'`,
  )
  await run(
    database,
    sql`insert into audit_entry (actor_kind, action, subject, subject_id, details) values ('customer', 'booking.cancelled', 'booking', ${bookingId}, '{"from": "confirmed", "version": 3}'::jsonb)`,
  )
  assert.deepEqual(await broken(), ['notification_missing'])
  await run(database, message(bookingId, 'booking-cancelled', 3))
  assert.deepEqual(await broken(), [])
})
