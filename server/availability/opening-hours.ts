import { merge, type Span, subtract } from './free-time.ts'
import { wallMinute, weekdayOf } from './zone-minutes.ts'

/** Weekly hours or a break: from `startMinute` past midnight on a weekday (1 Monday … 7 Sunday), for so long, over midnight if need be. */
export interface WeeklyRule {
  /** Whose rule it is; null is the branch's. */
  resourceId: string | null
  kind: 'open' | 'break'
  weekday: number
  startMinute: number
  lengthMinutes: number
}

/** A date whose weekly hours do not count: other hours, or, without any, none. */
export interface SpecialDay {
  resourceId: string | null
  day: number
  startMinute: number | null
  lengthMinutes: number | null
}

export interface Closure extends Span {
  resourceId: string | null
}

/** All that is written about when a branch and its resources are open. */
export interface Calendar {
  rules: readonly WeeklyRule[]
  specialDays: readonly SpecialDay[]
  closures: readonly Closure[]
}

/** One opening as it was written, before breaks: starts are counted from its first minute. It belongs to the day it begins on. */
export interface Opening extends Span {
  readonly day: number
}

export interface OpenTime {
  /** By their first minute. */
  openings: Opening[]
  /** What is open without breaks and closures, sorted and merged. */
  open: Span[]
}

/**
 * When a resource can be had on the days `first` to `last`; an opening that begins on one of them counts to its end.
 *
 * A day's hours are the first of these that is written: the resource's special day, the branch's special day, the
 * resource's weekly hours, the branch's weekly hours. Breaks and closures of both are taken from whatever is open. Both
 * ends of a rule are times on the clock: on the night a clock is moved, 16:00 to 02:00 is an hour longer or shorter.
 */
export function openTime(calendar: Calendar, resourceId: string, zone: string, first: number, last: number): OpenTime {
  const mine = <T extends { resourceId: string | null }>(all: readonly T[]) => all.filter((each) => each.resourceId === resourceId)
  const branches = <T extends { resourceId: string | null }>(all: readonly T[]) => all.filter((each) => each.resourceId === null)
  const breaks = calendar.rules.filter((rule) => rule.kind === 'break' && (rule.resourceId === null || rule.resourceId === resourceId))
  const hours = calendar.rules.filter(({ kind }) => kind === 'open')
  const own = mine(hours)
  const weekly = own.length > 0 ? own : branches(hours)
  const ownSpecial = mine(calendar.specialDays)
  const branchSpecial = branches(calendar.specialDays)

  const openings: Opening[] = []
  const closed: Span[] = calendar.closures.filter((closure) => closure.resourceId === null || closure.resourceId === resourceId)
  // A break after midnight is written on its own weekday, so that of the day after the last may still matter.
  for (let day = first - 1; day <= last + 1; day += 1) {
    const weekday = weekdayOf(day)
    for (const rule of breaks) if (rule.weekday === weekday) closed.push(onClock(zone, day, rule.startMinute, rule.lengthMinutes))
    if (day < first || day > last) continue
    const special = firstWritten(ofDay(ownSpecial, day), ofDay(branchSpecial, day))
    const written = special ?? weekly.filter((rule) => rule.weekday === weekday)
    for (const { startMinute, lengthMinutes } of written) {
      if (startMinute === null || lengthMinutes === null) continue
      const span = onClock(zone, day, startMinute, lengthMinutes)
      if (span.from < span.to) openings.push({ ...span, day })
    }
  }
  openings.sort((a, b) => a.from - b.from)
  return { openings, open: subtract(merge(openings), merge(closed)) }
}

function onClock(zone: string, day: number, startMinute: number, lengthMinutes: number): Span {
  return { from: wallMinute(zone, day, startMinute), to: wallMinute(zone, day, startMinute + lengthMinutes) }
}

function ofDay(specialDays: readonly SpecialDay[], day: number): SpecialDay[] {
  return specialDays.length === 0 ? [] : specialDays.filter((special) => special.day === day)
}

function firstWritten(...lists: SpecialDay[][]): SpecialDay[] | undefined {
  return lists.find((list) => list.length > 0)
}
