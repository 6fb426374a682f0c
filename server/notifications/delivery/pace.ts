import type { CallFailureFacts } from '#external-calls'

export interface Pace {
  /** Takes the next turn and gives 0; or the milliseconds until there may be one, further off the more are waiting. */
  takeMs: () => number
  /** Milliseconds after which to ask again, for one that took no turn. */
  laterMs: () => number
  /** Hears how a turn ended: after a vendor was away, it is fed slowly first. */
  ended: (failure: CallFailureFacts | null) => void
}

/** After a vendor came back, from a tenth of the pace to all of it in this time. */
const rampMs = 30_000
const coldShare = 0.1

/**
 * How fast one vendor is fed by this process: so many a second and at most a second's worth at once. A vendor whose circuit was
 * open is cold; the first success starts the ramp. Who has to wait holds no place: whoever comes when a turn is free takes it, so
 * that the backlog of one business does not stand before another's single message.
 */
export function createPace(perSecond: number, nowMs: () => number = () => performance.now()): Pace {
  let turns = perSecond
  let countedAtMs = nowMs()
  let waitingUntilMs = 0
  let cold = false
  let warmingSinceMs: number | undefined

  const share = () => {
    if (cold) return coldShare
    if (warmingSinceMs === undefined) return 1
    const passed = (nowMs() - warmingSinceMs) / rampMs
    if (passed >= 1) warmingSinceMs = undefined
    return Math.min(1, Math.max(coldShare, passed))
  }

  /** Those who wait come back one after the other, at the full pace: a guess at when, and no promise. */
  const laterMs = () => {
    waitingUntilMs = Math.max(waitingUntilMs, nowMs()) + 1_000 / perSecond
    return Math.ceil(waitingUntilMs - nowMs())
  }

  return {
    laterMs,
    takeMs() {
      const now = nowMs()
      const perMs = (perSecond * share()) / 1_000
      turns = Math.min(Math.max(1, perMs * 1_000), turns + (now - countedAtMs) * perMs)
      countedAtMs = now
      if (turns >= 1) {
        turns -= 1
        return 0
      }
      return laterMs()
    },
    ended(failure) {
      if (failure?.errorType === 'circuit_open') {
        cold = true
        warmingSinceMs = undefined
      } else if (failure === null && cold) {
        cold = false
        warmingSinceMs = nowMs()
        turns = 0
      }
    },
  }
}
