import { type Clock, inSpan, type Metrics, type SpanSink } from '#foundation'
import { CallFailure } from './call-failure.ts'
import { type CircuitBreaker, type CircuitState, createCircuitBreaker, NotBegun } from './circuit-breaker.ts'
import { withDeadline } from './deadline.ts'

export interface CallName {
  /** The vendor. */
  provider: string
  /** What is asked of it: `send-code`, `create-invoice`. */
  operation: string
  /** The whole call, its answer's last byte included. */
  timeoutMs: number
  /** A person asks for this one call: the vendor is tried even while its circuit is open, and a success closes it. */
  insist?: boolean
  /** Done once the call is let through and before the vendor is asked. What it throws is our own: not recorded, no failure of the vendor. */
  before?: () => Promise<void>
}

export interface CallNeeds {
  clock: Clock
  metrics: Metrics
  /** Who collects traces, if anybody does. */
  spans?: SpanSink | undefined
  circuit?: { failuresToOpen: number; openMs: number }
  /** Calls of one vendor and operation that may be under way at once, by operation. */
  bulkheads?: Partial<Record<string, number>>
}

/** Codes and messages apart, so that a flood of the one leaves the other room. */
const usualBulkheads: Partial<Record<string, number>> = { 'send-code': 64, 'send-message': 32 }
/** Of everything else: what one process never needs, and a vendor that hangs should not take. */
const widest = 256

/** One way out of the house, shared by both meanings: a deadline, a circuit and a bulkhead per vendor and operation, a record in the metrics. */
export type Attempt = <T>(name: CallName, run: (signal: AbortSignal) => Promise<T>) => Promise<T>

const stateValue: Record<CircuitState, number> = { closed: 0, half_open: 1, open: 2 }

export function createAttempt({
  clock,
  metrics,
  spans,
  circuit = { failuresToOpen: 5, openMs: 10_000 },
  bulkheads = usualBulkheads,
}: CallNeeds): Attempt {
  const circuits = new Map<string, CircuitBreaker>()
  const underWay = new Map<string, number>()
  const circuitOf = ({ provider, operation }: CallName) => {
    const key = `${provider} ${operation}`
    let found = circuits.get(key)
    if (!found) {
      const labels = { provider, purpose: operation }
      found = createCircuitBreaker(circuit, clock, (state) => metrics.circuits.set(labels, stateValue[state]))
      metrics.circuits.set(labels, 0)
      circuits.set(key, found)
    }
    return found
  }

  /** One slow vendor may fill its own room and nobody else's. */
  async function withRoom<T>(name: CallName, call: () => Promise<T>): Promise<T> {
    const key = `${name.provider} ${name.operation}`
    const count = underWay.get(key) ?? 0
    if (count >= (bulkheads[name.operation] ?? widest) && !name.insist)
      throw new CallFailure({
        outcome: 'unreachable',
        errorType: 'bulkhead_full',
        detail: 'As many calls as this vendor is given at once are under way.',
        retryAfterMs: 1_000,
      })
    underWay.set(key, count + 1)
    try {
      return await call()
    } finally {
      underWay.set(key, underWay.get(key)! - 1)
    }
  }

  return async (name, run) => {
    const labels = { provider: name.provider, operation: name.operation }
    const started = performance.now()
    const record = (outcome: string, errorType: string) =>
      metrics.calls.observe({ ...labels, outcome, error_type: errorType }, (performance.now() - started) / 1000)
    try {
      const span = { name: `${name.provider} ${name.operation}`, kind: 'client', attributes: { 'peer.service': name.provider } } as const
      const result = await withRoom(name, () =>
        circuitOf(name).run(() => inSpan(spans, span, () => withDeadline(name.timeoutMs, run)), {
          insist: name.insist,
          before: name.before,
        }),
      )
      record('ok', '')
      return result
    } catch (error) {
      if (error instanceof NotBegun) throw error.cause
      if (error instanceof CallFailure) {
        record(error.facts.outcome, error.facts.errorType)
        if (error.facts.cause === 'configuration') metrics.misconfigured.inc(labels)
      } else record('fault', 'fault')
      throw error
    }
  }
}
