import { audit, transaction, type Transaction } from '#database'
import { CallFailure, type CallFailureFacts } from '#external-calls'
import { continueTrace, money } from '#foundation'
import type { GatewayCharge } from './gateway.ts'
import type { PaymentNeeds } from './needs.ts'
import { openDifference } from './difference-queries.ts'
import { postFeeUndone, postRefund } from './ledger.ts'
import { mayStepRefund, type RefundState } from './refund-states.ts'
import {
  isAnotherUnderWay,
  lockRefund,
  type RefundChange,
  type RefundRow,
  type RefundWay,
  retryLater,
  stepRefundRow,
  takeDueRefunds,
} from './refund-queries.ts'
import { wayOf } from './refund-way.ts'

/** A refund that timed out is believed not done only when the gateway still does not show it after this long. */
const settlingMs = 30_000
const shortestWaitMs = 2_000
const longestWaitMs = 900_000

/** Longer than a turn: the charge is looked at, the money sent, and the charge perhaps looked at again. */
const leaseMs = ({ settings }: PaymentNeeds) => settings.timeoutMs * 3 + 10_000

/** Sends what is owed, a few at a time; resolves with how many were worked on. */
export async function sendRefunds(needs: PaymentNeeds): Promise<number> {
  const due = await takeDueRefunds(needs.database, 4, leaseMs(needs))
  await Promise.all(
    due.map((refund) =>
      continueTrace(refund.traceParent, () => sendRefund(needs, refund)).catch((error: unknown) => {
        needs.log.error({ event: 'refund_unsettled', err: error, refund: refund.id }, 'A refund could not be worked on and will be again.')
      }),
    ),
  )
  return due.length
}

/**
 * One refund, one turn: look at the charge, send what is not there yet, look again when the answer is in doubt. The gateway
 * has no idempotency for refunds and voids; what the charge says of itself is the only evidence, so it is read before
 * anything is sent.
 */
async function sendRefund(needs: PaymentNeeds, refund: RefundRow): Promise<void> {
  const charge = await fetchCharge(needs, refund)
  if (!charge) return
  if (isThere(refund, charge)) return returned(needs, refund, charge)
  const sentBefore = refund.state === 'sent' || refund.state === 'unknown'
  if (sentBefore && refund.updatedAt.until(refund.now).total('milliseconds') < settlingMs)
    return retryLater(needs.database, refund.id, waitMs(refund))
  // A word nobody knows is no refusal: it is looked at again.
  if (charge.status === 'unrecognised') return retryLater(needs.database, refund.id, waitMs(refund))
  if (charge.amount.amountMinor - charge.refundedMinor < refund.amountMinor || (charge.status !== 'paid' && charge.status !== 'refunded')) {
    const failureReason = `the charge is ${charge.status}, ${charge.refundedMinor} of ${charge.amount.amountMinor} returned`
    return stepRefund(needs, refund, 'failed', { failureReason, nextTryMs: null })
  }
  const way = wayOf(refund, charge)
  const sent = await markSent(needs, refund, charge, way)
  if (!sent) return retryLater(needs.database, refund.id, waitMs(refund))
  try {
    const after = await send(needs, sent, way)
    if (isThere(sent, after)) await returned(needs, sent, after)
    else await stepRefund(needs, sent, 'unknown', { failureReason: 'not in the answer', nextTryMs: waitMs(sent) })
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    await recordFailure(needs, sent, way, error.facts)
  }
}

/** Throws CallFailure. */
function send({ gateway, surfaced, settings }: PaymentNeeds, refund: RefundRow, way: RefundWay): Promise<GatewayCharge> {
  const { gatewayChargeId, amountMinor, currency } = refund
  return surfaced({ provider: gateway.name, operation: way, timeoutMs: settings.timeoutMs }, (signal) =>
    way === 'void' ? gateway.voidCharge(gatewayChargeId, signal) : gateway.refund(gatewayChargeId, money(amountMinor, currency), signal),
  )
}

/** However it was asked for, the charge itself says how the money went back. */
function returned(needs: PaymentNeeds, refund: RefundRow, { status }: GatewayCharge): Promise<void> {
  return stepRefund(needs, refund, 'refunded', { way: status === 'voided' ? 'void' : 'refund', nextTryMs: null })
}

/** Ours went through, or the whole charge was returned by other hands. */
function isThere(refund: RefundRow, charge: GatewayCharge): boolean {
  if (charge.status === 'voided' || charge.refundedMinor >= charge.amount.amountMinor) return true
  return refund.expectedTotalMinor !== null && refund.state !== 'due' && charge.refundedMinor >= refund.expectedTotalMinor
}

async function fetchCharge(needs: PaymentNeeds, refund: RefundRow): Promise<GatewayCharge | null> {
  try {
    return await needs.surfaced({ provider: needs.gateway.name, operation: 'get-payment', timeoutMs: needs.settings.timeoutMs }, (signal) =>
      needs.gateway.fetchCharge(refund.gatewayChargeId, signal),
    )
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    needs.log.warn({ event: 'charge_unread', refund: refund.id, ...error.facts }, 'A charge that is to be returned could not be looked at.')
    await retryLater(needs.database, refund.id, waitMs(refund))
    return null
  }
}

