import { type Queryable, sql, type Sql, type Transaction } from '#database'
import type { CallErrorType, CallOutcome } from '#external-calls'
import { maskPhoneNumber } from '#foundation'
import type { Position } from '#http'
import type { SaidDelivery } from './reports/delivery-report-reader.ts'
import { kindsFor, type NotificationKind } from './messages.ts'

export const notificationStates = ['PENDING', 'SENT', 'FAILED', 'SKIPPED'] as const
export type NotificationState = (typeof notificationStates)[number]
export const channels = ['sms', 'email', 'whatsapp'] as const
export type Channel = (typeof channels)[number]
/** Whose fault the latest failure is; see `error_class`. */
export const errorClasses = ['permanent', 'temporary', 'configuration', 'ambiguous', 'fault'] as const
export type ErrorClass = (typeof errorClasses)[number]

export interface NotificationAttempt {
  startedAt: Temporal.Instant
  finishedAt: Temporal.Instant | null
  provider: string
  /** Null while it is under way. */
  result: 'ok' | CallOutcome | null
  errorType: CallErrorType | null
  errorClass: ErrorClass | null
  detail: string | null
}

/** What a vendor reported about it: evidence, and no proof. */
export interface NotificationReport {
  provider: string
  /** In the vendor's own word. */
  said: string
  delivery: SaidDelivery | null
  errorCode: string | null
  verified: 'signature' | 'path' | 'look_up'
  saidAt: Temporal.Instant | null
  receivedAt: Temporal.Instant
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
  errorClass: ErrorClass | null
  attempts: NotificationAttempt[]
  /** What vendors say at most became of it after they took it, and all that they said. */
  delivery: SaidDelivery | null
  deliveryAt: Temporal.Instant | null
  reports: NotificationReport[]
  /** The message on another channel that this one stands in for, and the latest that stands in for this one. */
  standsInFor: string | null
  stoodInBy: string | null
  acknowledgedAt: Temporal.Instant | null
  acknowledgedReason: string | null
  /** When it is sent again because a person asked for many at once. */
  redriveAt: Temporal.Instant | null
  nextAttemptAt: Temporal.Instant | null
  notAfter: Temporal.Instant
  aboutId: string
  businessId: string
  createdAt: Temporal.Instant
  endedAt: Temporal.Instant | null
  sentAt: Temporal.Instant | null
}

/** Which messages; what is left out does not narrow. */
export interface NotificationWish {
  status?: NotificationState | undefined
  channel?: Channel | undefined
  /** A vendor that was asked to carry it. */
  provider?: string | undefined
  errorClass?: ErrorClass | undefined
  businessId?: string | undefined
  kind?: string | undefined
  delivery?: SaidDelivery | 'none' | undefined
  acknowledged?: boolean | undefined
  /** Whether a person should look: see `needsPerson`. */
  open?: boolean | undefined
  olderThanMinutes?: number | undefined
  /** Written at or after this, and before that. */
  from?: Temporal.Instant | undefined
  to?: Temporal.Instant | undefined
}

export interface NotificationFilter extends NotificationWish {
  before: Position | null
  limit: number
}

/** It failed, or a vendor took it and reports that it was not delivered: it may be sent again, or by another channel. */
export const didNotArrive = sql`(n.state = 'FAILED' or (n.state = 'SENT' and n.delivery = 'undelivered'))`
/** It did not arrive, nobody set it aside, and nothing stands in for it. */
export const needsPerson = sql`(${didNotArrive} and n.acknowledged_at is null and not exists (select from notification s where s.stands_in_for = n.id))`

/** An attempt `a` of which nobody knows whether the vendor took the message. */
export const isUnsettled = sql`a.result = 'unknown' and a.provider_message_id is null`
/** The vendor says it took the message after all; the report is kept and a moment later carried over. To send again now is to tell twice. */
export const isSpokenFor = sql`exists (
  select from delivery_report r join notification_attempt a on a.notification_id = n.id and a.provider = r.provider and ${isUnsettled}
  where r.our_id = n.id and r.merged_at is null)`

