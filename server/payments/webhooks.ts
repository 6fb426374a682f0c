import { createHash, timingSafeEqual } from 'node:crypto'
import { continueTrace } from '#foundation'
import { problems as common } from '#http'
import { problems } from './errors.ts'
import type { GatewayHint } from './gateway.ts'
import type { PaymentNeeds } from './needs.ts'
import { findByHint, type PaymentRow } from './queries.ts'
import { settleUnlessJustAsked } from './settle.ts'
import { endEvents, keepEvent, lookAgain, takeWaiting, type WaitingEvent } from './webhook-queries.ts'

/** An event about a payment nobody knows is looked at again this long: it may have been quicker than our own commit. */
const parkedHours = 24
const leaseMs = 60_000

/**
 * Keeps what the gateway tells us, before it is answered; acts on it afterwards. Whoever cannot show the address and the
 * secret is turned away without a trace in the database. Throws webhook_not_trusted, webhook_wrong_mode, invalid_request.
 */
export async function receiveWebhook(needs: PaymentNeeds, endpointId: string, body: unknown): Promise<void> {
  const { gateway, metrics, settings } = needs
  const count = (result: string) => metrics.webhooks.inc({ provider: gateway.name, result })
  const hint = gateway.readHint(body)
  // Every secret is compared, and the address too, so that the time taken tells nothing.
  const known = settings.webhookSecrets.map((secret) => sameText(hint?.secret ?? '', secret)).includes(true)
  const here = sameText(endpointId, settings.webhookEndpointId)
  if (!here || !known) {
    count('not_trusted')
    throw problems.webhook_not_trusted()
  }
  if (!hint) throw common.invalid_request()
  if (hint.live !== settings.live) {
    count('wrong_mode')
    throw problems.webhook_wrong_mode()
  }
  const fresh = await keepEvent(needs.database, { provider: gateway.name, ...hint })
  count(fresh ? 'kept' : 'duplicate')
  if (fresh) needs.wake('process-webhooks')
}

/** Compares digests, which are of one length whatever was sent. An empty secret is nobody's. */
function sameText(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted)) && wanted !== ''
}

/** Acts on kept events: one question to the gateway for each payment, however many events speak of it. Resolves with how many were ended. */
export async function processWebhooks(needs: PaymentNeeds): Promise<number> {
  const { database, gateway } = needs
  const waiting = await takeWaiting(database, gateway.name, 20, leaseMs)
  const about = new Map<string, WaitingEvent[]>()
  let ended = 0
  for (const event of waiting) {
    const hint = gateway.readHint(event.payload)
    const payment = hint && (await paymentOf(needs, hint))
    if (payment) about.set(payment.id, [...(about.get(payment.id) ?? []), event])
    else ended += await park(needs, event, hint)
  }
  const settled = await Promise.all([...about].map(([paymentId, events]) => act(needs, paymentId, events)))
  return ended + settled.reduce((sum, count) => sum + count, 0)
}

function paymentOf(needs: PaymentNeeds, { pageRef, attemptId }: GatewayHint): Promise<PaymentRow | undefined> {
  return findByHint(needs.database, { pageRef, attemptId })
}

async function act(needs: PaymentNeeds, paymentId: string, events: WaitingEvent[]): Promise<number> {
  const { database, log, metrics, gateway } = needs
  const ids = events.map(({ id }) => id)
  try {
    const settled = await continueTrace(events[0]?.traceParent, () => settleUnlessJustAsked(needs, paymentId, 'webhook'))
    if (!settled) {
      await lookAgain(database, ids, 300)
      return 0
    }
    await endEvents(database, ids, settled.state)
    for (const { ageSeconds } of events) metrics.webhookLag.observe({ provider: gateway.name }, ageSeconds)
    metrics.webhooks.inc({ provider: gateway.name, result: 'acted_on' }, ids.length)
    return ids.length
  } catch (error) {
    log.error(
      { event: 'webhook_unsettled', err: error, payment: paymentId },
      'A webhook could not be acted on and will be looked at again.',
    )
    await lookAgain(database, ids, 5_000)
    return 0
  }
}

/** Nothing is dropped because we do not know it yet. */
async function park(needs: PaymentNeeds, event: WaitingEvent, hint: GatewayHint | null): Promise<number> {
  const { database, log, metrics, gateway } = needs
  const concernsPayment = hint !== null && (hint.pageRef !== null || hint.attemptId !== null)
  if (concernsPayment && event.ageSeconds < parkedHours * 3_600) {
    await lookAgain(database, [event.id], Math.min(1_000 * 2 ** Math.min(event.attempts - 1, 9), 300_000))
    return 0
  }
  const result = concernsPayment ? 'nobodys' : 'noted'
  if (concernsPayment)
    log.error({ event: 'webhook_nobodys', webhook: event.id, type: hint.eventType }, 'A webhook speaks of a payment that is not ours.')
  else log.info({ event: 'webhook_noted', webhook: event.id, type: hint?.eventType }, 'A webhook that concerns no payment page was noted.')
  await endEvents(database, [event.id], result)
  metrics.webhooks.inc({ provider: gateway.name, result })
  return 1
}
