import { type Queryable, sql } from '#database'

/* Figures that no module has for itself, read across their tables. Nothing here writes, and nothing names a person or a business. */

export interface MessageFigures {
  channel: string
  /** Of the failed message that has waited longest for somebody to look at it; 0 when none waits. */
  oldestFailedAgeSeconds: number
  /** Among yesterday's and today's messages that any report came for, how many arrived; null without reports. */
  deliveredRatio: number | null
}

export function messageFigures(db: Queryable): Promise<MessageFigures[]> {
  return db.rows(sql`
    select c.channel,
      coalesce((select extract(epoch from now() - min(coalesce(n.ended_at, n.created_at)))::float8 from notification n
        where n.state = 'FAILED' and n.acknowledged_at is null and n.channel = c.channel
          and not exists (select from notification s where s.stands_in_for = n.id)), 0) as oldest_failed_age_seconds,
      (select (count(*) filter (where n.delivery in ('delivered', 'read')))::float8 / nullif(count(*), 0) from notification n
        where n.channel = c.channel and n.created_at > now() - interval '1 day' and n.delivery in ('delivered', 'read', 'undelivered')) as delivered_ratio
    from (values ('sms'), ('email'), ('whatsapp')) c (channel)`)
}

/** Fewer codes than this say nothing about a country. */
const leastCodes = 10

/** Of the codes that went out a while ago, how many somebody typed in, by country. */
export function codeConversion(db: Queryable): Promise<{ country: string; ratio: number }[]> {
  return db.rows(sql`
    select country, (count(*) filter (where used_at is not null))::float8 / count(*) as ratio from code_challenge
    where expires_at > now() - interval '30 minutes' and created_at between now() - interval '30 minutes' and now() - interval '2 minutes'
      and delivery in ('sent', 'unknown')
    group by country having count(*) >= ${leastCodes}`)
}

export interface CanaryFigures {
  channel: string
  /** When the vendor last took one; before the first, when the first was written. */
  successAt: Temporal.Instant
  /** When one last arrived, by the vendor's report; null: none ever reported. */
  deliveredAt: Temporal.Instant | null
  lastAt: Temporal.Instant
}

export function canaryFigures(db: Queryable): Promise<CanaryFigures[]> {
  return db.rows(sql`
    select channel, coalesce(max(ended_at) filter (where state = 'SENT'), min(created_at)) as success_at,
      max(delivery_at) filter (where delivery in ('delivered', 'read')) as delivered_at, max(created_at) as last_at
    from notification where kind = 'canary' and stands_in_for is null and created_at > now() - interval '7 days' group by channel`)
}

/** Writes of canaries are one at a time, in any number of processes: asked inside the transaction that writes. */
export async function takeCanaryTurn(db: Queryable): Promise<boolean> {
  return (await db.row<{ taken: boolean }>(sql`select pg_try_advisory_xact_lock(4_207_331) as taken`))?.taken ?? false
}

/** Rows about messages belong to a business; the canary's to the oldest one. Null when there is none yet. */
export async function oldestBusiness(db: Queryable): Promise<string | null> {
  return (await db.row<{ id: string }>(sql`select id from business order by created_at, id limit 1`))?.id ?? null
}

export async function databaseClock(db: Queryable): Promise<{ epochSeconds: number; schemaVersion: number }> {
  const row = await db.row<{ epochSeconds: number; schemaVersion: number }>(sql`
    select extract(epoch from clock_timestamp())::float8 as epoch_seconds,
      (select coalesce(max(left(name, 4)::integer), 0) from schema_migration) as schema_version`)
  return row ?? { epochSeconds: 0, schemaVersion: 0 }
}
