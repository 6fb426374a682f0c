import type { Agenda } from '../agenda.ts'
import { problem } from '../answers.ts'
import type { MovableClock } from '../clock.ts'
import type { FaultPlan } from '../faults.ts'
import type { Route, Vendor } from '../server.ts'
import type { Store } from '../store.ts'
import { checkoutRoutes, heard } from './checkout.ts'
import { deliverInvoiceCallback, deliverWebhook } from './deliver-webhook.ts'
import { invoiceRoutes } from './invoices.ts'
import type { Gateway, WebhookAttempt, WebhookDelivery } from './objects.ts'
import { paymentRoutes } from './payments.ts'
import { settlementRoutes } from './settlements.ts'
import { play } from './play.ts'
import { readPayment } from './read-payments.ts'
import { voice } from './refusals.ts'
import type { MoyasarSwitches } from './switches.ts'
import { openMoyasarSwitches } from './switches.ts'
import { webhookRoutes } from './webhooks.ts'

export type Moyasar = Vendor & { switches: MoyasarSwitches; recentAttempts: () => WebhookAttempt[] }

/** Moyasar, played: API, hosted page, 3-D Secure page and webhooks. `url` is where all of it is reached. */
export function openMoyasar(parts: { store: Store; clock: MovableClock; agenda: Agenda; faults: FaultPlan; url: () => string }): Moyasar {
  const switches = openMoyasarSwitches()
  const gateway: Gateway = { ...parts, switches }
  parts.agenda.on('webhook', (payload) => deliverWebhook(gateway, payload as WebhookDelivery))
  parts.agenda.on('invoice-callback', (payload) => deliverInvoiceCallback(gateway, payload as string))
  parts.agenda.on('challenge-over', (payload) => void readPayment(gateway, payload as string))
  const api = [...invoiceRoutes(gateway), ...paymentRoutes(gateway), ...webhookRoutes(gateway)]
  const routes: Route[] = [
    ...api.map((route) => ({ ...route, handle: async (call) => heard(gateway, await route.handle(call)) }) satisfies Route),
    ...checkoutRoutes(gateway),
    ...settlementRoutes(gateway),
    {
      method: 'POST',
      path: '/play/moyasar',
      handle: (call) => (call.bodyKind === 'json' ? play(gateway, call) : problem(400, 'A JSON body is wanted')),
    },
  ]
  return {
    provider: 'moyasar',
    voice,
    routes,
    switches,
    recentAttempts: () => parts.store.all<WebhookAttempt>('webhook-attempt').slice(-20).toReversed(),
  }
}
