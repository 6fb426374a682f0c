import type { ServerResponse } from 'node:http'

export const LONGEST_SILENCE_MS = 60_000

/** Waits, but no longer than the client does, nor than a minute. */
export function silence(response: ServerResponse, ms: number): Promise<void> {
  if (ms === 0 || response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      response.off('close', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(ms, LONGEST_SILENCE_MS))
    response.once('close', done)
  })
}
