import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** Where in which trace we are (W3C Trace Context): one trace joins what one wish led to, days apart. */
export interface Trace {
  traceId: string
  spanId: string
  sampled: boolean
  /** Whoever called us named it; then it is theirs and is kept. */
  given: boolean
  /** Other traces this work belongs to as well, each by a span of it: the request's that acted on a row, or the row's. */
  links: Map<string, string>
}

const current = new AsyncLocalStorage<Trace>()

/** The trace of a `traceparent` header; null for anything that is not one to the letter, which then counts as none. */
export function parseTraceParent(written: string | null | undefined): Trace | null {
  if (typeof written !== 'string') return null
  const found = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(written)
  if (!found) return null
  const [, version = '', traceId = '', spanId = '', flags = '', more] = found
  // 255 is forbidden; version 0 ends here, later ones may go on.
  if (version === 'ff' || (version === '00' && more !== undefined)) return null
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1, given: true, links: new Map() }
}

export function newTrace(): Trace {
  return { traceId: randomBytes(16).toString('hex'), spanId: newSpanId(), sampled: true, given: false, links: new Map() }
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex')
}

export function toTraceParent({ traceId, spanId, sampled }: Trace): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}

/** Null outside any trace. */
export function currentTrace(): Trace | null {
  return current.getStore() ?? null
}

/** For the row that is written now, and for the vendor that is called now. Null outside any trace. */
export function currentTraceParent(): string | null {
  const trace = current.getStore()
  return trace ? toTraceParent(trace) : null
}

export function inTrace<T>(trace: Trace, run: () => T): T {
  return current.run(trace, run)
}

/**
 * Does work on a row in the row's own trace, and links the trace that was under way: a webhook, a sweep or an operator acts
 * on a promise made days ago. A row without a trace, or of the trace that is under way, changes nothing.
 */
export function continueTrace<T>(traceParent: string | null | undefined, run: () => T): T {
  const before = current.getStore()
  const trace = parseTraceParent(traceParent)
  if (!trace || trace.traceId === before?.traceId) return run()
  if (before) {
    trace.links.set(before.traceId, before.spanId)
    before.links.set(trace.traceId, trace.spanId)
  }
  return current.run(trace, run)
}

/** The same, unless the caller brought a trace: that one is theirs, is kept, and is linked to the row's. */
export function adoptTrace<T>(traceParent: string | null | undefined, run: () => T): T {
  const before = current.getStore()
  const trace = parseTraceParent(traceParent)
  if (!before?.given || !trace) return continueTrace(traceParent, run)
  if (trace.traceId !== before.traceId) before.links.set(trace.traceId, trace.spanId)
  return run()
}

/** What every log line carries. */
export function traceFacts(): { trace_id?: string; linked_trace_ids?: string[] } {
  const trace = current.getStore()
  if (!trace) return {}
  return { trace_id: trace.traceId, ...(trace.links.size > 0 && { linked_trace_ids: [...trace.links.keys()].slice(0, 8) }) }
}
