/** A half-open stretch of time: it includes its start and not its end, so that one may begin where another ends. */
export interface TimeRange {
  readonly startsAt: Temporal.Instant
  readonly endsAt: Temporal.Instant
}

export function timeRange(startsAt: Temporal.Instant, endsAt: Temporal.Instant): TimeRange {
  if (Temporal.Instant.compare(startsAt, endsAt) >= 0) throw new RangeError('A stretch of time ends after it starts.')
  return { startsAt, endsAt }
}

export function overlaps(a: TimeRange, b: TimeRange): boolean {
  return Temporal.Instant.compare(a.startsAt, b.endsAt) < 0 && Temporal.Instant.compare(b.startsAt, a.endsAt) < 0
}
