import { type Queryable, sql } from '#database'

export interface BookedThatDay {
  id: string
  accountId: string
  serviceId: string
  reference: string
  version: number
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  zone: string
  attendeeName: string | null
}

/** More than a business of this kind sees in a day. */
const most = 1_000

/** Confirmed bookings of one business on one day, each by the clock of its branch; earliest first. */
export function confirmedOn(db: Queryable, businessId: string, day: string): Promise<BookedThatDay[]> {
  return db.rows(sql`
    select id, account_id, service_id, reference, version, starts_at, ends_at, zone, attendee_name from booking
    where business_id = ${businessId} and status = 'confirmed'
      -- No zone is further from UTC than a day; the index finds these, the zone decides.
      and starts_at >= ${day}::date - interval '1 day' and starts_at < ${day}::date + interval '2 days'
      and (starts_at at time zone zone)::date = ${day}::date
    order by starts_at, id limit ${most}`)
}

/** Tomorrow by the clock of the business, as its latest booking has it. */
export async function tomorrowOf(db: Queryable, businessId: string): Promise<string> {
  const row = await db.row<{ day: string }>(sql`
    select ((now() at time zone coalesce(
      (select zone from booking where business_id = ${businessId} order by starts_at desc limit 1), 'Asia/Riyadh'))::date + 1)::text as day`)
  return row!.day
}