/** The wish as a condition on `notification n`. */
export function wished(wish: NotificationWish): Sql {
  const { status, channel, provider, errorClass, businessId, kind, delivery, acknowledged, open, olderThanMinutes, from, to } = wish
  const when = (given: unknown, condition: Sql) => (given === undefined ? sql`true` : condition)
  return sql`${when(status, sql`n.state = ${status}`)}
    and ${when(channel, sql`n.channel = ${channel}`)}
    and ${when(provider, sql`exists (select from notification_attempt a where a.notification_id = n.id and a.provider = ${provider})`)}
    and ${when(errorClass, sql`n.error_class = ${errorClass}`)}
    and ${when(businessId, sql`n.business_id = ${businessId}::uuid`)}
    and ${when(kind, sql`n.kind = ${kind}`)}
    and ${when(delivery, delivery === 'none' ? sql`n.delivery is null` : sql`n.delivery = ${delivery}`)}
    and ${when(acknowledged, sql`(n.acknowledged_at is not null) = ${acknowledged}`)}
    and ${when(open, sql`${needsPerson} = ${open}`)}
    and ${when(olderThanMinutes, sql`n.created_at <= now() - ${olderThanMinutes} * interval '1 minute'`)}
    and ${when(from, sql`n.created_at >= ${from}`)}
    and ${when(to, sql`n.created_at < ${to}`)}`
}

/** Attempts and reports shown of one message, the latest: a list stays bounded however often one was tried. */
const attemptsShown = 20

export async function listNotifications(db: Queryable, { before, limit, ...wish }: NotificationFilter): Promise<NotificationRow[]> {
  return select(
    db,
    sql`select * from notification n where ${wished(wish)}
        and ${before ? sql`(n.created_at, n.id) < (${before.createdAt}, ${before.id}::uuid)` : sql`true`}
      order by n.created_at desc, n.id desc limit ${limit}`,
  )
}

export async function findNotification(db: Queryable, id: string): Promise<NotificationRow | undefined> {
  return (await select(db, sql`select * from notification where id = ${id}`))[0]
}

