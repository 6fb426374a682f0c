import { type Database, type Queryable, sql } from '#database'
import type { GatewayCharge, GatewayWindow } from './gateway.ts'
import type { PaymentState } from './payment-states.ts'

export interface ReconciliationRow {
  id: string
  startedAt: Temporal.Instant
  fromAt: Temporal.Instant
  toAt: Temporal.Instant
  finishedAt: Temporal.Instant | null
  /** Whether everything in the window was compared. */
  complete: boolean
  /** Charges of the gateway that were looked at. */
  seen: number
  /** Of them, what we learned of only now, and put right. */
  repaired: number
  /** Items opened for a person. */
  opened: number
  error: string | null
}

const columns = sql`id, started_at, from_at, to_at, finished_at, complete, seen, repaired, opened, error`

/** Which server, and which history of it, this is: another answer than last time means that it was restored or failed over. */
export async function databaseIdentity(db: Queryable): Promise<string> {
  const row = await db
    .row<{ identity: string }>(
      sql`select system_identifier::text || '/' || timeline_id as identity from pg_control_system(), pg_control_checkpoint()`,
    )
    // Some hosts do not let anyone ask; then only the passing of time says when to look.
    .catch(() => undefined)
  return row?.identity ?? 'not told'
}

export interface Standing {
  now: Temporal.Instant
  lastStartedAt: Temporal.Instant | null
  lastComplete: { toAt: Temporal.Instant; finishedAt: Temporal.Instant; databaseIdentity: string } | null
}

export async function readStanding(db: Queryable): Promise<Standing> {
  const row = await db.row<{
    now: Temporal.Instant
    lastStartedAt: Temporal.Instant | null
    toAt: Temporal.Instant | null
    finishedAt: Temporal.Instant | null
    databaseIdentity: string | null
  }>(sql`
    select clock_timestamp() as now, (select max(started_at) from reconciliation) as last_started_at, last.to_at, last.finished_at, last.database_identity
    from (select 1) one left join lateral (
      select to_at, finished_at, database_identity from reconciliation where complete order by finished_at desc limit 1) last on true`)
  if (!row) throw new Error('A select without conditions gives a row.')
  const { now, lastStartedAt, toAt, finishedAt, databaseIdentity: identity } = row
  return {
    now,
    lastStartedAt,
    lastComplete: toAt && finishedAt && identity !== null ? { toAt, finishedAt, databaseIdentity: identity } : null,
  }
}

/** Takes the turn to compare; undefined when somebody has it. Whoever died gave it back by the passing of time. */
export async function beginRun(
  db: Queryable,
  run: { window: GatewayWindow; identity: string; by: string | null; leaseMs: number },
): Promise<ReconciliationRow | undefined> {
  await db.run(sql`update reconciliation set finished_at = now(), error = 'interrupted' where finished_at is null and lease_until < now()`)
  return db.row(sql`
    insert into reconciliation (from_at, to_at, database_identity, by_account, lease_until)
    values (${run.window.from}, ${run.window.to}, ${run.identity}, ${run.by}, now() + ${run.leaseMs} * interval '1 millisecond')
    on conflict do nothing returning ${columns}`)
}

export async function endRun(
  db: Queryable,
  id: string,
  end: Pick<ReconciliationRow, 'complete' | 'seen' | 'repaired' | 'opened' | 'error'>,
): Promise<ReconciliationRow> {
  const row = await db.row<ReconciliationRow>(sql`
    update reconciliation set finished_at = now(), complete = ${end.complete}, seen = ${end.seen}, repaired = ${end.repaired}, opened = ${end.opened}, error = ${end.error}
    where id = ${id} returning ${columns}`)
  if (!row) throw new Error(`The reconciliation ${id} is gone.`)
  return row
}

export function latestRun(db: Queryable): Promise<ReconciliationRow | undefined> {
  return db.row(sql`select ${columns} from reconciliation where finished_at is not null order by finished_at desc limit 1`)
}

