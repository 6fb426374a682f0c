import { type Queryable, sql, type Sql, type Transaction } from '#database'
import { type Currency, currentTraceParent, type Locale } from '#foundation'
import type { Position } from '#http'
import type { BookingStatus } from './booking-states.ts'
import type { PaymentKind } from '#catalog'
import type { CancellationTier } from './cancellation-terms.ts'

export type Awaits = 'payment' | 'approval'

export interface BookingRow {
  businessId: string
  id: string
  orderId: string
  accountId: string
  branchId: string
  serviceId: string
  reference: string
  status: BookingStatus
  version: number
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  zone: string
  expiresAt: Temporal.Instant | null
  attendeeName: string | null
  note: string | null
  locale: Locale
  createdAt: Temporal.Instant
  /** How often its customer moved it. */
  reschedules: number
  /** The order's: what was promised, whatever the business changes later. */
  amountMinor: number
  /** Of that, what is paid when the time is taken; the rest at the place. */
  dueNowMinor: number
  paymentKind: PaymentKind
  freeReschedules: number | null
  rescheduleHoursBefore: number
  currency: Currency
  cancellation: CancellationTier[]
  /** What it waits for while it is held. */
  awaits: Awaits
  /** When it last took a step. */
  changedAt: Temporal.Instant
  /** Of the request that made it. */
  traceParent: string | null
  /** By the database's clock, at the time of reading. */
  now: Temporal.Instant
  lapsed: boolean
}

const columns = sql`
  b.business_id, b.id, b.order_id, b.account_id, b.branch_id, b.service_id, b.reference, b.status, b.version, b.starts_at, b.ends_at, b.zone,
  b.expires_at, b.attendee_name, b.note, b.locale, b.created_at, b.reschedules, o.amount_minor, o.due_now_minor, o.payment_kind,
  o.currency, o.cancellation, o.free_reschedules, o.reschedule_hours_before, b.trace_parent, b.awaits, b.updated_at as changed_at,
  clock_timestamp() as now, (b.status = 'held' and b.expires_at <= clock_timestamp()) as lapsed`
const source = sql`booking b join customer_order o on o.business_id = b.business_id and o.id = b.order_id`

export interface NewBooking {
  businessId: string
  id: string
  orderId: string
  accountId: string
  branchId: string
  serviceId: string
  reference: string
  status: 'held' | 'confirmed'
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  zone: string
  holdMinutes: number
  heldAtMostUntil: Temporal.Instant | null
  awaits: Awaits
  attendeeName: string | null
  note: string | null
  locale: Locale
  clientKey: string
  amountMinor: number
  dueNowMinor: number
  paymentKind: PaymentKind
  currency: Currency
  cancellation: CancellationTier[]
  freeReschedules: number | null
  rescheduleHoursBefore: number
}

/** Inserts the order and its booking; undefined when this client key made one before. */
export async function insertBooking(tx: Transaction, b: NewBooking): Promise<Pick<BookingRow, 'createdAt' | 'expiresAt'> | undefined> {
  await tx.run(sql`
    insert into customer_order (business_id, id, account_id, amount_minor, due_now_minor, payment_kind, currency, cancellation, free_reschedules, reschedule_hours_before)
    values (${b.businessId}, ${b.orderId}, ${b.accountId}, ${b.amountMinor}, ${b.dueNowMinor}, ${b.paymentKind}, ${b.currency}, ${JSON.stringify(b.cancellation)}::jsonb,
      ${b.freeReschedules}, ${b.rescheduleHoursBefore})`)
  return tx.row(sql`
    insert into booking (business_id, id, order_id, account_id, branch_id, service_id, reference, status, starts_at, ends_at, zone, expires_at, attendee_name, note, locale, client_key, awaits, trace_parent)
    values (${b.businessId}, ${b.id}, ${b.orderId}, ${b.accountId}, ${b.branchId}, ${b.serviceId}, ${b.reference}, ${b.status}, ${b.startsAt}, ${b.endsAt}, ${b.zone},
      ${b.status === 'held' ? sql`least(now() + ${b.holdMinutes} * interval '1 minute', ${b.heldAtMostUntil}::timestamptz)` : sql`null`}, ${b.attendeeName}, ${b.note}, ${b.locale}, ${b.clientKey}, ${b.awaits}, ${currentTraceParent()})
    on conflict (account_id, client_key) do nothing
    returning created_at, expires_at`)
}

