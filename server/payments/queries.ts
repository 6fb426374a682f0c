import { type Queryable, sql, type Sql, type Transaction } from '#database'
import { type Currency, currentTraceParent } from '#foundation'
import type { Position } from '#http'
import type { Disposition, PaymentState } from './payment-states.ts'

export interface PaymentRow {
  id: string
  businessId: string
  payableId: string
  clientKey: string
  provider: string
  gatewayRef: string | null
  gatewayChargeId: string | null
  amountMinor: number
  currency: Currency
  state: PaymentState
  disposition: Disposition | null
  dispositionReason: string | null
  redirectUrl: string | null
  failureReason: string | null
  createdAt: Temporal.Instant
  updatedAt: Temporal.Instant
  expiresAt: Temporal.Instant
  nextCheckAt: Temporal.Instant | null
  /** Somebody is creating its page until then. */
  callingUntil: Temporal.Instant | null
  checks: number
  lastCheckedAt: Temporal.Instant | null
  /** Of the request that began it. */
  traceParent: string | null
  /** By the database's clock, at the time of reading. */
  now: Temporal.Instant
}

const columns = sql`
  p.id, p.business_id, p.payable_id, p.client_key, p.provider, p.gateway_ref, p.gateway_charge_id, p.amount_minor, p.currency, p.state, p.disposition,
  p.disposition_reason, p.redirect_url, p.failure_reason, p.created_at, p.updated_at, p.expires_at, p.next_check_at, p.calling_until, p.checks, p.last_checked_at, p.trace_parent, clock_timestamp() as now`
const inMs = (ms: number): Sql => sql`clock_timestamp() + ${ms} * interval '1 millisecond'`

/** Writes the intent, before the gateway hears of it; undefined when this payable has an open attempt or this key was used for it before. */
export function insertIntent(
  db: Queryable,
  intent: {
    businessId: string
    payableId: string
    clientKey: string
    provider: string
    amountMinor: number
    currency: string
    expiresAt: Temporal.Instant
    leaseMs: number
  },
): Promise<PaymentRow | undefined> {
  return db.row(sql`
    insert into payment as p (business_id, payable_id, client_key, provider, amount_minor, currency, state, expires_at, next_check_at, calling_until, trace_parent)
    values (${intent.businessId}, ${intent.payableId}, ${intent.clientKey}, ${intent.provider}, ${intent.amountMinor}, ${intent.currency}, 'intent', ${intent.expiresAt}, ${inMs(intent.leaseMs)}, ${inMs(intent.leaseMs)}, ${currentTraceParent()})
    on conflict do nothing returning ${columns}`)
}

/** An attempt for money that was found without one: over as soon as it is written, until the money is taken for it. */
export async function insertAdopted(
  tx: Transaction,
  attempt: {
    id: string | null
    gatewayRef: string | null
    businessId: string
    payableId: string
    clientKey: string
    provider: string
    amountMinor: number
    currency: string
  },
): Promise<PaymentRow> {
  const row = await tx.row<PaymentRow>(sql`
    insert into payment as p (id, business_id, payable_id, client_key, provider, gateway_ref, amount_minor, currency, state, failure_reason, expires_at, trace_parent)
    values (coalesce(${attempt.id}::uuid, gen_random_uuid()), ${attempt.businessId}, ${attempt.payableId}, ${attempt.clientKey}, ${attempt.provider}, ${attempt.gatewayRef},
      ${attempt.amountMinor}, ${attempt.currency}, 'failed', 'adopted', now(), ${currentTraceParent()}) returning ${columns}`)
  if (!row) throw new Error('An insert that returns gives a row.')
  return row
}

export function findByKey(db: Queryable, payableId: string, clientKey: string): Promise<PaymentRow | undefined> {
  return db.row(sql`select ${columns} from payment p where p.payable_id = ${payableId} and p.client_key = ${clientKey}`)
}

export function findOpen(db: Queryable, payableId: string): Promise<PaymentRow | undefined> {
  return db.row(sql`select ${columns} from payment p where p.payable_id = ${payableId} and p.state in ('intent', 'redirected', 'unknown')`)
}

