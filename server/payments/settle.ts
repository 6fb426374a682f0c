import { CallFailure } from '#external-calls'
import { continueTrace } from '#foundation'
import { problems as common } from '#http'
import { type Answer, conclude, type Via } from './conclude.ts'
import { openDifference } from './difference-queries.ts'
import type { GatewayPage } from './gateway.ts'
import type { PaymentNeeds } from './needs.ts'
import { isOpen } from './payment-states.ts'
import { beginCheck, findPayment, findUnsettled, type PaymentRow } from './queries.ts'

/** A waiting customer and a flood of webhooks cause at most one question to the gateway in this time, for each attempt. */
const leastGapMs = 1_000

/**
 * THE way money's truth comes in: webhook, the customer's return, sweep and operator all call it. It asks the gateway while
 * holding nothing, then decides under lock. Ten times is the same as once. A gateway that cannot be asked changes nothing.
 * Throws not_found.
 */
export async function settle(needs: PaymentNeeds, id: string, via: Via): Promise<PaymentRow> {
  const payment = await beginCheck(needs.database, id, 0)
  if (!payment) throw common.not_found()
  return askAndConclude(needs, payment, via)
}

/** The same, unless the gateway was asked about this attempt a moment ago: then null. */
export async function settleUnlessJustAsked(needs: PaymentNeeds, id: string, via: Via): Promise<PaymentRow | null> {
  const payment = await beginCheck(needs.database, id, leastGapMs)
  return payment ? askAndConclude(needs, payment, via) : null
}

/** In the trace of the request that began the payment, whoever asks. */
function askAndConclude(needs: PaymentNeeds, payment: PaymentRow, via: Via): Promise<PaymentRow> {
  return continueTrace(payment.traceParent, async () => conclude(needs, payment, await ask(needs, payment, needs.settings.timeoutMs), via))
}

/** What the waiting customer sees: the gateway's word while something can change, ours once it cannot. Throws not_found. */
export async function settleForCustomer(needs: PaymentNeeds, id: string): Promise<PaymentRow> {
  const payment = await findPayment(needs.database, id)
  if (!payment) throw common.not_found()
  const final = payment.state === 'paid' || payment.state === 'integrity_failure' || payment.nextCheckAt === null
  if (final) return payment
  return (await settleUnlessJustAsked(needs, id, 'return')) ?? payment
}

/** Settles whatever may have paid for a payable, so that nothing is freed that was just paid for. A gateway that does not answer leaves it open. */
export async function settleOpen(needs: PaymentNeeds, payableId: string): Promise<'none_open' | 'settled' | 'still_open'> {
  let result: 'none_open' | 'settled' | 'still_open' = 'none_open'
  for (const { id } of await findUnsettled(needs.database, payableId)) {
    const payment = await beginCheck(needs.database, id, 0)
    if (!payment) continue
    const { answer, state } = await continueTrace(payment.traceParent, async () => {
      const said = await ask(needs, payment, needs.settings.timeoutMs)
      return { answer: said, state: (await conclude(needs, payment, said, 'sweep')).state }
    })
    if ('nothing' in answer || isOpen[state]) result = 'still_open'
    else if (result === 'none_open') result = 'settled'
  }
  return result
}

/** Asks for the attempt's page by the gateway's id, or by ours when we never heard the gateway's. Never throws for what the gateway did. */
export async function ask(needs: PaymentNeeds, payment: PaymentRow, timeoutMs: number): Promise<Answer> {
  const { gateway, surfaced, log } = needs
  const { gatewayRef } = payment
  try {
    if (gatewayRef !== null)
      return {
        page: await surfaced({ provider: gateway.name, operation: 'get-invoice', timeoutMs }, (signal) =>
          gateway.fetchPage(gatewayRef, signal),
        ),
      }
    const found = await surfaced({ provider: gateway.name, operation: 'find-invoices', timeoutMs }, (signal) =>
      gateway.findPages(payment.id, signal),
    )
    const [page, ...extras] = found.toSorted((a, b) => worth[b.status] - worth[a.status])
    if (!page) return { none: true }
    await Promise.all(extras.map((extra) => setAside(needs, payment, extra, timeoutMs)))
    return { page }
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    log.warn({ event: 'payment_not_asked', payment: payment.id, ...error.facts }, 'The gateway could not be asked about a payment.')
    return { nothing: true, errorType: error.facts.errorType }
  }
}

/** Of several pages of one attempt, the one to go on with. */
const worth: Record<GatewayPage['status'], number> = { paid: 5, open: 4, unrecognised: 3, failed: 2, expired: 1, cancelled: 0 }

/** Another page of the attempt: closed; one that was paid too is for a person. */
async function setAside(needs: PaymentNeeds, payment: PaymentRow, page: GatewayPage, timeoutMs: number): Promise<void> {
  const { id: paymentId, businessId, amountMinor: oursMinor } = payment
  for (const { id, amount } of page.charges.filter(({ status }) => status === 'paid')) {
    needs.log.error(
      { event: 'payment_paid_twice', payment: paymentId, page: page.ref },
      'Two pages of one payment were paid: a person must look.',
    )
    await openDifference(needs.database, {
      kind: 'second_page_paid',
      subject: id,
      businessId,
      paymentId,
      gatewayChargeId: id,
      oursMinor,
      theirsMinor: amount.amountMinor,
      currency: amount.currency,
      details: { page: page.ref },
    })
  }
  await cancelExtra(needs, page, timeoutMs)
}

/** A page nobody was sent to. Best effort: unpaid it is harmless, and its own time ends it. */
export async function cancelExtra(
  needs: PaymentNeeds,
  page: { ref: string; status: GatewayPage['status'] },
  timeoutMs: number,
): Promise<void> {
  if (page.status !== 'open' && page.status !== 'failed') return
  try {
    await needs.surfaced({ provider: needs.gateway.name, operation: 'cancel-invoice', timeoutMs }, (signal) =>
      needs.gateway.cancelPage(page.ref, signal),
    )
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    needs.log.warn({ event: 'payment_page_left', page: page.ref, ...error.facts }, 'An extra page at the gateway could not be cancelled.')
  }
}
