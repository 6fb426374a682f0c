import { CallFailure } from '#external-calls'
import type { AlertNotice } from '#operations'
import { errorTypeOfStatus, exchange } from '../http-exchange.ts'

/** Alerts as ntfy takes them, and whatever else takes a plain POST: the text is the body, how urgent it is a header. */
export function ntfyWay(url: string) {
  return {
    vendor: 'ntfy',
    async send({ text, urgent }: AlertNotice, signal: AbortSignal): Promise<void> {
      const headers = {
        'content-type': 'text/plain; charset=utf-8',
        priority: urgent ? 'urgent' : 'default',
        tags: urgent ? 'rotating_light' : 'information_source',
      }
      const { status } = await exchange({ method: 'POST', url, headers, body: text, signal, maxBytes: 64 * 1024 })
      if (status < 300) return
      const errorType = errorTypeOfStatus(status)
      // Telling twice is better than not at all: whatever is no success may be tried again.
      throw new CallFailure({ outcome: 'refused', errorType, cause: status === 429 || status >= 500 ? 'temporary' : 'configuration' })
    },
  }
}
