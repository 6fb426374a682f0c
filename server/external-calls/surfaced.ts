import { insideTransaction } from '#database'
import type { Attempt, CallName } from './calls.ts'

/**
 * A call the client waits for: it runs now, under its deadline, and how it failed is told to the client.
 * Throws CallFailure with one of three outcomes: refused, unreachable, unknown. Takes a function, because it
 * happens now or not at all. Never inside a transaction: a slow vendor must not hold a lock or a connection.
 */
export type Surfaced = <T>(name: CallName, run: (signal: AbortSignal) => Promise<T>) => Promise<T>

export function createSurfaced(attempt: Attempt): Surfaced {
  return async (name, run) => {
    if (insideTransaction()) throw new Error(`${name.provider} ${name.operation} was called inside a transaction.`)
    return attempt(name, run)
  }
}
