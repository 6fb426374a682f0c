import type { Clock } from '#foundation'
import { CallFailure } from './call-failure.ts'

/*
 * closed ──(`failuresToOpen` in a row: unreachable or unknown)──► open ──(`openMs` passed)──► half open
 * half open: one call is let through; it closes the circuit by succeeding, opens it again by failing.
 * A refusal is an answer: it never opens a circuit.
 */
export type CircuitState = 'closed' | 'half_open' | 'open'

export interface CircuitBreaker {
  /**
   * Throws a CallFailure (unreachable, circuit_open) at once while the vendor is thought to be down; with `insist` it is asked
   * all the same. `before` runs once the call is let through and says nothing of the vendor: when it throws, NotBegun is thrown.
   */
  run<T>(call: () => Promise<T>, how?: { insist?: boolean | undefined; before?: (() => Promise<void>) | undefined }): Promise<T>
  state(): CircuitState
}

/** The vendor was not asked, because our own side could not begin. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun'
}

export function createCircuitBreaker(
  settings: { failuresToOpen: number; openMs: number },
  clock: Clock,
  onChange: (state: CircuitState) => void = () => {},
): CircuitBreaker {
  let failures = 0
  let openedAtMs: number | undefined
  let probing = false

  const state = (): CircuitState => {
    if (openedAtMs === undefined) return 'closed'
    const sinceMs = clock.now().epochMilliseconds - openedAtMs
    // A wall clock that was put back must not keep a vendor out until it has caught up.
    return sinceMs >= settings.openMs || sinceMs < 0 ? 'half_open' : 'open'
  }
  const leftMs = () => Math.max(0, (openedAtMs ?? 0) + settings.openMs - clock.now().epochMilliseconds)
  const close = () => {
    failures = 0
    if (openedAtMs === undefined) return
    openedAtMs = undefined
    onChange('closed')
  }
  const fail = () => {
    failures += 1
    if (failures < settings.failuresToOpen && openedAtMs === undefined) return
    openedAtMs = clock.now().epochMilliseconds
    onChange('open')
  }

  return {
    state,
    async run(call, { insist = false, before: begin } = {}) {
      const before = state()
      if (!insist && (before === 'open' || (before === 'half_open' && probing))) {
        throw new CallFailure({
          outcome: 'unreachable',
          errorType: 'circuit_open',
          detail: 'The vendor failed too often just now and is not asked.',
          retryAfterMs: before === 'open' ? leftMs() : settings.openMs,
        })
      }
      probing = before === 'half_open'
      if (probing) onChange('half_open')
      try {
        await begin?.().catch((cause: unknown) => {
          throw new NotBegun('Our own side could not begin.', { cause })
        })
        const result = await call()
        close()
        return result
      } catch (error) {
        if (error instanceof CallFailure && error.facts.outcome === 'refused') close()
        else if (!(error instanceof NotBegun)) fail()
        throw error
      } finally {
        if (before === 'half_open') probing = false
      }
    },
  }
}
