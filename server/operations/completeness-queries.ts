/*
 * Completeness: what ought to have been told, found from the changes themselves and not from the code that tells. Like the rest
 * of operations it reads across the modules' tables and writes nothing.
 */
import { type Queryable, sql, type Sql } from '#database'

/** A change of somebody's role or of a business's choice this short before a booking's own may not have been seen by it. */
const moment = sql`interval '1 minute'`

/** Steps of bookings, by the audit of the last week. */
const changes = sql`
  select e.id, e.at, e.action, e.actor_id, e.actor_kind in ('staff', 'operator') as by_business, e.details ->> 'from' as came_from, e.details ->> 'disposition' as disposition,
    coalesce((e.details ->> 'version')::integer, 1) as version, b.id as about_id, b.business_id, b.account_id, b.awaits = 'approval' as asked
  from audit_entry e join booking b on b.id = e.subject_id
  where e.subject = 'booking' and e.id > (select uuidv7(interval '-7 days'))`

/** What a customer is told of each step. A hold that nobody was told of needs no word that it is gone. */
const customersOwed = sql`
  select c.id, told.kind from change c cross join lateral (values
    ('booking-confirmed', c.action = 'booking.confirmed' and c.disposition is distinct from 'applied_late'),
    ('payment-applied-late', c.action = 'booking.confirmed' and c.disposition = 'applied_late'),
    ('booking-waiting', c.action = 'booking.held' and c.asked),
    ('booking-rescheduled', c.action = 'booking.rescheduled'),
    ('booking-cancelled', (c.action = 'booking.cancelled' and (c.came_from = 'confirmed' or (c.asked and c.by_business))) or (c.action = 'booking.expired' and c.asked))
  ) told (kind, owed)
  where told.owed and not exists (
    select from notification n where n.about_id = c.about_id and n.kind = told.kind and n.version = c.version)`

/** A receipt is a message of its own, or a sentence of the confirmation. */
const receiptsOwed = sql`
  select c.id, 'payment-received' from change c
  where c.action = 'booking.confirmed' and c.disposition = 'applied' and not exists (
    select from notification n where n.about_id = c.about_id and n.version = c.version
      and (n.kind = 'payment-received' or (n.kind = 'booking-confirmed' and n.data -> 'amount' is not null)))`

/** Everyone who works there, but whoever made the change, unless the business chose otherwise. */
const staffOwed = sql`
  select distinct on (c.id, told.kind, g.account_id) c.id, told.kind from change c cross join lateral (values
    ('staff-booking-new', (c.action = 'booking.confirmed' and not c.by_business) or (c.action = 'booking.held' and c.asked)),
    ('staff-booking-changed', c.action = 'booking.rescheduled'),
    ('staff-booking-cancelled', c.action = 'booking.cancelled' and (c.came_from = 'confirmed' or c.asked))
  ) told (kind, owed)
  join role_grant g on g.business_id = c.business_id and g.role in ('owner', 'staff') and g.granted_at < c.at - ${moment}
  join account a on a.id = g.account_id and a.status = 'active'
  where told.owed and g.account_id is distinct from c.actor_id and (told.kind <> 'staff-booking-new' or g.account_id <> c.account_id)
    and exists (select from login_identifier i where i.account_id = g.account_id and i.active_to is null)
    and not exists (select from messaging_choice m where m.business_id = c.business_id and (not m.staff_told or m.updated_at >= c.at - ${moment}))
    and not exists (
      select from notification n where n.about_id = c.about_id and n.kind = told.kind and n.version = c.version and n.occasion = g.account_id::text)`

const refundsOwed = sql`
  select r.id, 'refund-made' from refund r join payment p on p.id = r.payment_id join booking b on b.order_id = p.payable_id
  where r.state = 'refunded' and r.set_aside_at is null and r.updated_at > now() - interval '7 days' and not exists (
    select from notification n where n.about_id = b.id and n.kind = 'refund-made' and n.occasion = r.id::text)`

/** Changes of the last week whose message row was never written. */
export function changesWithoutMessage(): Sql {
  return sql`with change as materialized (${changes}) ${customersOwed} union all ${receiptsOwed} union all ${staffOwed} union all ${refundsOwed}`
}

/** What is told by the passing of time and was not: a moment that nobody looked at, and a reminder whose row is not there. */
export function untoldInTime(): Sql {
  return sql`
    select b.id from booking b
    where b.status in ('held', 'confirmed') and b.tell_at <= now() - interval '5 minutes' and (b.expires_at is null or b.expires_at > now())
    union all
    select b.id from booking b left join messaging_choice m on m.business_id = b.business_id
    cross join lateral (
      select min(each) as minutes from unnest(coalesce(m.reminder_minutes, '{1440,120}')) each
      where b.starts_at - each * interval '1 minute' between b.updated_at + ${moment} and now() - interval '5 minutes') due
    where b.status = 'confirmed' and b.starts_at > now() and due.minutes is not null and b.tell_at is distinct from b.starts_at - due.minutes * interval '1 minute'
      and (m.updated_at is null or m.updated_at < b.updated_at)
      and not exists (
        select from notification n where n.about_id = b.id and n.kind = 'booking-reminder' and n.version = b.version and n.occasion::integer <= due.minutes)`
}

/** What is missed by `changesWithoutMessage`, in the order in which a figure says it. */
const kindsOwed = [
  'booking-confirmed',
  'payment-received',
  'payment-applied-late',
  'refund-made',
  'booking-waiting',
  'booking-rescheduled',
  'booking-cancelled',
  'staff-booking-new',
  'staff-booking-changed',
  'staff-booking-cancelled',
]

/** Of each message kind, how many changes lack its row: all kinds, so that a gauge says 0 rather than nothing. */
export function countMissingMessages(db: Queryable): Promise<{ kind: string; missing: number }[]> {
  return db.rows(sql`
    select kinds.kind, count(missing.kind) as missing
    from unnest(${kindsOwed}::text[]) kinds (kind)
    left join (${changesWithoutMessage()}) missing on missing.kind = kinds.kind
    group by kinds.kind`)
}
