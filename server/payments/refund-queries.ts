import { type Queryable, sql, type Transaction } from '#database'
import { type Currency, currentTraceParent } from '#foundation'
import type { RefundState } from './refund-states.ts'

/** How money goes back: the whole charge undone before it is settled, or a sum returned after. */
export type RefundWay = 'void' | 'refund'

export interface RefundRow {
  id: string
  /** Null, like the two after it, when no payment of ours is about the charge: then `differenceId` says why it goes back. */
  paymentId: string | null
  payableId: string | null
  businessId: string | null
  differenceId: string | null
  gatewayChargeId: string
  amountMinor: number
  currency: Currency
  reason: string
  state: RefundState
  traceParent: string | null
  /** What the gateway must report as returned in all once this one went through. */
  expectedTotalMinor: number | null
  /** How it was last sent, or is to go from now on. */
  way: RefundWay | null
  attempts: number
  /** When the attempt began, and what it asked for: no payment of ours, neither of them. */
  paymentCreatedAt: Temporal.Instant | null
  paymentMinor: number | null
  createdAt: Temporal.Instant
  updatedAt: Temporal.Instant
  now: Temporal.Instant
}

const columns = sql`
  r.id, r.payment_id, p.payable_id, p.business_id, r.difference_id, r.gateway_charge_id, r.amount_minor, coalesce(r.currency, p.currency) as currency, r.reason, r.state, r.expected_total_minor, r.way, r.attempts, r.trace_parent, p.created_at as payment_created_at, p.amount_minor as payment_minor,
  r.created_at, r.updated_at, clock_timestamp() as now`
const source = sql`refund r left join payment p on p.id = r.payment_id`

/** A person's wish to give money back: the same key of the same person is the same wish. */
export interface RefundWish {
  requestedBy: string
  clientKey: string
  note: string | null
}

export interface NewRefund {
  paymentId: string | null
  chargeId: string
  amountMinor: number
  reason: string
  wish?: RefundWish | undefined
  /** Of a charge that need not be our payment's own: what found it, and the currency the gateway says. */
  difference?: { id: string; currency: string } | undefined
}

export async function insertRefund(tx: Transaction, owed: NewRefund): Promise<string> {
  const { wish, difference } = owed
  const made = await tx.row<{ id: string }>(sql`
    insert into refund (payment_id, difference_id, currency, gateway_charge_id, amount_minor, reason, requested_by, note, client_key, state, next_try_at, trace_parent)
    values (${owed.paymentId}, ${difference?.id ?? null}, ${difference?.currency ?? null}, ${owed.chargeId}, ${owed.amountMinor}, ${owed.reason}, ${wish?.requestedBy ?? null}, ${wish?.note ?? null}, ${wish?.clientKey ?? null}, 'due', now(), coalesce((select trace_parent from payment where id = ${owed.paymentId}), ${currentTraceParent()}))
    returning id`)
  if (!made) throw new Error('An insert that returns gives a row.')
  return made.id
}

/** The refund a wish led to before; undefined when it is new. */
export async function findRefundOfWish(
  db: Queryable,
  payableId: string,
  wish: Pick<RefundWish, 'requestedBy' | 'clientKey'>,
): Promise<string | undefined> {
  const row = await db.row<{ id: string }>(sql`
    select r.id from ${source} where p.payable_id = ${payableId} and r.requested_by = ${wish.requestedBy} and r.client_key = ${wish.clientKey}`)
  return row?.id
}

export type PayableRefundRow = Pick<
  RefundRow,
  'id' | 'gatewayChargeId' | 'amountMinor' | 'state' | 'way' | 'reason' | 'createdAt' | 'updatedAt'
> & {
  paymentId: string
  note: string | null
  /** It failed, and a person said that it goes another way: nothing is owed any more, and it may not go a second time. */
  givenUp: boolean
}

/** Every refund of one payable, oldest first, but those that another took the place of. */
export function findRefundsOf(db: Queryable, payableId: string): Promise<PayableRefundRow[]> {
  return db.rows(sql`
    select r.id, r.payment_id, r.gateway_charge_id, r.amount_minor, r.state, r.way, r.reason, r.note, r.created_at, r.updated_at, r.set_aside_at is not null as given_up
    from ${source} where p.payable_id = ${payableId} and (r.set_aside_at is null or r.state = 'failed') order by r.created_at, r.id`)
}

