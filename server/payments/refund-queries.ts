import { type Queryable, sql, type Transaction } from '#database'
import type { Currency } from '#foundation'
import type { RefundState } from './refund-states.ts'

export interface RefundRow {
  id: string
  paymentId: string
  gatewayChargeId: string
  businessId: string
  amountMinor: number
  currency: Currency
  reason: string
  state: RefundState
  /** What the gateway must report as returned in all once this one went through. */
  expectedTotalMinor: number | null
  attempts: number
  createdAt: Temporal.Instant
  updatedAt: Temporal.Instant
  now: Temporal.Instant
}

const columns = sql`
  r.id, r.payment_id, r.gateway_charge_id, p.business_id, r.amount_minor, p.currency, r.reason, r.state, r.expected_total_minor, r.attempts,
  r.created_at, r.updated_at, clock_timestamp() as now`
const source = sql`refund r join payment p on p.id = r.payment_id`

/** A person's wish to give money back: the same key of the same person is the same wish. */
export interface RefundWish {
  requestedBy: string
  clientKey: string
  note: string | null
}

export async function insertRefund(tx: Transaction, owed: { paymentId: string; chargeId: string; amountMinor: number; reason: string; wish?: RefundWish | undefined }): Promise<string> {
  const { wish } = owed
  const made = await tx.row<{ id: string }>(sql`
    insert into refund (payment_id, gateway_charge_id, amount_minor, reason, requested_by, note, client_key, state, next_try_at)
    values (${owed.paymentId}, ${owed.chargeId}, ${owed.amountMinor}, ${owed.reason}, ${wish?.requestedBy ?? null}, ${wish?.note ?? null}, ${wish?.clientKey ?? null}, 'due', now())
    returning id`)
  if (!made) throw new Error('An insert that returns gives a row.')
  return made.id
}

/** The refund a wish led to before; undefined when it is new. */
export async function findRefundOfWish(db: Queryable, payableId: string, wish: Pick<RefundWish, 'requestedBy' | 'clientKey'>): Promise<string | undefined> {
  const row = await db.row<{ id: string }>(sql`
    select r.id from ${source} where p.payable_id = ${payableId} and r.requested_by = ${wish.requestedBy} and r.client_key = ${wish.clientKey}`)
  return row?.id
}

export type PayableRefundRow = Pick<RefundRow, 'id' | 'gatewayChargeId' | 'amountMinor' | 'state' | 'reason' | 'createdAt' | 'updatedAt'> & { paymentId: string; note: string | null }

/** Every refund of one payable, oldest first. */
export function findRefundsOf(db: Queryable, payableId: string): Promise<PayableRefundRow[]> {
  return db.rows(sql`
    select r.id, r.payment_id, r.gateway_charge_id, r.amount_minor, r.state, r.reason, r.note, r.created_at, r.updated_at
    from ${source} where p.payable_id = ${payableId} order by r.created_at, r.id`)
}

/** How much of a charge we owe or gave back so far. */
export async function owedOf(tx: Transaction, chargeId: string): Promise<number> {
  const row = await tx.row<{ minor: number }>(sql`select coalesce(sum(amount_minor), 0)::bigint as minor from refund where gateway_charge_id = ${chargeId}`)
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

/** Another refund of the same payment whose outcome is open: two are never under way at once. */
export async function isAnotherUnderWay(tx: Transaction, refund: RefundRow): Promise<boolean> {
  return (await tx.row(sql`select 1 from refund where payment_id = ${refund.paymentId} and id <> ${refund.id} and state in ('sent', 'unknown')`)) !== undefined
}

export interface RefundChange {
  expectedTotalMinor?: number
  failureReason?: string
  /** Milliseconds until it is looked at again; null: it ended. */
  nextTryMs: number | null
}

/** Takes one step if the refund still stands where it was read; 0 when somebody was first. */
export function stepRefundRow(tx: Transaction, from: RefundRow, to: RefundState, change: RefundChange): Promise<number> {
  return tx.run(sql`
    update refund set state = ${to}, updated_at = clock_timestamp(), expected_total_minor = coalesce(${change.expectedTotalMinor ?? null}, expected_total_minor),
      failure_reason = ${change.failureReason ?? null}, attempts = attempts + ${to === 'sent' ? 1 : 0},
      next_try_at = ${change.nextTryMs === null ? sql`null` : sql`clock_timestamp() + ${change.nextTryMs} * interval '1 millisecond'`}
    where id = ${from.id} and state = ${from.state} and updated_at = ${from.updatedAt}`)
}

export async function retryLater(db: Queryable, id: string, ms: number): Promise<void> {
  await db.run(sql`update refund set next_try_at = clock_timestamp() + ${ms} * interval '1 millisecond' where id = ${id} and next_try_at is not null`)
}
