import type { Availability, WeeklyHours } from '../../server/availability/index.ts'
import type { Catalog, NewBusiness, NewResource, NewService } from '../../server/catalog/index.ts'
import type { Transaction } from '../../server/database/index.ts'
import type { Text } from '../../server/foundation/index.ts'
import { type MessagingChoice, proposeChannels } from '../../server/notifications/index.ts'

/** A business as it is written down for the demonstration; resources are named by short keys. */
export interface DemoBusiness {
  slug: string
  name: Text
  description: Text
  cancellation: { hoursBefore: number; refundPercent: number }[]
  reschedule?: NonNullable<NewBusiness['reschedule']>
  /** How its customers are told, in the order of trying; SMS alone unless it says more. */
  channels?: MessagingChoice['channels']
  branch: { name: Text; address: Text }
  hours: WeeklyHours[]
  /** `hours` are the resource's own and replace the branch's. */
  resources: Record<string, Pick<NewResource, 'kind' | 'name'> & { hours?: WeeklyHours[] }>
  services: DemoService[]
}

type DemoService = Pick<NewService, 'name' | 'description' | 'durationMinutes' | 'priceMinor'> &
  Partial<
    Pick<
      NewService,
      'bufferBeforeMinutes' | 'bufferAfterMinutes' | 'stepMinutes' | 'noticeMinutes' | 'horizonDays' | 'payment' | 'approvalHours'
    >
  > & {
    needs: { choosable: boolean; of: string[] }[]
  }

export const weekdays = { monday: 1, tuesday: 2, wednesday: 3, thursday: 4, friday: 5, saturday: 6, sunday: 7 } as const
export const everyDay: number[] = Object.values(weekdays)

/** Opening hours as people say them: `open(everyDay, 16, 26)` is from four in the afternoon to two at night. */
export function open(days: number[], fromHour: number, toHour: number): WeeklyHours {
  return { kind: 'open', weekdays: days, startMinute: fromHour * 60, lengthMinutes: (toHour - fromHour) * 60 }
}

export function pause(days: number[], fromHour: number, toHour: number): WeeklyHours {
  return { ...open(days, fromHour, toHour), kind: 'break' }
}

/** Halalas of an amount in riyals. */
export function riyals(amount: number): number {
  return amount * 100
}

/** Writes a business with all it has, unless its slug is there already. */
export async function publishDemo(
  tx: Transaction,
  { catalog, availability }: { catalog: Catalog; availability: Availability },
  demo: DemoBusiness,
): Promise<void> {
  const businessId = await catalog.publishBusiness(tx, { ...demo, currency: 'SAR' })
  if (businessId === null) return
  if (demo.channels) await proposeChannels(tx, businessId, demo.channels)
  const branchId = await catalog.publishBranch(tx, { ...demo.branch, businessId, zone: 'Asia/Riyadh' })
  await availability.setWeeklyHours(tx, { businessId, branchId }, demo.hours)

  const resourceIds = new Map<string, string>()
  for (const [key, { kind, name, hours }] of Object.entries(demo.resources)) {
    const resourceId = await catalog.publishResource(tx, { businessId, branchId, kind, name, position: resourceIds.size })
    resourceIds.set(key, resourceId)
    if (hours) await availability.setWeeklyHours(tx, { businessId, branchId, resourceId }, hours)
  }
  const idOf = (key: string): string => {
    const id = resourceIds.get(key)
    if (id === undefined) throw new Error(`${demo.slug} has nobody and nothing called ${key}.`)
    return id
  }
  const usual = { bufferBeforeMinutes: 0, bufferAfterMinutes: 0, stepMinutes: 30, noticeMinutes: 30, horizonDays: 30 }
  for (const [position, { needs, ...service }] of demo.services.entries()) {
    const requirements = needs.map(({ choosable, of }) => ({ choosable, resourceIds: of.map(idOf) }))
    await catalog.publishService(tx, { ...usual, ...service, businessId, branchId, position, requirements })
  }
}
