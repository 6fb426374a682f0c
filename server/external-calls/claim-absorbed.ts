import { type Queryable, sql } from '#database'

/** A promised call, claimed by lease: until the lease runs out nobody else delivers it. */
export interface ClaimedCall {
  id: string
  businessId: string
  aboutId: string
  kind: string
  version: number
  occasion: string
  channel: 'sms' | 'email' | 'whatsapp'
  recipient: string
  locale: 'ar' | 'en'
  data: Record<string, unknown>
  /** The person's number, on whatever channel. */
  phone: string | null
  notAfter: Temporal.Instant
  createdAt: Temporal.Instant
  /** By the database's clock, as all the others: a server whose clock jumped must not think it old. */
  claimedAt: Temporal.Instant
  /** How often vendors were asked in vain before. */
  tries: number
  /** How often it was claimed, this time included; whoever writes its end proves by it that the claim is still theirs. */
  attempts: number
  /** Its time has passed: said now it would only confuse. */
  overdue: boolean
  traceParent: string | null
  /** Taken over from a process that held it for too long. */
  reclaimed: boolean
  /** How many attempts at it never came to an end, because the process did. */
  interruptions: number
}

/** Which calls to claim: these, or so many that have been due for `dueForMs` at least. */
export type ClaimWish = { ids: string[] } | { limit: number; dueForMs: number }

/** Of one business in one claim: whoever has more waits behind others. */
const perBusiness = 10

/**
 * Claims pending calls by lease, skipping what others hold: of each business its oldest, each business's first before any
 * business's second. A claim is a lease and not a state: a process that dies gives its calls back by the passing of time. An
 * attempt such a process left open is closed here as unknown and made again: these texts are safe to repeat, and told twice is
 * better than never.
 */
export function claimAbsorbed(database: Queryable, leaseMs: number, wish: ClaimWish): Promise<ClaimedCall[]> {
  const free = sql`state = 'PENDING' and (lease_until is null or lease_until <= now())`
  const due =
    'ids' in wish
      ? sql`due as materialized (
          select id from notification where ${free} and id = any(${wish.ids}::uuid[]) and next_attempt_at <= now() for update skip locked
        )`
      : sql`waiting as (
          (select business_id from notification where state = 'PENDING' order by business_id limit 1)
          union all
          select (select n.business_id from notification n where n.state = 'PENDING' and n.business_id > w.business_id order by n.business_id limit 1)
          from waiting w where w.business_id is not null
        ), oldest as materialized (
          select n.id, n.business_id, n.next_attempt_at from waiting w cross join lateral (
            select id, business_id, next_attempt_at from notification
            where business_id = w.business_id and ${free} and next_attempt_at <= now() - ${wish.dueForMs} * interval '1 millisecond'
            order by next_attempt_at limit ${Math.min(perBusiness, wish.limit)} for update skip locked
          ) n
        ), due as materialized (
          select id from oldest
          order by row_number() over (partition by business_id order by next_attempt_at), next_attempt_at limit ${wish.limit}
        )`
  return database.rows<ClaimedCall>(sql`
    with recursive ${due}, interrupted as (
      update notification_attempt a set finished_at = now(), result = 'unknown', error_type = 'interrupted', error_class = 'ambiguous', detail = 'The process ended before the answer.'
      from due where a.notification_id = due.id and a.finished_at is null
      returning a.notification_id
    )
    update notification n set lease_until = now() + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
    from due where n.id = due.id
    returning n.id, n.business_id, n.about_id, n.kind, n.version, n.occasion, n.channel, n.recipient, n.phone, n.locale, n.data, n.attempts, n.tries,
      n.not_after, n.created_at, now() as claimed_at, n.trace_parent, n.not_after <= now() as overdue, old.lease_until is not null as reclaimed,
      (select count(*) from interrupted i where i.notification_id = n.id)
      + (select count(*) from notification_attempt a where a.notification_id = n.id and a.error_type = 'interrupted') as interruptions`)
}