/** Bookings of one account are made one after another: its holds are counted truly, and its double click finds its first hold. */
export async function serialiseAccount(tx: Transaction, accountId: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${accountId}, 0))`)
}

export async function countLiveHolds(tx: Transaction, accountId: string): Promise<number> {
  const row = await tx.row<{ holds: number }>(
    sql`select count(*) as holds from booking where account_id = ${accountId} and status = 'held' and expires_at > now()`,
  )
  return row?.holds ?? 0
}

/** The account's own live hold or booking of this very service and time. */
export function findOwnBookingOf(
  tx: Queryable,
  accountId: string,
  serviceId: string,
  startsAt: Temporal.Instant,
): Promise<BookingRow | undefined> {
  return tx.row(sql`
    select ${columns} from ${source}
    where b.account_id = ${accountId} and b.service_id = ${serviceId} and b.starts_at = ${startsAt} and b.status = 'held' and b.expires_at > now()
    order by b.created_at limit 1`)
}

export function findByClientKey(db: Queryable, accountId: string, clientKey: string): Promise<BookingRow | undefined> {
  return db.row(sql`select ${columns} from ${source} where b.account_id = ${accountId} and b.client_key = ${clientKey}`)
}

export function findBooking(db: Queryable, id: string): Promise<BookingRow | undefined> {
  return db.row(sql`select ${columns} from ${source} where b.id = ${id}`)
}

export function findByOrder(db: Queryable, orderId: string): Promise<BookingRow | undefined> {
  return db.row(sql`select ${columns} from ${source} where b.order_id = ${orderId}`)
}

/** Locks one booking: the first lock on every path that changes one. */
export function lockBooking(tx: Transaction, by: { id: string } | { orderId: string }): Promise<BookingRow | undefined> {
  const which: Sql = 'id' in by ? sql`b.id = ${by.id}` : sql`b.order_id = ${by.orderId}`
  return tx.row(sql`select ${columns} from ${source} where ${which} for update of b`)
}

/** Locks those of these holds that ran out and that nobody else works on: a hold whose payment is being settled is not lapsed yet. */
export function lockLapsed(tx: Transaction, businessId: string, ids: string[]): Promise<BookingRow[]> {
  return tx.rows(sql`
    select ${columns} from ${source}
    where b.business_id = ${businessId} and b.id = any(${ids}::uuid[]) and b.status = 'held' and b.expires_at <= clock_timestamp()
    order by b.id for update of b skip locked`)
}

export function findLapsed(db: Queryable, limit: number): Promise<BookingRow[]> {
  return db.rows(
    sql`select ${columns} from ${source} where b.status = 'held' and b.expires_at <= now() order by b.expires_at limit ${limit}`,
  )
}

export function findFinished(db: Queryable, limit: number): Promise<BookingRow[]> {
  return db.rows(
    sql`select ${columns} from ${source} where b.status = 'confirmed' and b.ends_at <= now() order by b.ends_at limit ${limit}`,
  )
}

export function listBookings(db: Queryable, accountId: string, before: Position | null, limit: number): Promise<BookingRow[]> {
  return db.rows(sql`
    select ${columns} from ${source}
    where b.account_id = ${accountId} and ${before ? sql`(b.created_at, b.id) < (${before.createdAt}, ${before.id}::uuid)` : sql`true`}
    order by b.created_at desc, b.id desc limit ${limit + 1}`)
}

/** Takes one step if the booking still stands where it was read; undefined when somebody was first. */
export function stepBooking(
  tx: Transaction,
  from: BookingRow,
  to: BookingStatus,
  change: {
    startsAt?: Temporal.Instant
    endsAt?: Temporal.Instant
    cancelledBy?: 'customer' | 'business' | 'system'
    cancelReason?: string | null
    /** A move that its customer did not make uses none of theirs up. */
    movedByBusiness?: boolean
  } = {},
): Promise<{ version: number } | undefined> {
  return tx.row(sql`
    update booking set status = ${to}, version = version + 1, updated_at = now(), tell_at = null, reschedules = ${from.reschedules + (to === from.status && change.movedByBusiness !== true ? 1 : 0)},
      starts_at = ${change.startsAt ?? from.startsAt}, ends_at = ${change.endsAt ?? from.endsAt},
      cancelled_by = ${change.cancelledBy ?? null}, cancel_reason = ${change.cancelReason ?? null},
      expires_at = ${to === 'held' || to === 'expired' ? sql`expires_at` : sql`null`}
    where id = ${from.id} and status = ${from.status} and version = ${from.version}
    returning version`)
}

export function describeOrders(
  db: Queryable,
  orderIds: string[],
): Promise<{ orderId: string; bookingId: string; bookingReference: string }[]> {
  return db.rows(
    sql`select order_id, id as booking_id, reference as booking_reference from booking where order_id = any(${orderIds}::uuid[])`,
  )
}
