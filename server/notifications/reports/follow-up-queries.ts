import { type Queryable, sql, type Transaction } from '#database'
import type { StandIn } from '#external-calls'
import { type Channel, isUnsettled } from '../queries.ts'

/** A message of which more is to be found out or done. */
export interface FollowUp {
  id: string
  businessId: string
  kind: string
  channel: Channel
  phone: string | null
  state: 'SENT' | 'FAILED'
  /** Of the attempt it is about: the vendor, and its id for the message. */
  provider: string
  providerMessageId: string | null
  /** Its time has not passed. */
  timely: boolean
  /** A report that only the vendor can have made says it was not delivered. */
  proven: boolean
}

const pauseMs = 120_000
/** Within some two hours; what is open then is a person's. */
const mostFollowUps = 6

/** Takes those whose time has come, at most `limit`, and puts each off: a process that dies now only delays them. */
export function takeFollowUps(db: Queryable, limit: number): Promise<FollowUp[]> {
  return db.rows(sql`
    update notification n set follow_ups = n.follow_ups + 1, follow_up_at = case when n.follow_ups + 1 < ${mostFollowUps}
      then now() + power(2, n.follow_ups) * ${pauseMs} * interval '1 millisecond' end
    from (
      select id from notification where follow_up_at <= now() order by follow_up_at limit ${limit} for update skip locked
    ) due left join lateral (
      select a.provider, a.provider_message_id from notification_attempt a where a.notification_id = due.id
      order by a.started_at desc, a.id desc limit 1
    ) latest on true
    where n.id = due.id
    returning n.id, n.business_id, n.kind, n.channel, n.phone, n.state, coalesce(latest.provider, '') as provider, latest.provider_message_id, n.not_after > now() as timely,
      exists (
        select from delivery_report r where r.notification_id = n.id and r.provider = latest.provider
          and r.provider_message_id = latest.provider_message_id and r.delivery = 'undelivered' and r.verified <> 'path'
      ) as proven`)
}

/** Nothing is left to find out. */
export async function endFollowUp(db: Queryable, id: string): Promise<void> {
  await db.run(sql`update notification set follow_up_at = null where id = ${id}`)
}

/** Of these, failed messages with an attempt nobody knows the end of, and its vendor. */
export function unsettledAmong(db: Queryable, ids: string[]): Promise<{ id: string; provider: string }[]> {
  return db.rows(sql`
    select n.id, u.provider from notification n
    cross join lateral (
      select a.provider from notification_attempt a where a.notification_id = n.id and ${isUnsettled} order by a.started_at desc limit 1
    ) u
    where n.id = any(${ids}::uuid[]) and n.state = 'FAILED'`)
}

/** Of these, those that a vendor took. */
export async function settledAmong(db: Queryable, ids: string[]): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`select id from notification where id = any(${ids}::uuid[]) and state = 'SENT'`)
  return rows.map(({ id }) => id)
}

/**
 * Writes the same message for the next channel, unless it arrived after all, is sent again, was set aside, or something stands
 * in for it already: undefined then. Two statements, so that the second sees what was written while the first waited its turn.
 */
export async function handOverTo(tx: Transaction, id: string, { channel, recipient }: StandIn): Promise<{ id: string } | undefined> {
  const unarrived = await tx.row(sql`
    update notification set follow_up_at = null
    where id = ${id} and state = 'SENT' and delivery = 'undelivered' and acknowledged_at is null returning id`)
  if (!unarrived) return undefined
  return tx.row(sql`
    insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, phone, locale, data, not_after, stands_in_for, trace_parent)
    select business_id, about_id, kind, version, occasion, ${channel}, ${recipient}, phone, locale, data, not_after, id, trace_parent
    from notification n where id = ${id} and not exists (select from notification s where s.stands_in_for = n.id)
    on conflict (about_id, kind, version, occasion, channel, recipient) do nothing
    returning id`)
}
