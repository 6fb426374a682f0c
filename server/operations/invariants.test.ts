import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { type Database, openDatabase, sql, type Sql } from '#database'
import { createLog, createMetrics } from '#foundation'
import { testDatabase } from '../../tests/support/postgres.ts'
import { watchInvariants } from './invariants.ts'
import { countMissingMessages } from './completeness-queries.ts'
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
const message = (aboutId: string, kind: string, version: number, occasion = '') => sql`
  insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, locale, data, not_after)
  values (${ids.business}, ${aboutId}, ${kind}, ${version}, ${occasion}, 'sms', '+966551234567', 'ar', '{}', ${nowhere})`

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
    sql`insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, locale, data, not_after)
        select ${ids.business}, ${bookingId}, 'refund-made', 2, id, 'sms', '+966551234567', 'ar', '{}', ${nowhere} from refund`,
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
  untold_in_time: [sql`update booking set expires_at = null, tell_at = now() - interval '6 minutes'`],
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

const employee = randomUUID()
const employed = [
  sql`insert into account (id) values (${employee})`,
  sql`insert into login_identifier (account_id, kind, value) values (${employee}, 'phone', '+966551112233')`,
  sql`insert into role_grant (account_id, role, business_id, granted_at) values (${employee}, 'staff', ${ids.business}, now() - interval '1 day')`,
  // Of the sound booking, which this one was there for.
  message(bookingId, 'staff-booking-new', 2, employee),
]
const change = (action: string, details: object, actorKind = 'customer', actorId: string | null = null) =>
  sql`insert into audit_entry (actor_kind, actor_id, action, subject, subject_id, details) values (${actorKind}, ${actorId}, ${action}, 'booking', ${bookingId}, ${JSON.stringify(details)}::jsonb)`
const refunded = sql`insert into refund (payment_id, gateway_charge_id, amount_minor, reason, state) select id, gateway_charge_id, 5000, 'slot_gone', 'refunded' from payment`
const asked = sql`update booking set awaits = 'approval'`

/** Of each kind that a change is told by: a change, and the rows that were to be written with it. */
const owed: [kind: string, change: Sql[], rows: Sql[]][] = [
  ['booking-confirmed', [change('booking.confirmed', { from: 'held', version: 5 })], [message(bookingId, 'booking-confirmed', 5)]],
  [
    'payment-applied-late',
    [change('booking.confirmed', { from: 'expired', version: 5, disposition: 'applied_late' }, 'gateway')],
    [message(bookingId, 'payment-applied-late', 5)],
  ],
  [
    'payment-received',
    [
      change('booking.confirmed', { from: 'held', version: 5, disposition: 'applied' }, 'gateway'),
      message(bookingId, 'booking-confirmed', 5),
    ],
    [sql`update notification set data = '{"amount": {"amountMinor": 15000, "currency": "SAR"}}' where version = 5`],
  ],
  [
    'payment-received',
    [
      change('booking.confirmed', { from: 'held', version: 5, disposition: 'applied' }, 'gateway'),
      message(bookingId, 'booking-confirmed', 5),
    ],
    [message(bookingId, 'payment-received', 5)],
  ],
  [
    'booking-rescheduled',
    [change('booking.rescheduled', { from: 'confirmed', version: 3 })],
    [message(bookingId, 'booking-rescheduled', 3)],
  ],
  ['booking-cancelled', [change('booking.cancelled', { from: 'confirmed', version: 3 })], [message(bookingId, 'booking-cancelled', 3)]],
  [
    'booking-cancelled',
    [asked, change('booking.expired', { from: 'held', version: 3 }, 'system')],
    [message(bookingId, 'booking-cancelled', 3)],
  ],
  ['booking-waiting', [asked, change('booking.held', { awaits: 'approval' })], [message(bookingId, 'booking-waiting', 1)]],
  [
    'refund-made',
    [
      refunded,
      sql`insert into ledger_entry (business_id, payable_id, payment_id, kind, debit, credit, amount_minor, currency, fact)
      select p.business_id, p.payable_id, p.id, 'refund', 'order', 'gateway', 5000, 'SAR', 'refund:' || r.id || ':0' from payment p, refund r`,
    ],
    [
      sql`insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, locale, data, not_after)
        select ${ids.business}, ${bookingId}, 'refund-made', 2, id, 'sms', '+966551234567', 'ar', '{}', ${nowhere} from refund`,
    ],
  ],
  [
    'staff-booking-new',
    [...employed, change('booking.confirmed', { from: 'held', version: 5 }), message(bookingId, 'booking-confirmed', 5)],
    [message(bookingId, 'staff-booking-new', 5, employee)],
  ],
  [
    'staff-booking-changed',
    [...employed, change('booking.rescheduled', { from: 'confirmed', version: 3 }), message(bookingId, 'booking-rescheduled', 3)],
    [message(bookingId, 'staff-booking-changed', 3, employee)],
  ],
  [
    'staff-booking-cancelled',
    [...employed, change('booking.cancelled', { from: 'confirmed', version: 3 }), message(bookingId, 'booking-cancelled', 3)],
    [message(bookingId, 'staff-booking-cancelled', 3, employee)],
  ],
]

