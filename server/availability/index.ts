import type { Catalog, OfferedService } from '#catalog'
import type { Database, Queryable, Transaction } from '#database'
import type { TimeRange } from '#foundation'
import type { Routes } from '#http'
import { candidates } from './candidates.ts'
import { book, claim, type ClaimedTime, claimRange, claimsOf, lapsedHolders, release, type WantedClaim } from './claim.ts'
import { findSlots, isOffered, nearest, type Slot, type SlotsAsk } from './find-slots.ts'
import { availabilityRoutes } from './routes.ts'
import { addClosure, setSpecialDay, setWeeklyHours, type WeeklyHours, type Whose } from './set-opening.ts'

export type { ClaimedTime, Slot, SlotsAsk, WantedClaim, WeeklyHours, Whose }

/** Time: when something is open, what is free, and whose it is. Knows holders by their ids and nothing else of them. */
export interface Availability {
  routes: Routes
  findSlots(db: Queryable, offered: OfferedService, ask: SlotsAsk): Promise<Slot[]>
  /** On the grid, inside opening hours, notice and horizon; whoever holds it. */
  isOffered(db: Queryable, offered: OfferedService, startsAt: Temporal.Instant, resourceId?: string): Promise<boolean>
  /** The free times next to a wish, in order of time. */
  nearest(
    db: Queryable,
    offered: OfferedService,
    startsAt: Temporal.Instant,
    ask: { resourceId?: string | undefined; count: number },
  ): Promise<Slot[]>
  /** Free assignments for an offered start, a resource for each requirement, least busy on that business day first; at most 12. */
  candidates(
    db: Queryable,
    offered: OfferedService,
    startsAt: Temporal.Instant,
    resourceId?: string,
    ignoreHolderId?: string,
  ): Promise<string[][]>
  /** All or nothing; false when somebody has any of it. */
  claim(tx: Transaction, wanted: WantedClaim): Promise<boolean>
  /** The time a start takes, buffers included. */
  claimRange(offered: OfferedService, startsAt: Temporal.Instant): TimeRange
  /** Holders of holds that ran out and stand in the way. */
  lapsedHolders(tx: Transaction, businessId: string, resourceIds: string[], during: TimeRange): Promise<string[]>
  /** Before claims are moved: whoever moves time between resources waits here for whoever does so already. */
  lockResources(tx: Transaction, businessId: string, resourceIds: string[]): Promise<void>
  /** Held becomes booked; how many claims. */
  book(tx: Transaction, businessId: string, holderId: string): Promise<number>
  /** Gives the time back; how many claims. */
  release(tx: Transaction, businessId: string, holderId: string): Promise<number>
  /** What holders have, or had last, by holder id. */
  claimsOf(db: Queryable, holders: { businessId: string; holderId: string }[]): Promise<Map<string, ClaimedTime>>
  setWeeklyHours(tx: Transaction, whose: Whose, hours: WeeklyHours[]): Promise<void>
  setSpecialDay(tx: Transaction, whose: Whose, special: Parameters<typeof setSpecialDay>[2]): Promise<void>
  addClosure(tx: Transaction, whose: Whose, closure: Parameters<typeof addClosure>[2]): Promise<void>
}

export function openAvailability({
  database,
  catalog,
}: {
  database: Database
  catalog: Pick<Catalog, 'offeredService' | 'lockResources'>
}): Availability {
  return {
    routes: availabilityRoutes({ database, catalog }),
    findSlots,
    isOffered,
    nearest,
    candidates,
    claim,
    claimRange,
    lapsedHolders,
    lockResources: catalog.lockResources,
    book,
    release,
    claimsOf,
    setWeeklyHours,
    setSpecialDay,
    addClosure,
  }
}
