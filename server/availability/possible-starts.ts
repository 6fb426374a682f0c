import type { OfferedService } from '#catalog'
import { distinct } from './assignments.ts'
import { covers, type Span, startWindows } from './free-time.ts'
import { type Calendar, openTime, type Opening } from './opening-hours.ts'
import { dayStart } from './zone-minutes.ts'

/** What is known of a branch over a stretch of days. Claims by resource. */
export interface Facts extends Calendar {
  /** The database's clock, in minutes with a fraction. */
  now: number
  /** The date at the branch then. */
  today: number
  claims: ReadonlyMap<string, readonly Span[]>
}

export interface Wish {
  /** The dates on which a start may lie at the branch, both included. */
  first: number
  last: number
  /** Only with this resource, out of those a customer may choose. */
  resourceId?: string | undefined
}

export interface Start {
  at: number
  /** The business day: the date on which the opening began, which after midnight is the day before. */
  day: number
  /** Who is free at it, a list for each requirement, in the business's own order. */
  free: string[][]
}

/**
 * Every start at which one distinct resource of each requirement is free, in order of time. Starts stand on a grid counted
 * from the beginning of each opening of the first requirement's resources; whoever else is needed only has to be there.
 */
export function possibleStarts({ service, branch }: OfferedService, facts: Facts, { first, last, resourceId }: Wish): Start[] {
  const earliest = Math.max(dayStart(branch.zone, first), Math.ceil(facts.now + service.noticeMinutes))
  const end = Math.min(dayStart(branch.zone, last + 1), dayStart(branch.zone, facts.today + service.horizonDays + 1))
  const wanted = wantedResources(service, resourceId)
  if (!wanted || earliest >= end) return []

  const known = new Map<string, { openings: Opening[]; windows: Span[] }>()
  const timesOf = (id: string) => {
    let times = known.get(id)
    if (!times) {
      // The night before may reach into the first day; a service of a whole day ends up to two days after the last begins.
      const { openings, open } = openTime(facts, id, branch.zone, first - 1, last + 2)
      times = { openings, windows: startWindows(open, facts.claims.get(id) ?? [], service) }
      known.set(id, times)
    }
    return times
  }

  const [leading, ...others] = wanted
  if (!leading) return []
  const starts = new Map<number, Start>()
  for (const id of leading) {
    const { openings, windows } = timesOf(id)
    for (const at of gridStarts(openings, windows, service.stepMinutes, earliest, end)) {
      const start = starts.get(at.minute)
      if (!start) starts.set(at.minute, { at: at.minute, day: at.day, free: [[id]] })
      else if (start.free[0]!.at(-1) !== id) start.free[0]!.push(id)
    }
  }
  const sorted = [...starts.values()].sort((a, b) => a.at - b.at)
  if (others.length === 0) return sorted
  return sorted.filter((start) => {
    for (const ids of others) start.free.push(ids.filter((id) => covers(timesOf(id).windows, start.at)))
    return distinct(start.free, 1).length > 0
  })
}

/** The resources of each requirement, cut down to the chosen one; null when it is not among those to choose from. */
function wantedResources({ requirements }: OfferedService['service'], resourceId: string | undefined): string[][] | null {
  const ids = requirements.map(({ resources }) => resources.map(({ id }) => id))
  if (resourceId === undefined) return ids
  const chosenIn = requirements.findIndex(({ choosable, resources }) => choosable && resources.some(({ id }) => id === resourceId))
  return chosenIn === -1 ? null : ids.with(chosenIn, [resourceId])
}

function gridStarts(
  openings: Opening[],
  windows: Span[],
  stepMinutes: number,
  earliest: number,
  end: number,
): { minute: number; day: number }[] {
  const starts: { minute: number; day: number }[] = []
  let next = 0
  for (const { from, to, day } of openings) {
    const begin = Math.max(from, earliest)
    const stop = Math.min(to, end)
    // Openings may overlap, so that the next one may look at windows the last one has passed, but never before its own beginning.
    while (next < windows.length && windows[next]!.to <= from) next += 1
    for (let at = next; at < windows.length && windows[at]!.from < stop; at += 1) {
      const window = windows[at]!
      const steps = Math.ceil((Math.max(window.from, begin) - from) / stepMinutes)
      for (let minute = from + steps * stepMinutes; minute < Math.min(window.to, stop); minute += stepMinutes) starts.push({ minute, day })
    }
  }
  return starts
}
