import type { Span, SpanSink } from '#foundation'
import { exchange } from '../http-exchange.ts'
import { toOtlp } from './wire.ts'

export interface TraceExport {
  spans: SpanSink
  /** Hands over what waits; to be called once more before the end. Never throws. */
  flush(): Promise<void>
}

export interface TraceExportNeeds {
  /** As OpenTelemetry names it: the base address; `/v1/traces` is added. */
  endpoint: string
  headers: Record<string, string>
  serviceName: string
  /** How many spans came to what end; `unsent` when a whole batch was refused. */
  onEnd(result: 'sent' | 'dropped', count: number): void
  onFailure(error: unknown): void
}

const mostWaiting = 2_048
const batchSize = 256
const pauseMs = 2_000
const timeoutMs = 5_000

/**
 * Hands spans to a collector (OTLP over HTTP, JSON), in batches and behind everybody's back: nobody waits for it, what does not
 * fit is dropped and counted, and a collector that is down costs one call in two seconds.
 */
export function openTraceExport(needs: TraceExportNeeds): TraceExport {
  let waiting: Span[] = []
  let sending: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  async function send(batch: Span[]): Promise<void> {
    try {
      const { status } = await exchange({
        method: 'POST',
        url: `${needs.endpoint}/v1/traces`,
        headers: { 'content-type': 'application/json', ...needs.headers },
        body: JSON.stringify(toOtlp(batch, needs.serviceName)),
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (status >= 400) throw new Error(`The collector answered ${status}.`)
      needs.onEnd('sent', batch.length)
    } catch (error) {
      needs.onEnd('dropped', batch.length)
      needs.onFailure(error)
    }
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize)
      waiting = waiting.slice(batchSize)
      await send(batch)
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    return (sending ??= sendAll().finally(() => (sending = undefined)))
  }

  return {
    spans(span) {
      if (waiting.length >= mostWaiting) return needs.onEnd('dropped', 1)
      waiting.push(span)
      timer ??= setTimeout(() => void flush(), pauseMs).unref()
    },
    async flush() {
      await flush()
      if (waiting.length > 0) await flush()
    },
  }
}
