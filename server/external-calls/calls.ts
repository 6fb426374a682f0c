import { type Clock, inSpan, type Metrics, type SpanSink } from '#foundation'
import { CallFailure } from './call-failure.ts'
import { type CircuitBreaker, type CircuitState, createCircuitBreaker } from './circuit-breaker.ts'
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
}

export interface CallNeeds {
  clock: Clock
  metrics: Metrics
  /** Who collects traces, if anybody does. */
  spans?: SpanSink | undefined
  circuit?: { failuresToOpen: number; openMs: number }
}

/** One way out of the house, shared by both meanings: a deadline, a circuit per vendor and operation, a record in the metrics. */
export type Attempt = <T>(name: CallName, run: (signal: AbortSignal) => Promise<T>) => Promise<T>

const stateValue: Record<CircuitState, number> = { closed: 0, half_open: 1, open: 2 }

export function createAttempt({ clock, metrics, spans, circuit = { failuresToOpen: 5, openMs: 10_000 } }: CallNeeds): Attempt {
  const circuits = new Map<string, CircuitBreaker>()
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

  return async (name, run) => {
    const labels = { provider: name.provider, operation: name.operation }
    const started = performance.now()
    const record = (outcome: string, errorType: string) =>
      metrics.calls.observe({ ...labels, outcome, error_type: errorType }, (performance.now() - started) / 1000)
    try {
      const span = { name: `${name.provider} ${name.operation}`, kind: 'client', attributes: { 'peer.service': name.provider } } as const
      const result = await circuitOf(name).run(() => inSpan(spans, span, () => withDeadline(name.timeoutMs, run)), name.insist)
      record('ok', '')
      return result
    } catch (error) {
      if (error instanceof CallFailure) record(error.facts.outcome, error.facts.errorType)
      else record('fault', 'fault')
      throw error
    }
  }
}
