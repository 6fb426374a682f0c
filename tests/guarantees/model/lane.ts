import { randomUUID } from 'node:crypto'
import { openAvailability } from '../../../server/availability/index.ts'
import { openCatalog, type OfferedService } from '../../../server/catalog/index.ts'
import { type Database, openDatabase, sql, transaction } from '../../../server/database/index.ts'
import { testDatabase } from '../../support/postgres.ts'
import { type Customer, customers, minute, promised, refundTiers, type Resource, type Service, services } from './model.ts'
import { makeClockMovable } from './movable-clock.ts'
import { watchSteps } from './witness.ts'

type TestContext = { after(run: () => Promise<void>): void }

/** A database with one business in it, for one run after another. */
export interface Lane {
  database: Database
  offered: Record<Service, OfferedService>
  resourceNames: Map<string, Resource>
  accountIds: Record<Customer, string>
  /** Forgets everything but the business and its customers. */
  empty(): Promise<void>
}

/** What runs write. Entries that are final to the product's code are not to a test's superuser. */
const made = [
  'webhook_event',
  'refund',
  'payment',
  'notification_attempt',
  'notification',
  'claim',
  'booking',
  'customer_order',
  'audit_entry',
  'payment_check',
  'ledger_entry',
  'money_difference',
  'reconciliation',
  'movable.walked',
]

export async function openLane(t: TestContext): Promise<Lane> {
  const { url } = await testDatabase(t)
  const settings = {
    url,
    poolSize: 8,
    poolWaitMs: 30_000,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 30_000,
    idleInTransactionTimeoutMs: 30_000,
  }
  const before = openDatabase({ ...settings, poolSize: 1 }, () => {})
  await makeClockMovable(before)
  await watchSteps(before)
  await before.close()
  const database = openDatabase(settings, () => {})
  t.after(() => database.close())
  return {
    database,
    ...(await publish(database)),
    empty: () =>
      database.pool
        .query(`begin; set local session_replication_role = replica; ${made.map((table) => `delete from ${table}`).join('; ')}; commit`)
        .then(() => {}),
  }
}

function paymentOf(price: number, due: number) {
  if (price === 0) return { kind: 'free' } as const
  return due === price ? ({ kind: 'full' } as const) : ({ kind: 'deposit', depositMinor: due } as const)
}

/** A court, a coach, and what is sold of them, around the clock. */
async function publish(database: Database): Promise<Omit<Lane, 'database' | 'empty'>> {
  const catalog = openCatalog({ database })
  const availability = openAvailability({ database, catalog })
  const name = (en: string) => ({ ar: en, en })
  const resourceNames = new Map<string, Resource>()
  const accountIds = {} as Record<Customer, string>
  const serviceIds = {} as Record<Service, string>
  const businessId = await transaction(database, async (tx) => {
    const cancellation = refundTiers.map(({ before, percent }) => ({ hoursBefore: before / (60 * minute), refundPercent: percent }))
    const business = await catalog.publishBusiness(tx, {
      slug: 'model',
      name: name('Padel'),
      description: name(''),
      currency: 'SAR',
      cancellation,
    })
    if (business === null) throw new Error('The database was not empty.')
    const branchId = await catalog.publishBranch(tx, { businessId: business, name: name('Riyadh'), zone: 'Asia/Riyadh', address: name('') })
    const where = { businessId: business, branchId }
    await availability.setWeeklyHours(tx, where, [{ kind: 'open', weekdays: [1, 2, 3, 4, 5, 6, 7], startMinute: 0, lengthMinutes: 1440 }])
    for (const [resource, kind] of [
      ['court', 'court'],
      ['coach', 'staff'],
    ] as const) {
      resourceNames.set(await catalog.publishResource(tx, { ...where, kind, name: name(resource), position: 0 }), resource)
    }
    const idOf = (resource: Resource) => [...resourceNames].filter(([, one]) => one === resource).map(([id]) => id)
    const usual = {
      ...where,
      description: name(''),
      durationMinutes: 60,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      stepMinutes: 30,
      noticeMinutes: promised.notice / minute,
      horizonDays: 30,
      position: 0,
    }
    for (const [service, { price, due, takes }] of Object.entries(services)) {
      const requirements = takes.map((resource) => ({ choosable: false, resourceIds: idOf(resource) }))
      serviceIds[service as Service] = await catalog.publishService(tx, {
        ...usual,
        name: name(service),
        priceMinor: price,
        payment: paymentOf(price, due),
        requirements,
      })
    }
    for (const customer of customers) {
      accountIds[customer] = randomUUID()
      await tx.run(sql`insert into account (id, display_name) values (${accountIds[customer]}, ${customer})`)
    }
    return business
  })
  const offered = {} as Record<Service, OfferedService>
  for (const service of Object.keys(services) as Service[]) {
    const found = await catalog.offeredService(database, { businessId, serviceId: serviceIds[service] })
    if (!found) throw new Error(`Nobody offers ${service}.`)
    offered[service] = found
  }
  return { offered, resourceNames, accountIds }
}