export async function lastSuccess(db: Queryable): Promise<Temporal.Instant | null> {
  return (await db.row<{ at: Temporal.Instant | null }>(sql`select max(finished_at) as at from reconciliation where complete`))?.at ?? null
}

/** What we know of one charge of the gateway. */
export interface KnownCharge {
  chargeId: string
  /** The payment that this very charge paid. */
  paymentId: string | null
  /** That one, else the attempt whose page or id the charge names. */
  nearId: string | null
  nearState: PaymentState | null
  nearPageRef: string | null
  businessId: string | null
  amountMinor: number | null
  currency: string | null
  /** Whether any refund returns it. */
  isReturned: boolean
  refundedMinor: number
  refundOpenMinor: number
  /** A person decided before that it stays as it is. */
  isWrittenOff: boolean
}

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** One row for each charge, in no order; one statement however many. */
export function findKnown(db: Queryable, charges: readonly Pick<GatewayCharge, 'id' | 'pageRef' | 'attemptId'>[]): Promise<KnownCharge[]> {
  const ids = charges.map(({ id }) => id)
  const pages = charges.map(({ pageRef }) => pageRef)
  const attempts = charges.map(({ attemptId }) => (attemptId !== null && isId.test(attemptId) ? attemptId : null))
  return db.rows(sql`
    select c.id as charge_id, own.id as payment_id, near.id as near_id, near.state as near_state, near.gateway_ref as near_page_ref, near.business_id,
      own.amount_minor, own.currency, returned.rows > 0 as is_returned, returned.refunded_minor, returned.refund_open_minor,
      exists (
        select from money_difference d where d.gateway_charge_id = c.id and d.resolution = 'written_off'
          and d.kind in ('paid_unknown_to_us', 'second_page_paid', 'integrity_failure')) as is_written_off
    from unnest(${ids}::text[], ${pages}::text[], ${attempts}::uuid[]) as c (id, page_ref, attempt_id)
    left join payment own on own.gateway_charge_id = c.id and own.state = 'paid'
    left join payment near on near.id = coalesce(
      own.id, (select p.id from payment p where p.gateway_charge_id = c.id), (select p.id from payment p where p.gateway_ref = c.page_ref), (select p.id from payment p where p.id = c.attempt_id))
    cross join lateral (
      select count(*) as rows, coalesce(sum(r.amount_minor) filter (where r.state = 'refunded'), 0)::bigint as refunded_minor,
        coalesce(sum(r.amount_minor) filter (where r.state in ('due', 'sent', 'unknown')), 0)::bigint as refund_open_minor
      from refund r where r.gateway_charge_id = c.id and (r.set_aside_at is null or r.state = 'failed')) returned`)
}

/** Payments and refunds of ours in the window whose charge was not on the gateway's list: each is asked about by itself. */
export function findUnlisted(
  db: Queryable,
  { from, to }: GatewayWindow,
  listed: readonly string[],
  limit: number,
): Promise<{ chargeId: string | null; paymentId: string | null }[]> {
  return db.rows(sql`
    select gateway_charge_id as charge_id, id as payment_id from payment
    where state = 'paid' and created_at >= ${from} and created_at < least(${to}, now()) and (gateway_charge_id is null or gateway_charge_id <> all(${listed}::text[]))
    union
    select r.gateway_charge_id, r.payment_id from refund r
    where r.updated_at >= ${from} and r.updated_at < least(${to}, now()) and r.set_aside_at is null and r.gateway_charge_id <> all(${listed}::text[])
      and not exists (select from payment p where p.gateway_charge_id = r.gateway_charge_id and p.created_at >= ${from})
    limit ${limit}`)
}

/** Whether a charge has an open item of any kind. */
export async function hasOpenItem(db: Database, chargeId: string): Promise<boolean> {
  return (await db.row(sql`select 1 from money_difference where gateway_charge_id = ${chargeId} and resolved_at is null`)) !== undefined
}
