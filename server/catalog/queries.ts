import { emptySql, type Queryable, sql } from '#database'
import type { Currency, Locale, Money, Text } from '#foundation'
import type { Position } from '#http'
import type { DescribedResource, ReschedulePolicy } from './offered-service.ts'
import type { StoredPolicy } from './payment-terms.ts'

export interface BusinessRow extends Position {
  slug: string
  name: Text
  description: Text
  currency: Currency
  cancellation: { hoursBefore: number; refundPercent: number }[]
  reschedule: ReschedulePolicy
  branches: { id: string; name: Text; zone: string; address: Text }[]
}

export interface ServiceRow {
  id: string
  name: Text
  description: Text
  durationMinutes: number
  price: Money
  payment: StoredPolicy
  approvalHours: number | null
  branchId: string
  resources: DescribedResource[]
}

// A business without a branch has no place to come to and is not shown.
const businesses = sql`
  select b.id, b.created_at, b.slug, b.currency, b.cancellation, places.branches,
    json_build_object('free', b.free_reschedules, 'hoursBefore', b.reschedule_hours_before) as reschedule,
    json_build_object('ar', b.name_ar, 'en', b.name_en) as name,
    json_build_object('ar', b.description_ar, 'en', b.description_en) as description
  from business b
  cross join lateral (
    select json_agg(json_build_object(
      'id', br.id, 'name', json_build_object('ar', br.name_ar, 'en', br.name_en),
      'zone', br.zone, 'address', json_build_object('ar', br.address_ar, 'en', br.address_en)
    ) order by br.name_en, br.id) as branches
    from branch br where br.business_id = b.id
  ) places
  where b.status = 'open' and places.branches is not null`

/** Newest first, one row more than `limit` when there is a next page. `query` is found as a part of a name or nearly so. */
export function findBusinesses(db: Queryable, ask: { query: string; before: Position | null; limit: number }): Promise<BusinessRow[]> {
  const pattern = ask.query.replace(/[\\%_]/g, '\\$&')
  const named =
    ask.query === ''
      ? emptySql
      : sql`and (b.search_name like '%' || search_form(${pattern}) || '%' or search_form(${ask.query}) <% b.search_name)`
  const older = ask.before === null ? emptySql : sql`and (b.created_at, b.id) < (${ask.before.createdAt}, ${ask.before.id})`
  return db.rows<BusinessRow>(sql`${businesses} ${named} ${older} order by b.created_at desc, b.id desc limit ${ask.limit + 1}`)
}

export async function findBusiness(db: Queryable, slug: string): Promise<BusinessRow | null> {
  return (await db.row<BusinessRow>(sql`${businesses} and b.slug = ${slug}`)) ?? null
}

export async function findBusinessId(db: Queryable, slug: string): Promise<string | null> {
  return (await db.row<{ id: string }>(sql`select id from business where slug = ${slug}`))?.id ?? null
}

/** Names and addresses by id, in the order of their names, whether or not they are open. */
export function findNamed(db: Queryable, ids: string[]): Promise<{ id: string; slug: string; name: Text }[]> {
  return db.rows(sql`
    select id, slug, json_build_object('ar', name_ar, 'en', name_en) as name from business where id = any(${ids}::uuid[]) order by name_en, id`)
}

/** Everything a business sells, in its own order, with those the customer may choose among; null when there is no such business. */
export async function findServices(db: Queryable, slug: string, locale: Locale): Promise<ServiceRow[] | null> {
  const name = locale === 'ar' ? sql`s.name_ar` : sql`s.name_en`
  const found = await db.row<{ services: ServiceRow[] }>(sql`
    select coalesce((
      select json_agg(json_build_object(
        'id', s.id, 'branchId', s.branch_id, 'durationMinutes', s.duration_minutes, 'approvalHours', s.approval_hours,
        'name', json_build_object('ar', s.name_ar, 'en', s.name_en),
        'description', json_build_object('ar', s.description_ar, 'en', s.description_en),
        'price', json_build_object('amountMinor', s.price_minor, 'currency', b.currency),
        'payment', json_build_object('kind', s.payment_kind, 'depositMinor', s.deposit_minor, 'depositPercent', s.deposit_percent),
        'resources', coalesce((
          select json_agg(json_build_object('id', r.id, 'kind', r.kind, 'name', json_build_object('ar', r.name_ar, 'en', r.name_en)) order by q.position, r.position, r.id)
          from requirement q
          join requirement_resource qr on qr.business_id = q.business_id and qr.requirement_id = q.id
          join resource r on r.business_id = qr.business_id and r.id = qr.resource_id
          where q.business_id = s.business_id and q.service_id = s.id and q.choosable and r.active
        ), '[]')
      ) order by s.position, ${name}, s.id)
      from service s where s.business_id = b.id and s.active
    ), '[]') as services
    from business b where b.slug = ${slug} and b.status = 'open'`)
  return found?.services ?? null
}

export interface DescribedService {
  id: string
  businessSlug: string
  businessName: Text
  branchName: Text
  branchAddress: Text
  serviceName: Text
}

export function findServiceNames(db: Queryable, serviceIds: string[]): Promise<DescribedService[]> {
  return db.rows<DescribedService>(sql`
    select s.id, b.slug as business_slug,
      json_build_object('ar', b.name_ar, 'en', b.name_en) as business_name,
      json_build_object('ar', br.name_ar, 'en', br.name_en) as branch_name,
      json_build_object('ar', br.address_ar, 'en', br.address_en) as branch_address,
      json_build_object('ar', s.name_ar, 'en', s.name_en) as service_name
    from service s
    join business b on b.id = s.business_id
    join branch br on br.business_id = s.business_id and br.id = s.branch_id
    where s.id = any(${serviceIds}::uuid[])`)
}

export function findResourceNames(db: Queryable, resourceIds: string[]): Promise<DescribedResource[]> {
  return db.rows<DescribedResource>(sql`
    select id, kind, json_build_object('ar', name_ar, 'en', name_en) as name from resource where id = any(${resourceIds}::uuid[])`)
}

/** Serialises what is done to the time of these resources; in id order, so that two never wait for each other in a circle. */
export async function lockResources(db: Queryable, businessId: string, resourceIds: string[]): Promise<void> {
  await db.run(
    sql`select from resource where business_id = ${businessId} and id = any(${resourceIds}::uuid[]) order by id for no key update`,
  )
}