/** How much of a charge we owe, gave back, or gave up giving back: what of it no new refund may take. */
export async function owedOf(tx: Transaction, chargeId: string): Promise<number> {
  const row = await tx.row<{ minor: number }>(
    sql`select coalesce(sum(amount_minor), 0)::bigint as minor from refund where gateway_charge_id = ${chargeId} and (set_aside_at is null or state = 'failed')`,
  )
  return row?.minor ?? 0
}

/** Takes refunds to work on for one process; they come back by themselves after `leaseMs` if it dies. */
export function takeDueRefunds(db: Queryable, limit: number, leaseMs: number): Promise<RefundRow[]> {
  return db.rows(sql`
    with taken as (
      update refund set next_try_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      where id in (select id from refund where next_try_at <= clock_timestamp() order by next_try_at limit ${limit} for update skip locked)
      returning id)
    select ${columns} from ${source} where r.id in (select id from taken)`)
}

export function lockRefund(tx: Transaction, id: string): Promise<RefundRow | undefined> {
  return tx.row(sql`select ${columns} from ${source} where r.id = ${id} for update of r`)
}

/** Another refund of the same charge whose outcome is open: two are never under way at once. */
export async function isAnotherUnderWay(tx: Transaction, refund: RefundRow): Promise<boolean> {
  return (
    (await tx.row(
      sql`select 1 from refund where gateway_charge_id = ${refund.gatewayChargeId} and id <> ${refund.id} and state in ('sent', 'unknown')`,
    )) !== undefined
  )
}

export interface RefundChange {
  expectedTotalMinor?: number
  failureReason?: string
  way?: RefundWay
  /** Milliseconds until it is looked at again; null: it ended. */
  nextTryMs: number | null
}

/** Takes one step if the refund still stands where it was read; 0 when somebody was first. */
export function stepRefundRow(tx: Transaction, from: RefundRow, to: RefundState, change: RefundChange): Promise<number> {
  return tx.run(sql`
    update refund set state = ${to}, updated_at = clock_timestamp(), expected_total_minor = coalesce(${change.expectedTotalMinor ?? null}, expected_total_minor),
      failure_reason = ${change.failureReason ?? null}, way = coalesce(${change.way ?? null}, way), attempts = attempts + ${to === 'sent' ? 1 : 0},
      next_try_at = ${change.nextTryMs === null ? sql`null` : sql`clock_timestamp() + ${change.nextTryMs} * interval '1 millisecond'`}
    where id = ${from.id} and state = ${from.state} and updated_at = ${from.updatedAt}`)
}

export async function retryLater(db: Queryable, id: string, ms: number): Promise<void> {
  await db.run(
    sql`update refund set next_try_at = clock_timestamp() + ${ms} * interval '1 millisecond' where id = ${id} and next_try_at is not null`,
  )
}

/** How much of a charge our refunds say went back. */
export async function sumReturned(tx: Transaction, chargeId: string): Promise<number> {
  const row = await tx.row<{ minor: number }>(sql`
    select coalesce(sum(amount_minor), 0)::bigint as minor from refund where gateway_charge_id = ${chargeId} and state = 'refunded' and set_aside_at is null`)
  return row?.minor ?? 0
}

/** The newest refund of a charge that we believe done and that is of just this amount. */
export function findReturned(tx: Transaction, chargeId: string, amountMinor: number): Promise<RefundRow | undefined> {
  return tx.row(sql`
    select ${columns} from ${source} where r.gateway_charge_id = ${chargeId} and r.state = 'refunded' and r.set_aside_at is null and r.amount_minor = ${amountMinor}
    order by r.created_at desc limit 1 for update of r`)
}

/** Marks a refund that was just written as done: the gateway shows it already. */
export async function markReturned(tx: Transaction, id: string): Promise<void> {
  await tx.run(sql`update refund set state = 'refunded', next_try_at = null where id = ${id} and state = 'due'`)
}

/** It counts no more. */
export async function setAside(tx: Transaction, id: string): Promise<void> {
  await tx.run(sql`update refund set set_aside_at = now(), next_try_at = null where id = ${id}`)
}

/** What is owed and has not arrived: what the gateway refused first, then the oldest. */
export function findOpenRefunds(
  db: Queryable,
  limit: number,
): Promise<(RefundRow & { failureReason: string | null; nextTryAt: Temporal.Instant | null })[]> {
  return db.rows(sql`
    select ${columns}, r.failure_reason, r.next_try_at from ${source} where r.state in ('due', 'sent', 'unknown', 'failed') and r.set_aside_at is null
    order by (r.state = 'failed') desc, r.created_at limit ${limit}`)
}
