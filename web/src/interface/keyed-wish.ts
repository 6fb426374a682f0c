import { newIdempotencyKey, NoAnswerError, ProblemError } from '@thabit/sdk'
import { forget, recall, remember } from './memory.ts'

type Kept = Record<string, { key: string; at: number }>

const dayMs = 24 * 60 * 60 * 1000
/** Refusals that arrive as server errors although it is certain that nothing was done. */
const certainRefusals = new Set(['payment_refused', 'payment_provider_unreachable', 'payment_provider_misconfigured'])

/**
 * The key of a wish, the same in every tab and after a reload, until the wish has a certain end. A page that offers the wish
 * makes the key already when it is shown: tabs learn of each other's keys a moment late, and a press must not be that early.
 */
export function keyOf(wish: string): string {
  const kept = fresh()
  const found = kept[wish]
  if (found) return found.key
  const key = newIdempotencyKey()
  remember('localStorage', 'keys', { ...kept, [wish]: { key, at: Date.now() } })
  return key
}

/** Asks for `wish` under its key. A lost or doubtful answer keeps the key, so that asking again cannot do it twice. */
export async function keyed<T>(wish: string, ask: (key: string) => Promise<T>): Promise<T> {
  const key = keyOf(wish)
  for (let turn = 0; ; turn++) {
    try {
      const answer = await ask(key)
      drop(wish)
      return answer
    } catch (error) {
      if (isBusyElsewhere(error) && turn < 8) {
        // Another tab is asking for the very same thing: its answer will be ours.
        await new Promise((done) => setTimeout(done, (error.retryAfterSeconds ?? 1) * 1000))
        continue
      }
      if (isCertain(error)) drop(wish)
      throw error
    }
  }
}

/** Whether an error proves that the wish was not carried out. */
export function isCertain(error: unknown): boolean {
  if (error instanceof NoAnswerError || !(error instanceof ProblemError)) return false
  if (certainRefusals.has(error.code)) return true
  return error.status < 500 && ![401, 408, 429].includes(error.status) && error.code !== 'idempotency_key_in_use'
}

function isBusyElsewhere(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.code === 'idempotency_key_in_use'
}

function drop(wish: string): void {
  const { [wish]: _done, ...rest } = fresh()
  if (Object.keys(rest).length === 0) forget('localStorage', 'keys')
  else remember('localStorage', 'keys', rest)
}

function fresh(): Kept {
  const kept = recall<Kept>('localStorage', 'keys') ?? {}
  return Object.fromEntries(Object.entries(kept).filter(([, { at }]) => Date.now() - at < dayMs))
}
