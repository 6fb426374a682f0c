import { emptySql, type Queryable, sql } from '#database'
import type { Currency, Money, Text } from '#foundation'
import { type PaymentTerms, paymentTerms, readPolicy, type StoredPolicy } from './payment-terms.ts'

export interface DescribedResource {
  id: string
  kind: string
  name: Text
}

/** How often a customer may move a booking (null: as often as wanted), and until how many hours before its start. */
export interface ReschedulePolicy {
  free: number | null
  hoursBefore: number
}

/** All that decides when a service can be had, where, by whom and for how much. */
export interface OfferedService {
  business: {
    id: string
    slug: string
    name: Text
    currency: Currency
    cancellation: { hoursBefore: number; refundPercent: number }[]
    reschedule: ReschedulePolicy
  }
  branch: { id: string; name: Text; zone: string; address: Text }
  service: {
    id: string
    name: Text
    durationMinutes: number
    bufferBeforeMinutes: number
    bufferAfterMinutes: number
    stepMinutes: number
    noticeMinutes: number
    horizonDays: number
    price: Money
    payment: PaymentTerms
    /** Within so many hours the business says yes or no to each booking; null: what is free is booked. */
    approvalHours: number | null
    /** One resource of each is needed, in this order; resources in the order the business shows them. */
    requirements: { id: string; position: number; choosable: boolean; resources: DescribedResource[] }[]
  }
}

/** How a service is found: as a customer names it (only what is open and active), or as we know it (whatever became of it). */
export type WhichService = { businessSlug: string; serviceId: string; branchId?: string } | { businessId: string; serviceId: string }

/** One read, however many people and rooms a service needs. Null when there is no such service to be had. */
export async function offeredService(db: Queryable, which: WhichService): Promise<OfferedService | null> {
  const where =
    'businessSlug' in which
      ? sql`b.slug = ${which.businessSlug} and b.status = 'open' and s.active ${which.branchId === undefined ? emptySql : sql`and s.branch_id = ${which.branchId}`}`
      : sql`b.id = ${which.businessId}`
  type Stored = Omit<OfferedService, 'service'> & { service: Omit<OfferedService['service'], 'payment'> & { payment: StoredPolicy } }
  const found = await db.row<Stored>(sql`
    select
      json_build_object(
        'id', b.id, 'slug', b.slug, 'name', json_build_object('ar', b.name_ar, 'en', b.name_en),
        'currency', b.currency, 'cancellation', b.cancellation,
        'reschedule', json_build_object('free', b.free_reschedules, 'hoursBefore', b.reschedule_hours_before)
      ) as business,
      json_build_object(
        'id', br.id, 'name', json_build_object('ar', br.name_ar, 'en', br.name_en),
        'zone', br.zone, 'address', json_build_object('ar', br.address_ar, 'en', br.address_en)
      ) as branch,
      json_build_object(
        'id', s.id, 'name', json_build_object('ar', s.name_ar, 'en', s.name_en),
        'durationMinutes', s.duration_minutes, 'bufferBeforeMinutes', s.buffer_before_minutes, 'bufferAfterMinutes', s.buffer_after_minutes,
        'stepMinutes', s.step_minutes, 'noticeMinutes', s.notice_minutes, 'horizonDays', s.horizon_days, 'approvalHours', s.approval_hours,
        'price', json_build_object('amountMinor', s.price_minor, 'currency', b.currency),
        'payment', json_build_object('kind', s.payment_kind, 'depositMinor', s.deposit_minor, 'depositPercent', s.deposit_percent),
        'requirements', coalesce((
          select json_agg(json_build_object(
            'id', q.id, 'position', q.position, 'choosable', q.choosable,
            'resources', coalesce((
              select json_agg(json_build_object('id', r.id, 'kind', r.kind, 'name', json_build_object('ar', r.name_ar, 'en', r.name_en)) order by r.position, r.id)
              from requirement_resource qr
              join resource r on r.business_id = qr.business_id and r.id = qr.resource_id
              where qr.business_id = q.business_id and qr.requirement_id = q.id and r.active
            ), '[]')
          ) order by q.position)
          from requirement q where q.business_id = s.business_id and q.service_id = s.id
        ), '[]')
      ) as service
    from service s
    join business b on b.id = s.business_id
    join branch br on br.business_id = s.business_id and br.id = s.branch_id
    where s.id = ${which.serviceId} and ${where}`)
  if (!found) return null
  const { service } = found
  return { ...found, service: { ...service, payment: paymentTerms(service.price, readPolicy(service.payment)) } }
}