test('of every kind a missing message is found and named, and found no more once its row is there', async (t) => {
  const { database, broken } = await opened(t)
  const missing = async () => (await countMissingMessages(database)).filter((row) => row.missing > 0)
  const kinds = (await countMissingMessages(database)).map(({ kind }) => kind)
  assert.deepEqual(
    kinds.filter((kind) => !owed.some(([named]) => named === kind)),
    [],
    'every kind has a planted fault',
  )
  for (const [kind, changes, rows] of owed) {
    await database.run(sql`truncate booking, customer_order, claim, payment, refund, notification, role_grant, login_identifier cascade`)
    await database.run(sql`alter table ledger_entry disable trigger ledger_is_not_emptied`)
    await database.run(sql`alter table audit_entry disable trigger audit_entry_is_final`)
    await run(database, sql`truncate ledger_entry`, sql`delete from audit_entry`, sql`delete from account where id = ${employee}`)
    await run(database, ...soundBooking(bookingId, orderId), ...changes)
    assert.deepEqual(await missing(), [{ kind, missing: 1 }], kind)
    assert.deepEqual(await broken(), ['notification_missing'], kind)
    await run(database, ...rows)
    assert.deepEqual(await missing(), [], kind)
  }
})

test('staff are owed nothing of what they did themselves, of what was before them, or where the business wants it so', async (t) => {
  const { database, broken } = await opened(t)
  const move = (version: number, actorId: string | null) => [
    change('booking.rescheduled', { from: 'confirmed', version }, 'staff', actorId),
    message(bookingId, 'booking-rescheduled', version),
  ]
  await run(database, ...soundBooking(bookingId, orderId), ...employed)
  await run(database, ...move(3, employee))
  assert.deepEqual(await broken(), [])
  await run(database, ...move(4, null))
  assert.deepEqual(await broken(), ['notification_missing'])
  await run(
    database,
    sql`insert into messaging_choice (business_id, staff_told, updated_at) values (${ids.business}, false, now() - interval '2 days')`,
  )
  assert.deepEqual(await broken(), [])
  await run(database, sql`update messaging_choice set staff_told = true`)
  assert.deepEqual(await broken(), ['notification_missing'])
  await run(database, sql`update role_grant set granted_at = now()`)
  assert.deepEqual(await broken(), [])
})

test('a reminder that nobody wrote is found, and none is owed of one that is later, or was before the booking', async (t) => {
  const { database, broken } = await opened(t)
  await run(database, ...soundBooking(bookingId, orderId))
  const stand = (startsInMinutes: number, changedMinutesAgo: number) =>
    database.run(sql`
      update booking set starts_at = now() + ${startsInMinutes} * interval '1 minute', ends_at = now() + interval '9 days', expires_at = null,
        updated_at = now() - ${changedMinutesAgo} * interval '1 minute'`)
  await stand(100, 60)
  assert.deepEqual(await broken(), ['untold_in_time'])
  await run(database, message(bookingId, 'booking-reminder', 2, '1440'))
  assert.deepEqual(await broken(), ['untold_in_time'], 'the one of the day before is not the one of two hours')
  await run(database, message(bookingId, 'booking-reminder', 2, '120'))
  assert.deepEqual(await broken(), [])
  await run(database, sql`delete from notification where kind = 'booking-reminder'`)
  await stand(100, 10)
  assert.deepEqual(await broken(), [], 'it was made after the moment')
  await stand(130, 60)
  assert.deepEqual(await broken(), [], 'the moment is yet to come')
})
