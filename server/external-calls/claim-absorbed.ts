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
  /** How often it was claimed, this time included; whoever writes its end proves by it that the claim is still theirs. */
  attempts: number
  /** Its time has passed: said now it would only confuse. */
  overdue: boolean
  traceParent: string | null
  /** How many attempts at it never came to an end, because the process did. */
  interruptions: number
}

/** Which calls to claim: these, or the oldest that have been due for `dueForMs` at least. */
export type ClaimWish = { ids: string[] } | { limit: number; dueForMs: number }

/**
 * Claims pending calls by lease, skipping what others hold. A claim is a lease and not a state: a process that dies
 * gives its calls back by the passing of time. An attempt such a process left open is closed here as unknown and made
 * again: these texts are safe to repeat, and told twice is better than never.
 */
export function claimAbsorbed(database: Queryable, leaseMs: number, wish: ClaimWish): Promise<ClaimedCall[]> {
  const chosen =
    'ids' in wish
      ? sql`id = any(${wish.ids}::uuid[]) and next_attempt_at <= now() limit ${wish.ids.length}`
      : sql`next_attempt_at <= now() - ${wish.dueForMs} * interval '1 millisecond' order by next_attempt_at limit ${wish.limit}`
  return database.rows<ClaimedCall>(sql`
    with due as materialized (
      select id from notification where state = 'PENDING' and (lease_until is null or lease_until <= now()) and ${chosen} for update skip locked
    ), interrupted as (
      update notification_attempt a set finished_at = now(), result = 'unknown', error_type = 'interrupted', detail = 'The process ended before the answer.'
      from due where a.notification_id = due.id and a.finished_at is null
      returning a.notification_id
    )
    update notification n set lease_until = now() + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
    from due where n.id = due.id
    returning n.id, n.business_id, n.about_id, n.kind, n.version, n.occasion, n.channel, n.recipient, n.locale, n.data, n.attempts, n.trace_parent, n.not_after <= now() as overdue,
      (select count(*) from interrupted i where i.notification_id = n.id)
      + (select count(*) from notification_attempt a where a.notification_id = n.id and a.error_type = 'interrupted') as interruptions`)
}
