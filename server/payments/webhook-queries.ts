import { type Queryable, sql } from '#database'
import { currentTraceParent } from '#foundation'

export interface WaitingEvent {
  id: string
  payload: Record<string, unknown>
  attempts: number
  ageSeconds: number
  traceParent: string | null
}

/** Keeps an event; false when the vendor sent this one before. */
export async function keepEvent(
  db: Queryable,
  event: { provider: string; eventId: string; eventType: string; payload: Record<string, unknown> },
): Promise<boolean> {
  const kept = await db.run(sql`
    insert into webhook_event (provider, event_id, event_type, payload, trace_parent) values (${event.provider}, ${event.eventId}, ${event.eventType}, ${event.payload}, ${currentTraceParent()})
    on conflict (provider, event_id) do nothing`)
  return kept === 1
}

/** Takes events to act on for one process; they come back by themselves after `leaseMs` if it dies. */
export function takeWaiting(db: Queryable, provider: string, limit: number, leaseMs: number): Promise<WaitingEvent[]> {
  return db.rows(sql`
    update webhook_event set attempts = attempts + 1, next_try_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where id in (
      select id from webhook_event where processed_at is null and next_try_at <= clock_timestamp() and provider = ${provider}
      order by next_try_at limit ${limit} for update skip locked)
    returning id, payload, attempts, extract(epoch from clock_timestamp() - received_at)::float8 as age_seconds, trace_parent`)
}

export async function endEvents(db: Queryable, ids: string[], result: string): Promise<void> {
  await db.run(sql`update webhook_event set processed_at = clock_timestamp(), result = ${result} where id = any(${ids}::uuid[])`)
}

export async function lookAgain(db: Queryable, ids: string[], ms: number): Promise<void> {
  await db.run(
    sql`update webhook_event set next_try_at = clock_timestamp() + ${ms} * interval '1 millisecond' where id = any(${ids}::uuid[]) and processed_at is null`,
  )
}
