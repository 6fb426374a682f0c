import { bulkSql, sql, type Transaction } from '#database'
import type { Currency, Text } from '#foundation'
import type { ReschedulePolicy } from './offered-service.ts'
import type { PaymentPolicy } from './payment-terms.ts'

export interface NewBusiness {
  slug: string
  name: Text
  description: Text
  currency: Currency
  /** What a customer gets back by notice, longest notice first. */
  cancellation: { hoursBefore: number; refundPercent: number }[]
  /** As often as wanted until the start when nothing is said. */
  reschedule?: ReschedulePolicy
}

export interface NewBranch {
  businessId: string
  name: Text
  zone: string
  address: Text
}

export interface NewResource {
  businessId: string
  branchId: string
  kind: 'staff' | 'room' | 'court' | 'unit' | 'equipment'
  name: Text
  position: number
}

export interface NewService {
  businessId: string
  branchId: string
  name: Text
  description: Text
  durationMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  stepMinutes: number
  noticeMinutes: number
  horizonDays: number
  priceMinor: number
  /** In full when nothing is said, or free when it costs nothing. */
  payment?: PaymentPolicy
  /** The business says yes or no to each booking within so many hours; only where nothing is paid before the visit. */
  approvalHours?: number
  position: number
  /** One resource of each is needed; the first may be left to the customer's choice. */
  requirements: { choosable: boolean; resourceIds: string[] }[]
}

/** Opens a business under its slug and gives its id; null, and nothing written, when the slug is taken. */
export async function publishBusiness(
  tx: Transaction,
  { slug, name, description, currency, cancellation, reschedule = { free: null, hoursBefore: 0 } }: NewBusiness,
): Promise<string | null> {
  const made = await tx.row<{ id: string }>(sql`
    insert into business (slug, name_ar, name_en, description_ar, description_en, currency, cancellation, free_reschedules, reschedule_hours_before)
    values (${slug}, ${name.ar}, ${name.en}, ${description.ar}, ${description.en}, ${currency}, ${JSON.stringify(cancellation)}::jsonb, ${reschedule.free}, ${reschedule.hoursBefore})
    on conflict (slug) do nothing returning id`)
  return made?.id ?? null
}

export async function publishBranch(tx: Transaction, { businessId, name, zone, address }: NewBranch): Promise<string> {
  return idOf(
    await tx.row<{ id: string }>(sql`
      insert into branch (business_id, name_ar, name_en, zone, address_ar, address_en)
      values (${businessId}, ${name.ar}, ${name.en}, ${zone}, ${address.ar}, ${address.en}) returning id`),
  )
}

export async function publishResource(tx: Transaction, { businessId, branchId, kind, name, position }: NewResource): Promise<string> {
  return idOf(
    await tx.row<{ id: string }>(sql`
      insert into resource (business_id, branch_id, kind, name_ar, name_en, position)
      values (${businessId}, ${branchId}, ${kind}, ${name.ar}, ${name.en}, ${position}) returning id`),
  )
}

export async function publishService(tx: Transaction, wanted: NewService): Promise<string> {
  const { businessId, branchId, name, description, payment = { kind: wanted.priceMinor === 0 ? 'free' : 'full' } } = wanted
  const serviceId = idOf(
    await tx.row<{ id: string }>(sql`
      insert into service (business_id, branch_id, name_ar, name_en, description_ar, description_en, duration_minutes, buffer_before_minutes,
        buffer_after_minutes, step_minutes, notice_minutes, horizon_days, price_minor, payment_kind, deposit_minor, deposit_percent, approval_hours, position)
      values (${businessId}, ${branchId}, ${name.ar}, ${name.en}, ${description.ar}, ${description.en}, ${wanted.durationMinutes}, ${wanted.bufferBeforeMinutes},
        ${wanted.bufferAfterMinutes}, ${wanted.stepMinutes}, ${wanted.noticeMinutes}, ${wanted.horizonDays}, ${wanted.priceMinor},
        ${payment.kind}, ${'depositMinor' in payment ? payment.depositMinor : null}, ${'depositPercent' in payment ? payment.depositPercent : null}, ${wanted.approvalHours ?? null}, ${wanted.position}) returning id`),
  )
  for (const [position, { choosable, resourceIds }] of wanted.requirements.entries()) {
    const requirementId = idOf(
      await tx.row<{ id: string }>(sql`
        insert into requirement (business_id, service_id, position, choosable) values (${businessId}, ${serviceId}, ${position}, ${choosable}) returning id`),
    )
    await tx.run(
      sql`insert into requirement_resource (business_id, requirement_id, resource_id) values ${bulkSql(resourceIds.map((id) => [businessId, requirementId, id]))}`,
    )
  }
  return serviceId
}

function idOf(made: { id: string } | undefined): string {
  if (!made) throw new Error('An insert gave no row back.')
  return made.id
}
