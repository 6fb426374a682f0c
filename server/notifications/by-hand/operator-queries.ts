import { type Queryable, sql, type Transaction } from '#database'
import {
  type Channel,
  didNotArrive,
  type ErrorClass,
  isSpokenFor,
  needsPerson,
  openedAgain,
  type NotificationWish,
  wished,
} from '../queries.ts'

/** How all messages stand, for the head of the operator's page. */
export interface MessageCounts {
  /** A person should look at these. */
  failed: number
  undelivered: number
  pending: number
  oldestPendingAgeSeconds: number
  /** Asked for again together, and waiting their turn. */
  redriving: number
  /** Since a day ago. */
  lastDay: { sent: number; delivered: number; skipped: number; acknowledged: number }
  /** Of the failed ones. */
  errorClasses: { errorClass: ErrorClass | null; count: number }[]
}

export async function countMessages(db: Queryable): Promise<MessageCounts> {
  const classes = await db.rows<{ errorClass: ErrorClass | null; count: number }>(
    sql`select n.error_class, count(*) from notification n where n.state = 'FAILED' and ${needsPerson} group by 1 order by 2 desc, 1`,
  )
  const row = await db.row<Omit<MessageCounts, 'lastDay' | 'errorClasses'> & MessageCounts['lastDay']>(sql`
    select
      (select count(*) from notification n where n.state = 'FAILED' and ${needsPerson}) as failed,
      (select count(*) from notification n where n.delivery = 'undelivered' and n.state = 'SENT' and ${needsPerson}) as undelivered,
      (select count(*) from notification where state = 'PENDING') as pending,
      (select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 from notification where state = 'PENDING') as oldest_pending_age_seconds,
      (select count(*) from notification where redrive_at is not null) as redriving,
      count(*) filter (where state = 'SENT') as sent,
      count(*) filter (where delivery in ('delivered', 'read')) as delivered,
      count(*) filter (where state = 'SKIPPED') as skipped,
      count(*) filter (where acknowledged_at is not null) as acknowledged
    from notification where created_at > now() - interval '1 day'`)
  const { sent, delivered, skipped, acknowledged, ...now } = row!
  return { ...now, lastDay: { sent, delivered, skipped, acknowledged }, errorClasses: classes }
}

/**
 * Lines up failed messages that fit the wish, oldest first, `perSecond` a second, behind those that are lined up already.
 * They stay FAILED until their turn. Those set aside, and those something stands in for, are left out. Resolves with how many.
 */
export function lineUpRedrives(
  tx: Transaction,
  wish: NotificationWish,
  { by, perSecond, most }: { by: string; perSecond: number; most: number },
): Promise<number> {
  return tx.run(sql`
    with chosen as materialized (
      select n.id, n.created_at from notification n where n.state = 'FAILED' and n.redrive_at is null and ${needsPerson} and ${wished(wish)}
      order by n.created_at, n.id limit ${most} for update of n skip locked
    ), turn as (
      select id, row_number() over (order by created_at, id) - 1 as nth from chosen
    ), line as (
      select greatest(now(), max(redrive_at) + ${1 / perSecond} * interval '1 second') as ends_at from notification where redrive_at is not null
    )
    update notification n set redrive_at = line.ends_at + turn.nth / ${perSecond}::float8 * interval '1 second', redrive_by = ${by}
    from turn, line where n.id = turn.id`)
}

/** Those whose turn has come, at most `limit`. */
export async function dueRedrives(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(
    sql`select id from notification where redrive_at <= now() and state = 'FAILED' order by redrive_at limit ${limit}`,
  )
  return rows.map(({ id }) => id)
}

/** Opens those whose turn has come, at most `limit`; each for one more attempt. */
export function takeRedrives(tx: Transaction, limit: number): Promise<{ id: string; businessId: string; kind: string; by: string }[]> {
  return tx.rows(sql`
    update notification n set ${openedAgain} from (
      select n.id, n.redrive_by from notification n where n.redrive_at <= now() and n.state = 'FAILED' and not ${isSpokenFor}
      order by n.redrive_at limit ${limit} for update of n skip locked
    ) due where n.id = due.id returning n.id, n.business_id, n.kind, due.redrive_by as by`)
}

/** Sets a message that did not arrive aside; undefined when there is nothing to set aside. */
export function setAside(
  tx: Transaction,
  id: string,
  { by, reason }: { by: string; reason: string },
): Promise<{ businessId: string; kind: string } | undefined> {
  return tx.row(sql`
    update notification n set acknowledged_at = now(), acknowledged_by = ${by}, acknowledged_reason = ${reason}, redrive_at = null, redrive_by = null
    where n.id = ${id} and ${didNotArrive} and n.acknowledged_at is null
    returning n.business_id, n.kind`)
}

/** Holds a message that did not arrive, so that nobody else acts on it; undefined when it is no such. */
export function holdUnarrived(tx: Transaction, id: string): Promise<{ businessId: string; kind: string; channel: Channel } | undefined> {
  return tx.row(sql`
    select n.business_id, n.kind, n.channel from notification n where n.id = ${id} and ${didNotArrive} and not ${isSpokenFor} for update`)
}

/** Writes the same message for another channel, in place of the one that did not arrive; undefined when it went that way before. */
export function insertStandIn(
  tx: Transaction,
  id: string,
  { channel, recipient }: { channel: Channel; recipient: string },
): Promise<{ id: string } | undefined> {
  return tx.row(sql`
    insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, phone, locale, data, not_after, stands_in_for, trace_parent)
    select business_id, about_id, kind, version, occasion, ${channel}, ${recipient}, phone, locale, data, not_after, id, trace_parent
    from notification where id = ${id}
    on conflict (about_id, kind, version, occasion, channel, recipient) do nothing
    returning id`)
}
