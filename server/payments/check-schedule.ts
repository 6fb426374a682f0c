import type { PaymentState } from './payment-states.ts'

/** The gateway is asked this long after an attempt came into its state, then every five minutes, after an hour every quarter. */
const marksSeconds = [2, 5, 15, 30, 60, 120, 300]
/** A page that may be paid right now is asked at least this often: the customer may never come back and the webhook may never come. */
const openPageSeconds = 60
/** A bank's page can end as paid this long after the gateway's own page closed (Moyasar gives 3-D Secure 10 to over 15 minutes). */
const lateMinutes = 20

interface Standing {
  now: Temporal.Instant
  /** When the attempt came into its state. */
  since: Temporal.Instant
  expiresAt: Temporal.Instant
  /** Whether the gateway has a page of this attempt. */
  hasPage: boolean
}

const before = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0

/** When the gateway is asked next about an attempt, by the database's clock; null: it cannot change any more, or only by a person. */
export function nextCheck(state: PaymentState, standing: Standing): Temporal.Instant | null {
  return schedules[state](standing)
}

const schedules: Record<PaymentState, (standing: Standing) => Temporal.Instant | null> = {
  intent: byAge,
  unknown: byAge,
  redirected(standing) {
    const { now, expiresAt } = standing
    const planned = byAge(standing)
    const closed = expiresAt.add({ seconds: 2 })
    const soonest = [planned, now.add({ seconds: openPageSeconds }), ...(before(now, closed) ? [closed] : [])]
    return before(now, lastChance(expiresAt)) ? soonest.reduce((a, b) => (before(a, b) ? a : b)) : planned
  },
  failed: untilLastChance,
  expired: untilLastChance,
  // Paid already; asked for a second card that paid the same page in another tab.
  paid({ now, expiresAt }) {
    return [expiresAt.add({ minutes: 1 }), lastChance(expiresAt)].find((at) => before(now, at)) ?? null
  },
  integrity_failure: () => null,
}

function byAge({ now, since }: Standing): Temporal.Instant {
  const mark = marksSeconds.map((seconds) => since.add({ seconds })).find((at) => before(now, at))
  return mark ?? now.add({ minutes: before(now, since.add({ hours: 1 })) ? 5 : 15 })
}

function untilLastChance({ now, expiresAt, hasPage }: Standing): Temporal.Instant | null {
  const end = lastChance(expiresAt)
  if (!hasPage || !before(now, end)) return null
  const soon = now.add({ minutes: 5 })
  return before(soon, end) ? soon : end
}

function lastChance(expiresAt: Temporal.Instant): Temporal.Instant {
  return expiresAt.add({ minutes: lateMinutes })
}
