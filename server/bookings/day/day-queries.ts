import { type Queryable, sql } from '#database'
import type { BookingStatus } from '../booking-states.ts'
import type { Awaits } from '../queries.ts'

export interface DayRow {
  businessId: string
  id: string
  accountId: string
  serviceId: string
  reference: string
  status: BookingStatus
  version: number
  awaits: Awaits
  expiresAt: Temporal.Instant | null
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  zone: string
  attendeeName: string | null
}

const columns = sql`business_id, id, account_id, service_id, reference, status, version, awaits, expires_at, starts_at, ends_at, zone, attendee_name`
/** More than a business of this kind sees in a day. */
const most = 500
/** Of those that wait, as many as somebody answers in one sitting. */
const mostWaiting = 50

/** What happens, happened or was called off on one day, by the clock of each branch; earliest first. A hold that ran out never was. */
export function bookingsOn(db: Queryable, businessId: string, day: string): Promise<DayRow[]> {
  return db.rows(sql`
    select ${columns} from booking
    where business_id = ${businessId} and status <> 'expired' and (status <> 'held' or expires_at > now())
      -- No zone is further from UTC than a day; the index finds these, the zone decides.
      and starts_at >= ${day}::date - interval '1 day' and starts_at < ${day}::date + interval '2 days'
      and (starts_at at time zone zone)::date = ${day}::date
    order by starts_at, id limit ${most}`)
}

/** What waits for the business's yes on any day; what runs out first comes first. */
export function waitingForYes(db: Queryable, businessId: string): Promise<DayRow[]> {
  return db.rows(sql`
    select ${columns} from booking
    where business_id = ${businessId} and status = 'held' and awaits = 'approval' and expires_at > now()
    order by expires_at, id limit ${mostWaiting}`)
}
