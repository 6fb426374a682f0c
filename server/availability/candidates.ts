import type { OfferedService } from '#catalog'
import type { Queryable } from '#database'
import { distinct } from './assignments.ts'
import { startAt } from './find-slots.ts'
import { merge } from './free-time.ts'
import { openTime } from './opening-hours.ts'
import type { Facts } from './possible-starts.ts'

/** How many ways are worth trying when others are faster. */
const maxTries = 12

/**
 * Who could take this start: one resource for each requirement, in their order, whoever is least busy on that business day
 * first and equals in the business's own order. Empty when the start is not offered or not free.
 */
export async function candidates(
  db: Queryable,
  offered: OfferedService,
  startsAt: Temporal.Instant,
  resourceId?: string,
  ignoreHolderId?: string,
): Promise<string[][]> {
  const found = await startAt(db, offered, startsAt, { resourceId, ignoreHolderId, withClaims: true })
  if (!found) return []
  const { start, facts } = found
  const load = (id: string) => claimedMinutes(facts, id, offered.branch.zone, start.day)
  return distinct(
    start.free.map((ids) => leastFirst(ids, load)),
    maxTries,
  )
}

function leastFirst(ids: string[], load: (id: string) => number): string[] {
  return ids
    .map((id) => ({ id, load: load(id) }))
    .sort((a, b) => a.load - b.load)
    .map(({ id }) => id)
}

/** How much of the openings that begin on a day is taken; those that run past midnight count to their end. */
function claimedMinutes(facts: Facts, id: string, zone: string, day: number): number {
  let minutes = 0
  const taken = facts.claims.get(id) ?? []
  for (const opening of merge(openTime(facts, id, zone, day, day).openings)) {
    for (const { from, to } of taken) minutes += Math.max(0, Math.min(to, opening.to) - Math.max(from, opening.from))
  }
  return minutes
}
