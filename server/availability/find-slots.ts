import type { OfferedService } from '#catalog'
import type { Queryable } from '#database'
import { distinct } from './assignments.ts'
import { possibleStarts, type Start } from './possible-starts.ts'
import { readFacts } from './queries.ts'
import { dayAt, toDay, toInstant, toMinute } from './zone-minutes.ts'

/** A free time. Which of the resources a customer may choose among are free then; empty when there is no choice. */
export interface Slot {
  startsAt: Temporal.Instant
  endsAt: Temporal.Instant
  resourceIds: string[]
}

export interface SlotsAsk {
  /** Dates at the branch on which the slot starts, both included: 00:30 belongs to the date the calendar shows then. */
  from: Temporal.PlainDate
  to: Temporal.PlainDate
  resourceId?: string | undefined
  ignoreHolderId?: string | undefined
}

/** The longest range of dates that is answered at once. */
export const maxDays = 31

/** Free times in order: one read, then arithmetic. Empty for a resource that a customer cannot choose. */
export async function findSlots(db: Queryable, offered: OfferedService, ask: SlotsAsk): Promise<Slot[]> {
  const { resourceId, ignoreHolderId } = ask
  return findOn(db, offered, { first: toDay(ask.from), last: toDay(ask.to), resourceId, ignoreHolderId })
}

interface DaysAsk {
  first: number
  last: number
  resourceId?: string | undefined
  ignoreHolderId?: string | undefined
}

async function findOn(db: Queryable, offered: OfferedService, { first, last, resourceId, ignoreHolderId }: DaysAsk): Promise<Slot[]> {
  if (first > last || !isOurTime(first) || !isOurTime(last)) return []
  const facts = await readFacts(db, offered, { first, last, ignoreHolderId, withClaims: true })
  return possibleStarts(offered, facts, { first, last, resourceId }).map((start) => toSlot(offered, start))
}

/** The free times next to a wish, in order of time: first looked for around its day, then in the weeks around it. */
export async function nearest(
  db: Queryable,
  offered: OfferedService,
  startsAt: Temporal.Instant,
  ask: { resourceId?: string | undefined; count: number },
): Promise<Slot[]> {
  const day = dayAt(offered.branch.zone, toMinute(startsAt))
  const distance = (slot: Slot) => Math.abs(slot.startsAt.epochMilliseconds - startsAt.epochMilliseconds)
  let slots: Slot[] = []
  for (const [before, after] of [
    [1, 2],
    [7, 21],
  ] as const) {
    slots = await findOn(db, offered, { first: day - before, last: day + after, resourceId: ask.resourceId })
    if (slots.length >= ask.count) break
  }
  return slots
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, ask.count)
    .sort((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt))
}

/** Whether this start is on the grid, inside opening hours, notice and horizon, whoever holds it. */
export async function isOffered(db: Queryable, offered: OfferedService, startsAt: Temporal.Instant, resourceId?: string): Promise<boolean> {
  return (await startAt(db, offered, startsAt, { resourceId, withClaims: false })) !== null
}

/** The start at this instant with all that was read about its day; null when there is none. */
export async function startAt(
  db: Queryable,
  offered: OfferedService,
  startsAt: Temporal.Instant,
  ask: { resourceId?: string | undefined; ignoreHolderId?: string | undefined; withClaims: boolean },
) {
  const { resourceId, ignoreHolderId, withClaims } = ask
  const minute = toMinute(startsAt)
  const day = dayAt(offered.branch.zone, minute)
  if (!isOurTime(day) || !toInstant(minute).equals(startsAt)) return null
  const facts = await readFacts(db, offered, { first: day, last: day, ignoreHolderId, withClaims })
  const start = possibleStarts(offered, facts, { first: day, last: day, resourceId }).find(({ at }) => at === minute)
  return start ? { start, facts } : null
}

/** From 1970 to 9999: outside, nothing is offered and PostgreSQL's dates end. */
function isOurTime(day: number): boolean {
  return day >= 1 && day <= 2_932_000
}

function toSlot({ service }: OfferedService, { at, free }: Start): Slot {
  const resourceIds = service.requirements.flatMap(({ choosable }, position) =>
    choosable ? (free[position] ?? []).filter((id) => canTake(free, position, id)) : [],
  )
  return { startsAt: toInstant(at), endsAt: toInstant(at + service.durationMinutes), resourceIds }
}

/** Somebody who is free may still be of no use: when the only free room is the one they were wanted as. */
function canTake(free: string[][], position: number, id: string): boolean {
  return free.length === 1 || distinct(free.with(position, [id]), 1).length > 0
}
