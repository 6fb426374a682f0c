/*
 * The only place that reads across the modules' tables. Operations is the last module and watches all others: a question
 * such as "is there money without a booking?" belongs to none of them, and asking it through their doors would ask the
 * very code that is being checked. Nothing here writes.
 */
import { type Queryable, sql, type Sql } from '#database'
import { changesWithoutMessage, untoldInTime } from './completeness-queries.ts'

/** A promise of the house as a count of what breaks it; every one is 0 in a sound database. */
export const invariants = {
  // P1
  overlapping_claims: sql`
    select count(*) from claim a join claim b
      on b.business_id = a.business_id and b.resource_id = a.resource_id and b.during && a.during and b.id > a.id
    where a.state in ('held', 'booked') and b.state in ('held', 'booked') and upper(a.during) > now() - interval '7 days'`,
  confirmed_booking_without_claim: sql`
    select count(*) from booking b where b.status = 'confirmed'
      and not exists (select from claim c where c.business_id = b.business_id and c.holder_id = b.id and c.state = 'booked')`,
  live_claim_without_booking: sql`
    select count(*) from claim c where c.state in ('held', 'booked') and upper(c.during) > now() - interval '7 days'
      and not exists (select from booking b where b.id = c.holder_id and b.status not in ('cancelled', 'expired'))`,
  // P2
  confirmed_booking_without_payment: sql`
    select count(*) from booking b join customer_order o on o.business_id = b.business_id and o.id = b.order_id
    where b.status = 'confirmed' and o.due_now_minor > 0
      and not exists (
        select from payment p where p.payable_id = o.id and p.state = 'paid' and p.disposition in ('applied', 'applied_late')
          and p.amount_minor = o.due_now_minor and p.currency = o.currency)`,
  // P3
  paid_without_disposition: sql`select count(*) from payment where state = 'paid' and disposition is null`,
  applied_without_confirmed_booking: sql`
    select count(*) from payment p where p.state = 'paid' and p.disposition in ('applied', 'applied_late') and p.created_at > now() - interval '35 days'
      and not exists (select from booking b where b.order_id = p.payable_id and b.status not in ('held', 'expired'))`,
  refund_due_without_refund: sql`
    select count(*) from payment p where p.disposition = 'refund_due' and not exists (select from refund r where r.payment_id = p.id)`,
  money_open_too_long: sql`
    select (select count(*) from payment where state = 'integrity_failure' or (state in ('intent', 'unknown') and created_at <= now() - interval '15 minutes'))
         + (select count(*) from refund where state in ('due', 'unknown', 'failed') and set_aside_at is null and created_at <= now() - interval '15 minutes') as count`,
  difference_open_too_long: sql`select count(*) from money_difference where resolved_at is null and opened_at <= now() - interval '15 minutes'`,
  charge_not_posted: sql`
    select count(*) from payment p where p.state = 'paid' and p.created_at > now() - interval '35 days' and not exists (
      select from ledger_entry l where l.business_id = p.business_id and l.fact = 'charge:' || p.gateway_charge_id and l.amount_minor = p.amount_minor and l.currency = p.currency)`,
  refund_not_posted: sql`
    select count(*) from refund r where r.state = 'refunded' and r.created_at > now() - interval '35 days' and r.payment_id is not null and r.set_aside_at is null and not exists (
      select from ledger_entry l where l.payment_id = r.payment_id and l.kind = 'refund' and l.fact like 'refund:' || r.id || ':%' and l.amount_minor = r.amount_minor)`,
  // Every entry is balanced by its shape; what can go wrong is that more leaves an order than came.
  ledger_overdrawn: sql`
    select count(*) from (
      select payable_id from ledger_entry where 'order' in (debit, credit)
        and payable_id in (select payable_id from ledger_entry where posted_at > now() - interval '2 days') group by payable_id, currency
      having sum(case when credit = 'order' then amount_minor else -amount_minor end) < 0) overdrawn`,
  // P4
  order_paid_twice: sql`
    select count(*) from (select payable_id from payment where state = 'paid' and disposition in ('applied', 'applied_late') group by payable_id having count(*) > 1) twice`,
  // P5
  notification_overdue: sql`select count(*) from notification where state = 'PENDING' and next_attempt_at <= now() - interval '5 minutes'`,
  notification_missing: sql`select count(*) from (${changesWithoutMessage()}) missing`,
  untold_in_time: sql`select count(*) from (${untoldInTime()}) untold`,
} as const satisfies Record<string, Sql>

export type InvariantName = keyof typeof invariants

export async function countViolations(db: Queryable, name: InvariantName): Promise<number> {
  return (await db.row<{ count: number }>(invariants[name]))?.count ?? 0
}

/** The names of the migrations this database has had. */
export async function appliedMigrations(db: Queryable): Promise<Set<string>> {
  return new Set((await db.rows<{ name: string }>(sql`select name from schema_migration`)).map(({ name }) => name))
}
