export type Clock = { now(): number }

/** A clock that people and tests can push forward; the offset lives in memory only, so a restart is back on real time. */
export type MovableClock = Clock & { advance(ms: number): void; reset(): void; offsetMs(): number }

export const systemClock: Clock = { now: () => Date.now() }

export function movableClock(base: Clock): MovableClock {
  let offset = 0
  return {
    now: () => base.now() + offset,
    advance: (ms) => {
      offset += ms
    },
    reset: () => {
      offset = 0
    },
    offsetMs: () => offset,
  }
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
