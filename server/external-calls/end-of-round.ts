import type { Round } from './ask-vendors.ts'
import type { ErrorClass } from './error-class.ts'

export interface Patience {
  /** Pauses before the next round after a failure that may pass; empty: the first failure is final. */
  retryDelaysMs: readonly number[]
  /** Whether a message that no vendor was asked about may wait for its turn. Where a person waits, it may not. */
  mayWait: boolean
  /** Whether another channel could stand in; it is not kept waiting as long as the last one. */
  standIn: boolean
}

/** Rounds of a channel that another one could stand in for. */
const roundsBeforeStandIn = 2

export type RoundEnd =
  | { state: 'SENT' }
  | { state: 'FAILED'; errorClass: ErrorClass; standIn: boolean }
  /** `counted`: whether it was a try, or only waiting. */
  | { state: 'PENDING'; errorClass: ErrorClass; pauseMs: number; counted: boolean }

/** What follows from a round: the end of the message, or when it is tried again. `random` from 0 to 1 spreads what failed together. */
export function endOfRound(
  { errorClass, asked, retryAfterMs }: Pick<Round, 'errorClass' | 'asked' | 'retryAfterMs'>,
  { tries, ageMs }: { tries: number; ageMs: number },
  { retryDelaysMs, mayWait, standIn }: Patience,
  random: number,
): RoundEnd {
  if (errorClass === null) return { state: 'SENT' }
  // A person decides about what may have been sent; and what broke our own code would break it again.
  if (errorClass === 'ambiguous' || errorClass === 'fault') return { state: 'FAILED', errorClass, standIn: false }
  const failed: RoundEnd = { state: 'FAILED', errorClass, standIn }
  if (errorClass !== 'temporary') return failed

  const delays = standIn ? retryDelaysMs.slice(0, roundsBeforeStandIn) : retryDelaysMs
  if (!asked && mayWait) {
    const patienceMs = standIn ? delays.reduce((sum, delay) => sum + delay, 0) : Infinity
    if (ageMs >= patienceMs) return failed
    return { state: 'PENDING', errorClass, pauseMs: spread(retryAfterMs || 1_000, random, 1), counted: false }
  }
  const delayMs = delays[tries]
  return delayMs === undefined
    ? failed
    : { state: 'PENDING', errorClass, pauseMs: spread(Math.max(delayMs, retryAfterMs), random, 0.1), counted: true }
}

/** Up to `share` longer, so that what failed together does not come back together. */
function spread(ms: number, random: number, share: number): number {
  return Math.ceil(ms * (1 + random * share))
}
