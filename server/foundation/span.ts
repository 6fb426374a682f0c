import { currentTrace, inTrace, newSpanId, newTrace, type Trace } from './trace.ts'

/** One stretch of work, for whoever collects traces. Attributes are label-safe: no person, no phone, no text. */
export interface Span {
  name: string
  kind: 'server' | 'client' | 'internal'
  traceId: string
  spanId: string
  parentSpanId: string | null
  links: { traceId: string; spanId: string }[]
  startedAtMs: number
  endedAtMs: number
  failed: boolean
  attributes: Record<string, string | number | boolean>
}

/** Takes spans and never throws, never waits. */
export type SpanSink = (span: Span) => void

export type SpanWork = Pick<Span, 'name' | 'kind' | 'attributes'>

/** Runs work as a span of the trace under way, or of a new one; reports it to the sink when there is one. Throws what the work throws. */
export async function inSpan<T>(sink: SpanSink | undefined, work: SpanWork, run: () => Promise<T>): Promise<T> {
  const parent = currentTrace()
  const trace: Trace = parent ? { ...parent, spanId: newSpanId() } : newTrace()
  if (!sink) return inTrace(trace, run)
  const endSpan = beginSpan(sink, trace, parent?.spanId ?? null)
  try {
    const result = await inTrace(trace, run)
    endSpan(work, false)
    return result
  } catch (error) {
    endSpan(work, true)
    throw error
  }
}

/** Begins a span whose end is told by a call; for work that is not one function. Attributes may be filled until then. */
export function beginSpan(
  sink: SpanSink | undefined,
  trace: Trace,
  parentSpanId: string | null,
): (work: SpanWork, failed: boolean) => void {
  const startedAtMs = Date.now()
  const startedTick = performance.now()
  return ({ name, kind, attributes }, failed) => {
    if (!sink || !trace.sampled) return
    const { traceId, spanId, links } = trace
    const endedAtMs = startedAtMs + (performance.now() - startedTick)
    sink({
      name,
      kind,
      traceId,
      spanId,
      parentSpanId,
      links: Array.from(links, ([linked, at]) => ({ traceId: linked, spanId: at })),
      startedAtMs,
      endedAtMs,
      failed,
      attributes,
    })
  }
}
