const before = (startsAt: Temporal.Instant, minutes: number) => startsAt.subtract({ minutes })

/** When the customer is next reminded, after `now`; null: not any more. */
export function nextReminder(startsAt: Temporal.Instant, minutes: readonly number[], now: Temporal.Instant): Temporal.Instant | null {
  const later = minutes.map((each) => before(startsAt, each)).filter((moment) => Temporal.Instant.compare(moment, now) > 0)
  return later.toSorted((a, b) => Temporal.Instant.compare(a, b))[0] ?? null
}

/**
 * Which reminder is due, in minutes before the start; null: none. Of several that a house that was down has missed, the last
 * one alone: the others would say the same. None for a moment that passed before the booking came to stand as it does: then its
 * customer has just been told. None once it has begun.
 */
export function reminderDue(
  { startsAt, changedAt, now }: { startsAt: Temporal.Instant; changedAt: Temporal.Instant; now: Temporal.Instant },
  minutes: readonly number[],
): number | null {
  if (Temporal.Instant.compare(startsAt, now) <= 0) return null
  const due = minutes.filter((each) => {
    const moment = before(startsAt, each)
    return Temporal.Instant.compare(moment, now) <= 0 && Temporal.Instant.compare(moment, changedAt) > 0
  })
  return due.length === 0 ? null : Math.min(...due)
}