async function select(db: Queryable, chosen: Sql): Promise<NotificationRow[]> {
  type Written<T, Times extends keyof T> = Omit<T, Times> & { [Time in Times]: string | null }
  interface Row extends Omit<NotificationRow, 'attempts' | 'reports'> {
    attempts: (Written<NotificationAttempt, 'startedAt' | 'finishedAt'> & { startedAt: string })[]
    reports: (Written<NotificationReport, 'saidAt' | 'receivedAt'> & { receivedAt: string })[]
  }
  const rows = await db.rows<Row>(sql`
    select n.id, n.kind, n.version, n.channel, n.recipient, n.state as status, n.reason, n.error_class, n.about_id, n.business_id, n.created_at,
      n.ended_at, case when n.state = 'SENT' then n.ended_at end as sent_at, n.delivery, n.delivery_at, n.stands_in_for, n.acknowledged_at,
      n.acknowledged_reason, n.redrive_at, n.not_after, case when n.state = 'PENDING' then n.next_attempt_at end as next_attempt_at,
      (select s.id from notification s where s.stands_in_for = n.id order by s.created_at desc, s.id desc limit 1) as stood_in_by,
      a.attempts, a.attempts -> -1 ->> 'provider' as provider, r.reports
    from (${chosen}) n
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object(
        'startedAt', started_at, 'finishedAt', finished_at, 'provider', provider, 'result', result, 'errorType', error_type, 'errorClass', error_class,
        'detail', detail) order by started_at, id), '[]') as attempts
      from (select * from notification_attempt where notification_id = n.id order by started_at desc, id desc limit ${attemptsShown}) latest
    ) a
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object(
        'provider', provider, 'said', said, 'delivery', delivery, 'errorCode', error_code, 'verified', verified, 'saidAt', said_at,
        'receivedAt', received_at) order by received_at, id), '[]') as reports
      from (select * from delivery_report where notification_id = n.id order by received_at desc, id desc limit ${attemptsShown}) latest
    ) r
    order by n.created_at desc, n.id desc`)
  const instant = (written: string | null) => (written === null ? null : Temporal.Instant.from(written))
  return rows.map(({ attempts, reports, recipient, ...row }) => ({
    ...row,
    recipient: maskRecipient(recipient),
    attempts: attempts.map(({ startedAt, finishedAt, ...attempt }) => ({
      startedAt: Temporal.Instant.from(startedAt),
      finishedAt: instant(finishedAt),
      ...attempt,
    })),
    reports: reports.map(({ saidAt, receivedAt, ...report }) => ({
      ...report,
      saidAt: instant(saidAt),
      receivedAt: Temporal.Instant.from(receivedAt),
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
  /** What the vendor reports; evidence, and no proof. */
  delivery: SaidDelivery | null
  createdAt: Temporal.Instant
}

export async function listTold(db: Queryable, aboutIds: string[]): Promise<Map<string, Told[]>> {
  const rows = await db.rows<Told & { aboutId: string }>(sql`
    select about_id, kind, channel, state as status, split_part(reason, ' · ', 1) as reason, delivery, created_at
    from notification where about_id = any(${aboutIds}::uuid[]) and kind = any(${kindsFor('customer')}) order by created_at, id`)
  const told = new Map<string, Told[]>()
  for (const { aboutId, ...row } of rows) told.set(aboutId, [...(told.get(aboutId) ?? []), row])
  return told
}

/** Messages that tell a customer when to come. */
const timeKinds: NotificationKind[] = ['booking-confirmed', 'payment-applied-late', 'booking-rescheduled', 'booking-reminder']

/** Of these, at these versions, which customers were told of their time: a vendor took a message, and none reports that it did not arrive. */
export async function listReached(db: Queryable, bookings: { aboutId: string; version: number }[]): Promise<Set<string>> {
  const rows = await db.rows<{ aboutId: string }>(sql`
    select distinct n.about_id from notification n
    join unnest(${bookings.map(({ aboutId }) => aboutId)}::uuid[], ${bookings.map(({ version }) => version)}::integer[]) b (about_id, version)
      on b.about_id = n.about_id and b.version = n.version
    where n.kind = any(${timeKinds}) and n.state = 'SENT' and n.delivery is distinct from 'undelivered'`)
  return new Set(rows.map(({ aboutId }) => aboutId))
}

/** Opens a message that failed or was not delivered for one more attempt; undefined when it is neither. */
export function reopen(tx: Transaction, id: string): Promise<{ businessId: string; kind: string } | undefined> {
  return tx.row(
    sql`update notification n set ${openedAgain} where n.id = ${id} and ${didNotArrive} and not ${isSpokenFor} returning n.business_id, n.kind`,
  )
}

/** What was reported of earlier attempts says nothing of the next; nor does what a person once said of it. */
export const openedAgain = sql`state = 'PENDING', ended_at = null, lease_until = null, next_attempt_at = now(), delivery = null, delivery_at = null,
  acknowledged_at = null, acknowledged_by = null, acknowledged_reason = null, redrive_at = null, redrive_by = null,
  follow_up_at = null, follow_ups = 0`

export interface NotificationCounts {
  channel: Channel
  /** How long the message that has waited longest has been waiting; 0 when none waits. */
  oldestPendingAgeSeconds: number
  /** Messages that failed, that nobody has set aside and that no other stands in for. */
  unresolvedFailed: number
}

export function countNotifications(db: Queryable): Promise<NotificationCounts[]> {
  return db.rows(sql`
    select channel,
      coalesce((select extract(epoch from now() - min(created_at))::float8 from notification n where n.state = 'PENDING' and n.channel = c.channel), 0) as oldest_pending_age_seconds,
      (select count(*) from notification n where n.state = 'FAILED' and n.channel = c.channel and ${needsPerson}) as unresolved_failed
    from unnest(${[...channels]}::text[]) as c (channel)`)
}
