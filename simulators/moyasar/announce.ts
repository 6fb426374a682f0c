import { randomUUID } from 'node:crypto'
import type { FaultName } from '../faults.ts'
import type { EventType, Gateway, Invoice, KeptPayment, WebhookDelivery } from './objects.ts'
import { nowIso } from './objects.ts'
import { isHeldFor, listeners } from './webhooks.ts'

const LATE_MS = 30_000
const AT_THE_EVENT: readonly FaultName[] = ['drop-webhook', 'late-webhook', 'duplicate-webhook', 'reorder-webhook']

/**
 * Puts an event on its way to every endpoint that wants it; the payment is quoted as it is at this moment. An invoice
 * that this event made paid also gets its own callback: once, unsigned, never repeated, dropped or late with the event.
 */
export function announce(gateway: Gateway, type: EventType, kept: KeptPayment, paidInvoice?: Invoice): void {
  const { agenda, clock, faults, switches } = gateway
  const webhooks = listeners(gateway, kept.mode, type)
  const calledBack = paidInvoice !== undefined && paidInvoice.callback_url !== null
  if (webhooks.length === 0 && !calledBack) return
  const fault = faults.take('moyasar', 'webhook', AT_THE_EVENT)
  if (fault?.fault === 'drop-webhook') return
  const now = clock.now()
  const later = now + (fault?.delayMs ?? LATE_MS)
  const due = fault?.fault === 'late-webhook' ? later : now
  if (calledBack) agenda.add('invoice-callback', due, paidInvoice.id)
  for (const webhook of webhooks) {
    const delivery: WebhookDelivery = {
      webhookId: webhook.id,
      event: {
        id: randomUUID(),
        type: type === 'payment_failed' ? switches.values.failedEventName : type,
        created_at: nowIso(gateway),
        account_name: 'Thabit (simulated)',
        live: (kept.mode === 'live') === (switches.values.webhookLiveFlag === 'right'),
        data: kept.payment,
      },
      attempt: 0,
      firstAtMs: null,
      held: false,
    }
    const oneIsHeld = agenda.tasks('webhook').some(({ payload }) => isHeldFor(payload as WebhookDelivery, webhook.id))
    if (fault?.fault === 'reorder-webhook' && !oneIsHeld) agenda.add('webhook', later, { ...delivery, held: true })
    else agenda.add('webhook', due, delivery)
    if (fault?.fault === 'duplicate-webhook') {
      agenda.add('webhook', now, delivery)
      agenda.add('webhook', now, { ...delivery, event: { ...delivery.event, id: randomUUID() } })
    }
  }
}
