/** Where "now" comes from. Handed in, so that a test can stand at any instant; deadlines that bind people are decided by the database's clock. */
export interface Clock {
  now(): Temporal.Instant
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() }
