import type { Database, Queryable, Transaction } from '#database'
import type { Routes } from '#http'
import { type DescribedResource, type OfferedService, offeredService, type ReschedulePolicy, type WhichService } from './offered-service.ts'
import type { PaymentKind, PaymentTerms } from './payment-terms.ts'
import {
  type NewBranch,
  type NewBusiness,
  type NewResource,
  type NewService,
  publishBranch,
  publishBusiness,
  publishResource,
  publishService,
} from './publish.ts'
import { type DescribedService, findBusinessId, findResourceNames, findServiceNames, lockResources } from './queries.ts'
import { catalogRoutes } from './routes.ts'

export type {
  DescribedResource,
  DescribedService,
  NewBranch,
  NewBusiness,
  NewResource,
  NewService,
  OfferedService,
  PaymentKind,
  PaymentTerms,
  ReschedulePolicy,
  WhichService,
}
export { PaymentTermsOnTheWire } from './schemas.ts'

/** Businesses, their branches, what they sell, and who and what it takes. */
export interface Catalog {
  routes: Routes
  /** Null when there is no such service; as a customer names it, only what is open and active. */
  offeredService(db: Queryable, which: WhichService): Promise<OfferedService | null>
  /** Names by service id; one read. */
  describeServices(db: Queryable, serviceIds: string[]): Promise<Map<string, DescribedService>>
  describeResources(db: Queryable, resourceIds: string[]): Promise<Map<string, DescribedResource>>
  /** Whoever moves time between resources waits here for whoever does so already. */
  lockResources(tx: Transaction, businessId: string, resourceIds: string[]): Promise<void>
  /** The id behind a slug, whether or not the business is open; null when there is none. */
  businessIdOf(db: Queryable, slug: string): Promise<string | null>
  /** Null when the slug is taken; then nothing is written. */
  publishBusiness(tx: Transaction, business: NewBusiness): Promise<string | null>
  publishBranch(tx: Transaction, branch: NewBranch): Promise<string>
  publishResource(tx: Transaction, resource: NewResource): Promise<string>
  publishService(tx: Transaction, service: NewService): Promise<string>
}

export function openCatalog({ database }: { database: Database }): Catalog {
  return {
    routes: catalogRoutes({ database }),
    offeredService,
    describeServices: async (db, serviceIds) => byId(serviceIds.length === 0 ? [] : await findServiceNames(db, serviceIds)),
    describeResources: async (db, resourceIds) => byId(resourceIds.length === 0 ? [] : await findResourceNames(db, resourceIds)),
    lockResources,
    businessIdOf: findBusinessId,
    publishBusiness,
    publishBranch,
    publishResource,
    publishService,
  }
}

function byId<Row extends { id: string }>(rows: Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}
