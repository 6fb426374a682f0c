import { type Queryable, sql } from '#database'
import type { DeliveryReport, SaidDelivery } from './delivery-report-reader.ts'
import { isUnsettled } from '../queries.ts'

/** From the least to the furthest a vendor can say. A later word never takes back a further one: “sent” after “delivered” changes nothing. */
export const deliveryEvidences = ['accepted', 'sent', 'undelivered', 'delivered', 'read'] as const satisfies readonly SaidDelivery[]

export interface KeptReports {
  fresh: number
  duplicate: number
}

/** Keeps what a vendor reported; what it reported before is kept once. */
export async function keepReports(
  db: Queryable,
  { provider, verified, reports }: { provider: string; verified: 'signature' | 'path' | 'look_up'; reports: DeliveryReport[] },
): Promise<KeptReports> {
  const fresh = await db.run(sql`
    insert into delivery_report (provider, verified, provider_message_id, said, delivery, error_code, permanent, our_id, said_at)
    select ${provider}, ${verified}, provider_message_id, said, delivery, error_code, permanent, our_id, said_at
    from jsonb_to_recordset(${JSON.stringify(reports.map(toRecord))}::jsonb)
      as report (provider_message_id text, said text, delivery text, error_code text, permanent boolean, our_id uuid, said_at timestamptz)
    on conflict (provider, provider_message_id, said, said_at, verified) do nothing`)
  return { fresh, duplicate: reports.length - fresh }
}

const toRecord = ({ providerMessageId, said, delivery, errorCode, permanent, ourId, saidAt }: DeliveryReport) => ({
  provider_message_id: providerMessageId,
  said,
  delivery,
  error_code: errorCode,
  permanent,
  our_id: ourId,
  said_at: saidAt?.toString() ?? null,
})

/** A message whose evidence grew. */
export interface GrownEvidence {
  id: string
  businessId: string
  aboutId: string
  channel: string
  kind: string
  provider: string
  before: SaidDelivery | null
  delivery: SaidDelivery
  errorCode: string | null
  /** It had failed because nobody knew whether the vendor took it: the vendor says it did. */
  settled: boolean
  /** Its channel will never reach this number; the next one takes over. */
  permanent: boolean
}

/** The place of an evidence among all; 0 for none. */
const rank = (column: ReturnType<typeof sql>) => sql`coalesce(array_position(${[...deliveryEvidences]}::text[], ${column}), 0)`
const further = sql`${rank(sql`n.delivery`)} < ${rank(sql`f.delivery`)}`
const settles = sql`(f.settles and n.state = 'FAILED')`

/**
 * Joins waiting reports with the attempts they speak of and carries them into the messages. The furthest evidence wins
 * whatever came first, so the order of arrival does not matter and two processes may do this at once. A report nobody
 * matches yet (our own note of the vendor's answer may not be written) waits, twice as long each time, up to an hour. Of an
 * earlier attempt only good news counts: a message that was sent again has its fate ahead of it.
 *
 * A report that quotes our id belongs to an attempt whose answer was lost: the vendor took it after all, so the message is
 * SENT and nobody sends it again.
 */
export async function mergeReports(db: Queryable, limit: number): Promise<{ looked: number; grown: GrownEvidence[] }> {
  const rows = await db.rows<Partial<GrownEvidence> & { looked: number }>(sql`
    with waiting as materialized (
      select id, provider, provider_message_id, our_id, delivery, error_code, permanent, coalesce(said_at, received_at) as at from delivery_report
      where merged_at is null and look_at <= now() order by look_at limit ${limit} for update skip locked
    ), matched as materialized (
      select w.id, w.provider, w.provider_message_id, w.delivery, w.error_code, w.permanent, w.at, a.notification_id, a.id as attempt_id, a.settles,
        a.id = (select l.id from notification_attempt l where l.notification_id = a.notification_id order by l.started_at desc, l.id desc limit 1) as latest
      from waiting w
      join lateral (
        (select id, notification_id, false as settles from notification_attempt
          where provider = w.provider and provider_message_id = w.provider_message_id order by started_at desc limit 1)
        union all
        (select a.id, a.notification_id, true from notification_attempt a
          where a.notification_id = w.our_id and a.provider = w.provider and ${isUnsettled} order by a.started_at desc limit 1)
        order by settles limit 1
      ) a on true
      join notification n on n.id = a.notification_id and n.state <> 'PENDING'
    ), put_off as (
      update delivery_report r set looks = r.looks + 1, look_at = now() + least(power(2, least(r.looks, 12)), 3600) * interval '1 second'
      from waiting w where r.id = w.id and not exists (select from matched m where m.id = w.id)
    ), joined as (
      update delivery_report r set merged_at = now(), notification_id = m.notification_id from matched m where r.id = m.id
    ), known as (
      update notification_attempt a set provider_message_id = m.provider_message_id
      from (select distinct on (attempt_id) attempt_id, provider_message_id from matched where settles) m where a.id = m.attempt_id
    ), furthest as (
      select distinct on (notification_id) notification_id, provider, delivery, error_code, permanent, at,
        bool_or(settles) over (partition by notification_id) as settles
      from matched
      where delivery is not null and (latest or delivery in ('delivered', 'read'))
      order by notification_id, ${rank(sql`delivery`)} desc, at
    ), grown as (
      update notification n set
        delivery = case when ${further} then f.delivery else n.delivery end,
        delivery_at = case when ${further} then f.at else n.delivery_at end,
        state = case when ${settles} then 'SENT' else n.state end,
        reason = case when ${settles} then null else n.reason end,
        error_class = case when ${settles} then null else n.error_class end,
        redrive_at = case when ${settles} then null else n.redrive_at end,
        redrive_by = case when ${settles} then null else n.redrive_by end,
        follow_up_at = case
          when (n.state = 'SENT' or ${settles}) and f.delivery = 'undelivered' and f.permanent then now()
          when n.state = 'SENT' or ${settles} then null
          else n.follow_up_at
        end
      from furthest f
      where n.id = f.notification_id and (${further} or ${settles})
      returning n.id, n.business_id, n.about_id, n.channel, n.kind, f.provider, old.delivery as before, new.delivery, f.error_code, f.permanent,
        old.state <> new.state as settled
    )
    select w.looked, g.* from (select count(*) as looked from waiting) w left join grown g on true`)
  return { looked: rows[0]?.looked ?? 0, grown: rows.filter((row): row is GrownEvidence & { looked: number } => row.id !== null) }
}

/** Forgets reports that matched no message of ours for so many days; resolves with how many. */
export function forgetReports(db: Queryable, days: number): Promise<number> {
  return db.run(sql`
    delete from delivery_report where id in (
      select id from delivery_report where merged_at is null and received_at <= now() - ${days} * interval '1 day' order by received_at limit 1000)`)
}
