import { setTimeout as pause } from 'node:timers/promises'

/** How long each of many requests took. */
export interface Latency {
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Of all requests, those that took longer than a second. */
  overSecondPercent: number
}

/**
 * Sends requests as people do, who do not wait for one another: at a steady rate, whatever became of those before. A
 * request's time counts from when it was due, so that a server that stands still is not measured by the few it let through.
 */
export async function arrive<T>(
  { perSecond, count }: { perSecond: number; count: number },
  send: (nth: number) => Promise<T>,
): Promise<{ answers: T[]; tookMs: number[] }> {
  const startedAtMs = performance.now()
  const tookMs: number[] = []
  const sent = Array.from({ length: count }, async (_, nth) => {
    const dueAtMs = startedAtMs + (nth * 1_000) / perSecond
    await pause(Math.max(0, dueAtMs - performance.now()))
    const answer = await send(nth)
    tookMs.push(performance.now() - dueAtMs)
    return answer
  })
  return { answers: await Promise.all(sent), tookMs }
}

export function latencyOf(tookMs: number[]): Latency {
  return {
    p50Ms: percentile(tookMs, 50),
    p99Ms: percentile(tookMs, 99),
    maxMs: Math.max(0, ...tookMs),
    overSecondPercent: (100 * tookMs.filter((ms) => ms > 1_000).length) / Math.max(1, tookMs.length),
  }
}

/** The nearest rank; 0 of nothing. */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0
}
