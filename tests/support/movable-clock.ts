import type { Clock } from '../../server/foundation/index.ts'

/** The machine's clock, and what a test lets pass on top of it. */
export interface MovableClock extends Clock {
  pass(seconds: number): void
  passedSeconds(): number
}

export function movableClock(): MovableClock {
  let passedSeconds = 0
  return {
    now: () => Temporal.Now.instant().add({ milliseconds: Math.round(passedSeconds * 1_000) }),
    pass: (seconds) => void (passedSeconds += seconds),
    passedSeconds: () => passedSeconds,
  }
}
