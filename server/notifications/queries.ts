import { type Queryable, sql, type Transaction } from '#database'
import type { CallErrorType, CallOutcome } from '#external-calls'
import { maskPhoneNumber } from '#foundation'
import type { Position } from '#http'

export const notificationStates = ['PENDING', 'SENT', 'FAILED', 'SKIPPED'] as const
export type NotificationState = (typeof notificationStates)[number]
export const channels = ['sms', 'email', 'whatsapp'] as const
export type Channel = (typeof channels)[number]

export interface NotificationAttempt {
  startedAt: Temporal.Instant
  finishedAt: Temporal.Instant | null
  provider: string
  /** Null while it is under way. */
  result: 'ok' | CallOutcome | null
  errorType: CallErrorType | null
  detail: string | null
}

/** A message as the operator sees it: the recipient masked, every attempt with its time. */
export interface NotificationRow {
  id: string
  kind: string
  version: number
  channel: Channel
  /** The vendor of the latest attempt. */
  provider: string | null
  recipient: string
  status: NotificationState
  reason: string | null
  attempts: NotificationAttempt[]
  aboutId: string
  businessId: string
  createdAt: Temporal.Instant
  sentAt: Temporal.Instant | null
}

export interface NotificationFilter {
  status?: NotificationState | undefined
  channel?: Channel | undefined
  provider?: string | undefined
  /** Written at or after this, and before that. */
  from?: Temporal.Instant | undefined
  to?: Temporal.Instant | undefined
  before: Position | null
  limit: number
}

/** Attempts shown of one message, the latest: a list stays bounded however often one was tried. */
const attemptsShown = 20

export async function listNotifications(db: Queryable, filter: NotificationFilter): Promise<NotificationRow[]> {
  const { status, channel, provider, from, to, before, limit } = filter
  return select(
    db,
    sql`select * from notification n
      where ${status ? sql`state = ${status}` : sql`true`}
        and ${channel ? sql`channel = ${channel}` : sql`true`}
        and ${provider ? sql`exists (select from notification_attempt a where a.notification_id = n.id and a.provider = ${provider})` : sql`true`}
        and ${from ? sql`created_at >= ${from}` : sql`true`}
        and ${to ? sql`created_at < ${to}` : sql`true`}
        and ${before ? sql`(created_at, id) < (${before.createdAt}, ${before.id}::uuid)` : sql`true`}
      order by created_at desc, id desc limit ${limit}`,
  )
}

export async function findNotification(db: Queryable, id: string): Promise<NotificationRow | undefined> {
  return (await select(db, sql`select * from notification where id = ${id}`))[0]
}

async function select(db: Queryable, chosen: ReturnType<typeof sql>): Promise<NotificationRow[]> {
  interface Row extends Omit<NotificationRow, 'attempts'> {
    attempts: (Omit<NotificationAttempt, 'startedAt' | 'finishedAt'> & { startedAt: string; finishedAt: string | null })[]
  }
  const rows = await db.rows<Row>(sql`
    select n.id, n.kind, n.version, n.channel, n.recipient, n.state as status, n.reason, n.about_id, n.business_id, n.created_at,
      case when n.state = 'SENT' then n.ended_at end as sent_at, a.attempts, a.attempts -> -1 ->> 'provider' as provider
    from (${chosen}) n
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object(
        'startedAt', started_at, 'finishedAt', finished_at, 'provider', provider, 'result', result, 'errorType', error_type, 'detail', detail) order by started_at, id), '[]') as attempts
      from (select * from notification_attempt where notification_id = n.id order by started_at desc, id desc limit ${attemptsShown}) latest
    ) a
    order by n.created_at desc, n.id desc`)
  return rows.map(({ attempts, recipient, ...row }) => ({
    ...row,
    recipient: maskRecipient(recipient),
    attempts: attempts.map(({ startedAt, finishedAt, ...attempt }) => ({
      startedAt: Temporal.Instant.from(startedAt),
      finishedAt: finishedAt === null ? null : Temporal.Instant.from(finishedAt),
      ...attempt,
    })),
  }))
}

function maskRecipient(recipient: string): string {
  const at = recipient.indexOf('@')
  return at === -1 ? maskPhoneNumber(recipient) : `${recipient.slice(0, 1)}••••${recipient.slice(at)}`
}

/** Whether the customer was told, for those who show a booking. Why not is said in a word; the vendor's own words are the operator's. */
export interface Told {
  kind: string
  channel: Channel
  status: NotificationState
  reason: string | null
  createdAt: Temporal.Instant
}

export async function listTold(db: Queryable, aboutIds: string[]): Promise<Map<string, Told[]>> {
  const rows = await db.rows<Told & { aboutId: string }>(sql`
    select about_id, kind, channel, state as status, split_part(reason, ' · ', 1) as reason, created_at
    from notification where about_id = any(${aboutIds}::uuid[]) order by created_at, id`)
  const told = new Map<string, Told[]>()
  for (const { aboutId, ...row } of rows) told.set(aboutId, [...(told.get(aboutId) ?? []), row])
  return told
}

/** Opens a failed message for one more attempt; undefined when it has not failed. */
export function reopen(tx: Transaction, id: string): Promise<{ businessId: string; kind: string } | undefined> {
  return tx.row(sql`
    update notification set state = 'PENDING', ended_at = null, lease_until = null, next_attempt_at = now()
    where id = ${id} and state = 'FAILED'
    returning business_id, kind`)
}

export interface NotificationCounts {
  channel: Channel
  /** How long the message that has waited longest has been waiting; 0 when none waits. */
  oldestPendingAgeSeconds: number
  /** Messages that failed and that nobody has sent again. */
  unresolvedFailed: number
}

export function countNotifications(db: Queryable): Promise<NotificationCounts[]> {
  return db.rows(sql`
    select channel,
      coalesce((select extract(epoch from now() - min(created_at))::float8 from notification n where n.state = 'PENDING' and n.channel = c.channel), 0) as oldest_pending_age_seconds,
      (select count(*) from notification n where n.state = 'FAILED' and n.channel = c.channel) as unresolved_failed
    from unnest(${[...channels]}::text[]) as c (channel)`)
}
