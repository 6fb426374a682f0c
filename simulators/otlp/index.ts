import type { Answer, Call } from '../answers.ts'
import { json, problem } from '../answers.ts'
import { isRecord } from '../read-call.ts'
import type { Route } from '../server.ts'

const MOST_KEPT = 5_000

export interface CollectedSpan {
  traceId: string
  spanId: string
  parentSpanId: string | null
  name: string
  kind: number
  failed: boolean
  links: string[]
  /** As it was sent, for whoever looks for what must not be in it. */
  raw: Record<string, unknown>
}

/** An OpenTelemetry collector, played: takes spans (OTLP over HTTP, JSON) and shows them at `/otlp/spans.json`. */
export function openOtlp(): { routes: Route[] } {
  const kept: CollectedSpan[] = []
  const take = ({ fields }: Call): Answer => {
    const found = list(fields['resourceSpans'])
      .flatMap((resource) => list(resource['scopeSpans']))
      .flatMap((scope) => list(scope['spans']))
    if (found.length === 0 || !found.every(isWhole)) return problem(400, 'These are no spans')
    kept.push(...found.map(toSpan))
    kept.splice(0, kept.length - MOST_KEPT)
    return json(200, { partialSuccess: {} })
  }
  return {
    routes: [
      { method: 'POST', path: '/v1/traces', handle: take },
      { method: 'GET', path: '/otlp/spans.json', handle: () => json(200, kept) },
    ],
  }
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** What the protocol asks of a span: ids in hex of their lengths, times in nanoseconds as text, a name, a known kind. */
function isWhole(span: Record<string, unknown>): boolean {
  const { traceId, spanId, name, kind, startTimeUnixNano, endTimeUnixNano } = span
  const isTime = (value: unknown) => typeof value === 'string' && /^\d{19}$/.test(value)
  return (
    typeof traceId === 'string' &&
    /^[0-9a-f]{32}$/.test(traceId) &&
    typeof spanId === 'string' &&
    /^[0-9a-f]{16}$/.test(spanId) &&
    typeof name === 'string' &&
    name !== '' &&
    [1, 2, 3, 4, 5].includes(Number(kind)) &&
    isTime(startTimeUnixNano) &&
    isTime(endTimeUnixNano) &&
    String(startTimeUnixNano) <= String(endTimeUnixNano)
  )
}

function toSpan(span: Record<string, unknown>): CollectedSpan {
  const { parentSpanId, status } = span
  return {
    traceId: String(span['traceId']),
    spanId: String(span['spanId']),
    parentSpanId: typeof parentSpanId === 'string' ? parentSpanId : null,
    name: String(span['name']),
    kind: Number(span['kind']),
    failed: isRecord(status) && status['code'] === 2,
    links: list(span['links']).map((link) => String(link['traceId'])),
    raw: span,
  }
}
