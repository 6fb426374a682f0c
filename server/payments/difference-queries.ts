import { type Queryable, sql, type Transaction } from '#database'
import type { DifferenceKind, Resolution } from './difference-kinds.ts'

export interface DifferenceRow {
  id: string
  businessId: string | null
  kind: DifferenceKind
  subject: string
  paymentId: string | null
  refundId: string | null
  gatewayChargeId: string | null
  oursMinor: number | null
  theirsMinor: number | null
  currency: string | null
  details: Record<string, unknown>
  openedAt: Temporal.Instant
  lastSeenAt: Temporal.Instant
  resolvedAt: Temporal.Instant | null
  resolution: Resolution | null
  resolvedBy: string | null
  reason: string | null
  now: Temporal.Instant
}

export type NewDifference = Pick<DifferenceRow, 'kind' | 'subject'> &
  Partial<
    Pick<DifferenceRow, 'businessId' | 'paymentId' | 'refundId' | 'gatewayChargeId' | 'oursMinor' | 'theirsMinor' | 'currency' | 'details'>
  >

const columns = sql`
  id, business_id, kind, subject, payment_id, refund_id, gateway_charge_id, ours_minor, theirs_minor, currency, details,
  opened_at, last_seen_at, resolved_at, resolution, resolved_by, reason, clock_timestamp() as now`

/** Opens an item, or brings the open one of its kind and subject up to date. False when it was open, or when a person wrote just this off before. */
export async function openDifference(db: Queryable, item: NewDifference): Promise<boolean> {
  const { kind, subject, businessId = null, paymentId = null, refundId = null, gatewayChargeId = null } = item
  const { oursMinor = null, theirsMinor = null, currency = null, details = {} } = item
  const row = await db.row<{ isNew: boolean }>(sql`
    insert into money_difference as d (kind, subject, business_id, payment_id, refund_id, gateway_charge_id, ours_minor, theirs_minor, currency, details)
    select ${kind}, ${subject}, ${businessId}::uuid, ${paymentId}::uuid, ${refundId}::uuid, ${gatewayChargeId}, ${oursMinor}::bigint, ${theirsMinor}::bigint, ${currency}, ${details}::jsonb
    where not exists (
      select from money_difference o where o.kind = ${kind} and o.subject = ${subject} and o.resolution = 'written_off'
        and o.ours_minor is not distinct from ${oursMinor}::bigint and o.theirs_minor is not distinct from ${theirsMinor}::bigint)
    on conflict (kind, subject) where resolved_at is null do update set last_seen_at = now(), ours_minor = excluded.ours_minor, theirs_minor = excluded.theirs_minor,
      payment_id = coalesce(d.payment_id, excluded.payment_id), business_id = coalesce(d.business_id, excluded.business_id),
      gateway_charge_id = coalesce(d.gateway_charge_id, excluded.gateway_charge_id), details = d.details || excluded.details
    returning (xmax = 0) as is_new`)
  return row?.isNew ?? false
}

export function findDifference(db: Queryable, id: string): Promise<DifferenceRow | undefined> {
  return db.row(sql`select ${columns} from money_difference where id = ${id}`)
}

/** What it is about was locked before. */
export function lockDifference(tx: Transaction, id: string): Promise<DifferenceRow | undefined> {
  return tx.row(sql`select ${columns} from money_difference where id = ${id} for update`)
}

/** Open ones, oldest first. */
export function findOpenDifferences(db: Queryable, limit: number): Promise<DifferenceRow[]> {
  return db.rows(sql`select ${columns} from money_difference where resolved_at is null order by opened_at, id limit ${limit}`)
}

export async function resolve(
  tx: Transaction,
  id: string,
  { resolution, by, reason }: { resolution: Resolution; by: string; reason: string },
): Promise<void> {
  await tx.run(sql`
    update money_difference set resolved_at = now(), resolution = ${resolution}, resolved_by = ${by}, reason = ${reason} where id = ${id} and resolved_at is null`)
}

/** Whether there is, or was, an item of this kind about this. */
export async function hasItemOf(db: Queryable, kind: DifferenceKind, subject: string): Promise<boolean> {
  return (await db.row(sql`select 1 from money_difference where kind = ${kind} and subject = ${subject}`)) !== undefined
}

/** Charges that were just compared and agree: what was open about them has been put right meanwhile. */
export function resolveAgreeing(db: Queryable, chargeIds: string[]): Promise<number> {
  return db.run(sql`
    update money_difference set resolved_at = now(), resolution = 'repaired'
    where resolved_at is null and gateway_charge_id = any(${chargeIds}::text[]) and kind not in ('refund_failed', 'integrity_failure', 'chargeback')`)
}

/** Items that stand for a state of ours follow that state: opened when it was missed, resolved once it is left. Resolves with how many were opened. */
export async function followStates(db: Queryable): Promise<number> {
  await db.run(sql`
    update money_difference d set resolved_at = now(), resolution = 'repaired' where d.resolved_at is null and (
      d.kind = 'integrity_failure' and not exists (select from payment p where p.id = d.payment_id and p.state = 'integrity_failure')
      or d.kind = 'refund_failed' and not exists (select from refund r where r.id = d.refund_id and r.state = 'failed' and r.set_aside_at is null))`)
  return db.run(sql`
    insert into money_difference (kind, subject, business_id, payment_id, refund_id, gateway_charge_id, ours_minor, currency, details)
    select 'integrity_failure', p.id::text, p.business_id, p.id, null::uuid, null, p.amount_minor, p.currency, jsonb_build_object('reason', p.failure_reason)
    from payment p where p.state = 'integrity_failure'
    union all
    select 'refund_failed', r.id::text, p.business_id, r.payment_id, r.id, r.gateway_charge_id, r.amount_minor, coalesce(r.currency, p.currency), jsonb_build_object('reason', r.failure_reason)
    from refund r left join payment p on p.id = r.payment_id where r.state = 'failed' and r.set_aside_at is null
    on conflict (kind, subject) where resolved_at is null do nothing`)
}

/** Whether a person has decided about this charge of this attempt: then the same answer raises no new alarm. */
export async function isDecided(db: Queryable, paymentId: string, chargeId: string | null): Promise<boolean> {
  const found = await db.row(sql`
    select 1 from money_difference where payment_id = ${paymentId} and kind = 'integrity_failure' and resolution in ('refunded', 'written_off')
      and gateway_charge_id is not distinct from ${chargeId}`)
  return found !== undefined
}

/** Whether a person decided that this charge stays as it is: then it pays nothing any more. */
export async function isWrittenOff(tx: Transaction, chargeId: string): Promise<boolean> {
  const found = await tx.row(sql`
    select 1 from money_difference where gateway_charge_id = ${chargeId} and resolution = 'written_off'
      and kind in ('paid_unknown_to_us', 'second_page_paid', 'integrity_failure')`)
  return found !== undefined
}

/** Open items by kind: only kinds that have any. */
export function countOpenDifferences(db: Queryable): Promise<{ kind: DifferenceKind; count: number }[]> {
  return db.rows(sql`select kind, count(*) as count from money_difference where resolved_at is null group by kind`)
}