/** The open attempt of a payable, and those that ended without money while their pages are still looked at: a card may yet be accepted there. */
export function findUnsettled(db: Queryable, payableId: string): Promise<{ id: string }[]> {
  return db.rows(sql`
    select p.id from payment p
    where p.payable_id = ${payableId} and (p.state in ('intent', 'redirected', 'unknown') or (p.state in ('failed', 'expired') and p.gateway_ref is not null and p.next_check_at is not null))
    order by p.created_at`)
}

export function findPayment(db: Queryable, id: string): Promise<PaymentRow | undefined> {
  return db.row(sql`select ${columns} from payment p where p.id = ${id}`)
}

export function findPayments(db: Queryable, ids: string[]): Promise<PaymentRow[]> {
  return db.rows(sql`select ${columns} from payment p where p.id = any(${ids}::uuid[])`)
}

/** Attempts whose end is not known: those a person must look at first, then the oldest. */
export function findOpenPayments(db: Queryable, limit: number): Promise<PaymentRow[]> {
  return db.rows(sql`
    select ${columns} from payment p where p.state in ('intent', 'redirected', 'unknown', 'integrity_failure')
    order by array_position(array['integrity_failure', 'unknown', 'intent', 'redirected'], p.state), p.created_at limit ${limit}`)
}

export function findByHint(db: Queryable, hint: { pageRef: string | null; attemptId: string | null }): Promise<PaymentRow | undefined> {
  return db.row(sql`
    select ${columns} from payment p where p.gateway_ref = ${hint.pageRef} or p.id = ${hint.attemptId}::uuid
    order by (p.gateway_ref = ${hint.pageRef}) desc nulls last limit 1`)
}

/** Attempts of a payable that failed while their page may still take money. */
export function findPagesLeftOpen(db: Queryable, payableId: string): Promise<PaymentRow[]> {
  return db.rows(
    sql`select ${columns} from payment p where p.payable_id = ${payableId} and p.state = 'failed' and p.gateway_ref is not null and p.expires_at > now() limit 3`,
  )
}

/** Locks the attempt; what is paid for was locked before. */
export function lockPayment(tx: Transaction, id: string): Promise<PaymentRow | undefined> {
  return tx.row(sql`select ${columns} from payment p where p.id = ${id} for update`)
}

export async function isChargeOfAnother(tx: Transaction, id: string, chargeId: string): Promise<boolean> {
  return (await tx.row(sql`select 1 from payment where gateway_charge_id = ${chargeId} and id <> ${id}`)) !== undefined
}

export async function hasPaid(tx: Transaction, chargeId: string): Promise<boolean> {
  return (await tx.row(sql`select 1 from payment where gateway_charge_id = ${chargeId} and state = 'paid'`)) !== undefined
}

/** Notes that the gateway is asked now. Undefined when it was asked less than `gapMs` ago, by whichever process. */
export function beginCheck(db: Queryable, id: string, gapMs: number): Promise<PaymentRow | undefined> {
  return db.row(sql`
    update payment p set checks = checks + 1, last_checked_at = clock_timestamp()
    where p.id = ${id} and ${gapMs === 0 ? sql`true` : sql`(p.last_checked_at is null or p.last_checked_at <= ${inMs(-gapMs)})`} returning ${columns}`)
}

/** Takes due attempts for one process; they come back by themselves after `leaseMs` if it dies. */
export function takeDue(db: Queryable, limit: number, leaseMs: number): Promise<{ id: string }[]> {
  return db.rows(sql`
    update payment set next_check_at = ${inMs(leaseMs)}
    where id in (select id from payment where next_check_at <= clock_timestamp() order by next_check_at limit ${limit} for update skip locked) returning id`)
}

export function scheduleCheck(db: Queryable, id: string, at: Temporal.Instant | null): Promise<number> {
  return db.run(sql`update payment set next_check_at = ${at} where id = ${id}`)
}

export interface PaymentChange {
  gatewayRef?: string
  redirectUrl?: string
  gatewayChargeId?: string
  disposition?: Disposition
  dispositionReason?: string
  failureReason?: string
  expiresAt?: Temporal.Instant
  nextCheckAt: Temporal.Instant | null
  callingUntil?: Temporal.Instant
}

