import { randomUUID } from 'node:crypto'
import type { Gateway, KeptInvoice, KeptWebhook, WebhookAttempt, WebhookDelivery } from './objects.ts'
import { nowIso } from './objects.ts'
import { showInvoice } from './read-payments.ts'
import { isHeldFor } from './webhooks.ts'

/** After the first try: +1 min, +10 min, +30 min, +1 h, +2 h, each after the one before; then it is dropped. */
const GAPS_MIN = [0, 1, 10, 30, 60, 120]
const ANSWER_WITHIN_MS = 5_000
const MOST_ATTEMPTS_KEPT = 1_000

/** One try of one event at one endpoint; anything but a 2xx is tried again by the schedule. */
export async function deliverWebhook(gateway: Gateway, delivery: WebhookDelivery): Promise<void> {
  const { agenda, clock, faults, store, switches } = gateway
  const { webhookId, event, attempt, held } = delivery
  const webhook = store.get<KeptWebhook>('webhook', webhookId)
  if (webhook === undefined) return
  const firstAtMs = delivery.firstAtMs ?? clock.now()
  const forged = faults.take('moyasar', 'webhook', ['forged-webhook']) !== undefined
  const sent = { ...event, secret_token: forged ? `forged-${randomUUID()}` : webhook.sharedSecret }
  const reply = await post(webhook.http_method, webhook.url, sent)
  store.put('webhook-attempt', reply.id, {
    ...reply,
    webhook_id: webhookId,
    event_id: event.id,
    event_type: event.type,
    retry_number: attempt,
    created_at: nowIso(gateway),
  } satisfies WebhookAttempt)
  store.keepNewest('webhook-attempt', MOST_ATTEMPTS_KEPT)
  if (!held) agenda.bringForward((task) => task.kind === 'webhook' && isHeldFor(task.payload as WebhookDelivery, webhookId))
  if (reply.result === 'success' || attempt + 1 >= GAPS_MIN.length) return
  const minutes = GAPS_MIN.slice(0, attempt + 2).reduce((sum, gap) => sum + gap, 0)
  const again = switches.values.retryEventId === 'new' ? { ...event, id: randomUUID() } : event
  agenda.add('webhook', firstAtMs + minutes * 60_000, { ...delivery, event: again, attempt: attempt + 1, firstAtMs, held: false })
}

/** The invoice itself, as a GET would show it, to its `callback_url`. */
export async function deliverInvoiceCallback(gateway: Gateway, invoiceId: string): Promise<void> {
  const kept = gateway.store.get<KeptInvoice>('invoice', invoiceId)
  if (kept?.invoice.callback_url) await post('post', kept.invoice.callback_url, showInvoice(gateway, kept))
}

type Reply = Pick<WebhookAttempt, 'id' | 'result' | 'message' | 'response_code' | 'response_headers' | 'response_body'>

async function post(method: string, url: string, body: unknown): Promise<Reply> {
  const id = randomUUID()
  try {
    const response = await fetch(url, {
      method: method.toUpperCase(),
      headers: { 'content-type': 'application/json', 'user-agent': 'Moyasar-simulator' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const text = (await response.text()).slice(0, 1_000)
    return {
      id,
      result: response.ok ? 'success' : 'failed',
      message: response.ok ? 'Delivered' : `Answered ${response.status}`,
      response_code: response.status,
      response_headers: Object.fromEntries(response.headers),
      response_body: text,
    }
  } catch (error) {
    const message = error instanceof Error && error.name === 'TimeoutError' ? 'Timed out' : 'Could not be reached'
    return { id, result: 'failed', message, response_code: null, response_headers: {}, response_body: '' }
  }
}