/**
 * Commits that it is sent, and the total that will prove it, before a byte leaves. Null: another refund of this payment is
 * under way, or another worker took this one up since its charge was looked at.
 */
function markSent(needs: PaymentNeeds, refund: RefundRow, charge: GatewayCharge, way: RefundWay): Promise<RefundRow | null> {
  return transaction(needs.database, async (tx) => {
    const row = await lockRefund(tx, refund.id)
    if (!row || row.state !== refund.state || !row.updatedAt.equals(refund.updatedAt) || (await isAnotherUnderWay(tx, row))) return null
    const change = { expectedTotalMinor: charge.refundedMinor + refund.amountMinor, way, nextTryMs: leaseMs(needs) }
    // Sent once more after it surely did not arrive: still the same state, a new expectation.
    if (row.state !== 'sent' && !mayStepRefund(row.state, 'sent')) return null
    if ((await stepRefundRow(tx, row, 'sent', change)) === 0) return null
    return (await lockRefund(tx, refund.id)) ?? null
  })
}

async function recordFailure(needs: PaymentNeeds, sent: RefundRow, way: RefundWay, facts: CallFailureFacts): Promise<void> {
  const failureReason = [facts.errorType, facts.providerCode, facts.detail].filter(Boolean).join(' · ').slice(0, 300)
  if (facts.outcome === 'unknown') return stepRefund(needs, sent, 'unknown', { failureReason, nextTryMs: shortestWaitMs })
  // Surely not done. What may pass by itself is tried again; a refusal is for a person.
  const forPerson = facts.outcome === 'refused' && facts.cause === 'permanent'
  if (forPerson && way === 'void') return fallBack(needs, sent, failureReason)
  // What was sent before, and was thought lost, may have arrived meanwhile: that would be refused too.
  if (forPerson && sent.attempts > 1) {
    const charge = await fetchCharge(needs, sent)
    if (!charge) return stepRefund(needs, sent, 'unknown', { failureReason, nextTryMs: shortestWaitMs })
    if (isThere(sent, charge)) return returned(needs, sent, charge)
  }
  if (forPerson || facts.cause === 'configuration')
    needs.log.error({ event: 'refund_failed', refund: sent.id, payment: sent.paymentId, ...facts }, 'The gateway refused to return money.')
  await (forPerson
    ? stepRefund(needs, sent, 'failed', { failureReason, nextTryMs: null })
    : stepRefund(needs, sent, 'due', { failureReason, nextTryMs: waitMs(sent) }))
}

/** Too late to undo the charge, or it is undone: the next turn looks, and returns the sum if it is still there. */
async function fallBack(needs: PaymentNeeds, sent: RefundRow, failureReason: string): Promise<void> {
  await stepRefund(needs, sent, 'due', { failureReason, way: 'refund', nextTryMs: 0 })
  needs.wake('send-refunds')
}

async function stepRefund(needs: PaymentNeeds, from: RefundRow, to: RefundState, change: RefundChange): Promise<void> {
  if (!mayStepRefund(from.state, to)) throw new Error(`A refund cannot go from ${from.state} to ${to}.`)
  await transaction(needs.database, async (tx) => {
    if ((await stepRefundRow(tx, from, to, change)) === 0) return
    const details = {
      refundId: from.id,
      from: from.state,
      amountMinor: from.amountMinor,
      reason: from.reason,
      ...(change.way !== undefined && { way: change.way }),
      ...(change.failureReason !== undefined && { failureReason: change.failureReason }),
    }
    const { paymentId, payableId, businessId } = from
    const about =
      paymentId === null ? ({ subject: 'refund', subjectId: from.id } as const) : ({ subject: 'payment', subjectId: paymentId } as const)
    await audit(tx, { actorKind: 'gateway', action: `refund.${to}`, ...about, businessId: businessId ?? undefined, details })
    // Money that no payment of ours is about never was in anyone's books.
    if (to === 'refunded' && paymentId !== null && payableId !== null && businessId !== null) {
      const books = { paymentId, payableId, businessId }
      await postRefund(tx, { ...from, refundId: from.id, ...books })
      if (change.way === 'void') await postFeeUndone(tx, books, from.gatewayChargeId)
      await needs.payable().returned(tx, payableId, { id: from.id, amount: money(from.amountMinor, from.currency), reason: from.reason })
    }
    if (to === 'failed') await reportFailed(tx, from, change.failureReason)
    tx.afterCommit(async () => needs.metrics.paymentMoves.inc({ from: `refund_${from.state}`, to: `refund_${to}` }))
  })
}

function reportFailed(tx: Transaction, refund: RefundRow, failureReason = ''): Promise<boolean> {
  const { id, businessId, paymentId, gatewayChargeId, amountMinor, currency, reason } = refund
  return openDifference(tx, {
    kind: 'refund_failed',
    subject: id,
    businessId,
    paymentId,
    refundId: id,
    gatewayChargeId,
    oursMinor: amountMinor,
    currency,
    details: { reason: failureReason, of: reason },
  })
}

/** Twice as long each time: as long as it has been in its state. */
function waitMs({ updatedAt, now }: RefundRow): number {
  return Math.min(Math.max(updatedAt.until(now).total('milliseconds'), shortestWaitMs), longestWaitMs)
}