/** Takes one step if the attempt still stands where it was read; undefined when somebody was first. */
export function stepRow(tx: Transaction, from: PaymentRow, to: PaymentState, change: PaymentChange): Promise<PaymentRow | undefined> {
  return tx.row(sql`
    update payment p set state = ${to}, updated_at = clock_timestamp(), next_check_at = ${change.nextCheckAt}, calling_until = ${change.callingUntil ?? null}, failure_reason = ${change.failureReason ?? null},
      gateway_ref = coalesce(p.gateway_ref, ${change.gatewayRef ?? null}), redirect_url = coalesce(p.redirect_url, ${change.redirectUrl ?? null}),
      gateway_charge_id = coalesce(p.gateway_charge_id, ${change.gatewayChargeId ?? null}), disposition = ${change.disposition ?? null},
      disposition_reason = ${change.dispositionReason ?? null}, expires_at = coalesce(${change.expiresAt ?? null}::timestamptz, p.expires_at)
    where p.id = ${from.id} and p.state = ${from.state} and p.updated_at = ${from.updatedAt} returning ${columns}`)
}

/** An attempt with what its own charge's refunds make of it. */
export interface PaymentStanding extends PaymentRow {
  status: PaymentState | 'refund_due' | 'refunded' | 'refund_failed'
  refundedMinor: number
}

const standing = sql`
  payment p cross join lateral (
    select coalesce(sum(r.amount_minor) filter (where r.state = 'refunded'), 0)::bigint as refunded_minor,
      case when p.state <> 'paid' then p.state when bool_or(r.state = 'failed') then 'refund_failed'
        when bool_or(r.state in ('due', 'sent', 'unknown')) then 'refund_due' when bool_or(r.state = 'refunded') then 'refunded' else p.state end as status
    from refund r where r.payment_id = p.id and r.gateway_charge_id = p.gateway_charge_id and r.set_aside_at is null) money`

/** The attempt that says most about each payable: the one that paid for it, else the one under way, else the newest. */
export function latestStandings(db: Queryable, payableIds: string[]): Promise<PaymentStanding[]> {
  return db.rows(sql`
    select distinct on (p.payable_id) ${columns}, money.status, money.refunded_minor from ${standing}
    where p.payable_id = any(${payableIds}::uuid[])
    order by p.payable_id, (p.disposition in ('applied', 'applied_late')) desc nulls last, (p.state in ('intent', 'redirected', 'unknown')) desc, p.created_at desc`)
}

/** Every attempt of one payable, oldest first. */
export function findStandings(db: Queryable, payableId: string): Promise<PaymentStanding[]> {
  return db.rows(
    sql`select ${columns}, money.status, money.refunded_minor from ${standing} where p.payable_id = ${payableId} order by p.created_at, p.id`,
  )
}

export interface PaymentFilter {
  id?: string | undefined
  /** A state of the attempt, or refund_due, refunded, refund_failed. */
  state?: string | undefined
  before?: Position | null | undefined
  /** At most so many rows. */
  limit: number
}

export function listStandings(db: Queryable, { id, state, before, limit }: PaymentFilter): Promise<PaymentStanding[]> {
  return db.rows(sql`
    select ${columns}, money.status, money.refunded_minor from ${standing}
    where ${id === undefined ? sql`true` : sql`p.id = ${id}`} and ${state === undefined ? sql`true` : sql`money.status = ${state}`}
      and ${before ? sql`(p.created_at, p.id) < (${before.createdAt}, ${before.id}::uuid)` : sql`true`}
    order by p.created_at desc, p.id desc limit ${limit}`)
}

/** How many attempts stand where somebody should look, and how long the oldest has. */
export function countOpen(db: Queryable): Promise<{ state: string; count: number; oldestAgeSeconds: number }[]> {
  return db.rows(sql`
    select state, count(*) as count, extract(epoch from clock_timestamp() - min(updated_at))::bigint as oldest_age_seconds
    from payment where state in ('intent', 'redirected', 'unknown', 'integrity_failure') group by state
    union all
    select 'refund_' || state, count(*), extract(epoch from clock_timestamp() - min(created_at))::bigint
    from refund where state in ('due', 'sent', 'unknown', 'failed') and set_aside_at is null group by state`)
}
