/* What a message is about and where its recipient is reached, read across the modules that know. Nothing here writes. */
import { type Queryable, sql } from '#database'
import type { Text } from '#foundation'
import type { Channel, NotificationRow } from '#notifications'

export interface MessageSubject {
  businessSlug: string
  businessName: Text
  /** Null when it is about no booking. */
  bookingReference: string | null
}

/** By the id of the message. */
export async function subjectsOf(
  db: Queryable,
  messages: Pick<NotificationRow, 'id' | 'businessId' | 'aboutId'>[],
): Promise<Map<string, MessageSubject>> {
  if (messages.length === 0) return new Map()
  const rows = await db.rows<{ id: string; slug: string; nameAr: string; nameEn: string; reference: string | null }>(sql`
    select m.id, b.slug, b.name_ar, b.name_en, k.reference
    from unnest(${messages.map(({ id }) => id)}::uuid[], ${messages.map(({ businessId }) => businessId)}::uuid[], ${messages.map(({ aboutId }) => aboutId)}::uuid[])
      as m (id, business_id, about_id)
    join business b on b.id = m.business_id
    left join booking k on k.business_id = m.business_id and k.id = m.about_id`)
  return new Map(
    rows.map(({ id, slug, nameAr, nameEn, reference }) => [
      id,
      { businessSlug: slug, businessName: { ar: nameAr, en: nameEn }, bookingReference: reference },
    ]),
  )
}

export async function businessIdOf(db: Queryable, slug: string): Promise<string | null> {
  return (await db.row<{ id: string }>(sql`select id from business where slug = ${slug}`))?.id ?? null
}

/**
 * Where the recipient of a message is reached on another channel; null when nowhere. By telephone it is the same number; an
 * e-mail address is the one an account gave: whoever has the number now, or, for a customer whose number changed, whoever booked.
 */
export async function addressFor(db: Queryable, messageId: string, channel: Channel): Promise<string | null> {
  const row = await db.row<{ address: string | null }>(sql`
    with message as (
      select n.recipient, n.channel, n.kind, n.business_id, n.about_id, k.account_id as booked_by
      from notification n left join booking k on k.business_id = n.business_id and k.id = n.about_id where n.id = ${messageId}
    ), person as (
      select coalesce(
        (select l.account_id from login_identifier l where l.kind = 'phone' and l.value = m.recipient and l.active_to is null),
        (select a.id from account a where a.contact_email = m.recipient
           and (a.id = m.booked_by or exists (select from role_grant g where g.account_id = a.id and g.business_id = m.business_id)) limit 1),
        case when m.kind not like 'staff-%' then m.booked_by end) as account_id
      from message m
    )
    select case
      when ${channel} = 'email' then (select a.contact_email from person p join account a on a.id = p.account_id)
      when m.channel in ('sms', 'whatsapp') then m.recipient
      else (select l.value from person p join login_identifier l on l.account_id = p.account_id and l.kind = 'phone' and l.active_to is null)
    end as address
    from message m`)
  return row?.address ?? null
}
