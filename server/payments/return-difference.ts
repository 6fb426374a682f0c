import { act, type Decision, findForAct, orNotAnswering } from './act-on-difference.ts'
import { returnedOf, wasMoney } from './compare-charge.ts'
import type { DifferenceRow } from './difference-queries.ts'
import { problems } from './errors.ts'
import { fetchCharge } from './examine-charge.ts'
import type { GatewayCharge } from './gateway.ts'
import { postCharge, postRefundUndone } from './ledger.ts'
import type { PaymentNeeds } from './needs.ts'
import { hasPaid, type PaymentRow } from './queries.ts'
import { findReturned, insertRefund, lockRefund, owedOf, setAside, stepRefundRow, sumReturned } from './refund-queries.ts'
import { step } from './step.ts'

/**
 * Gives the money of a difference back: what nobody of ours was paid, what came twice or wrong, and a return that failed or
 * never arrived, once more. It is sent as every refund is. Throws not_found, difference_resolved, difference_act_unfit, gateway_not_answering.
 */
export async function returnDifference(needs: PaymentNeeds, id: string, decision: Decision): Promise<void> {
  const difference = await findForAct(needs, id, 'refund')
  if (!difference) return
  if (difference.kind === 'refund_failed') await sendAgain(needs, difference, decision)
  else {
    const { gatewayChargeId } = difference
    if (gatewayChargeId === null) throw problems.difference_act_unfit()
    const charge = await orNotAnswering(fetchCharge(needs, gatewayChargeId))
    if (difference.kind === 'refund_differs') await replaceLost(needs, difference, charge, decision)
    else await returnCharge(needs, difference, charge, decision)
  }
  needs.wake('send-refunds')
}

/** A refund the gateway refused is tried once more: the reason may have passed. */
function sendAgain(needs: PaymentNeeds, difference: DifferenceRow, decision: Decision): Promise<void> {
  return act(needs, difference, 'refund', decision, async (tx) => {
    const refund = difference.refundId === null ? undefined : await lockRefund(tx, difference.refundId)
    if (refund?.state !== 'failed' || (await stepRefundRow(tx, refund, 'due', { nextTryMs: 0 })) === 0)
      throw problems.difference_act_unfit()
    return { refundId: refund.id, amountMinor: refund.amountMinor }
  })
}

/** A refund that we believed done and the gateway does not show is set aside, and another takes its place. */
function replaceLost(needs: PaymentNeeds, difference: DifferenceRow, charge: GatewayCharge, decision: Decision): Promise<void> {
  return act(needs, difference, 'refund', decision, async (tx, payment) => {
    const missing = (await sumReturned(tx, charge.id)) - returnedOf(charge)
    const lost = missing > 0 ? await findReturned(tx, charge.id, missing) : undefined
    if (!lost || payment === null) throw problems.difference_act_unfit({ missing })
    await setAside(tx, lost.id)
    const { id: paymentId, payableId, businessId } = payment
    const { attempts, amountMinor, currency } = lost
    await postRefundUndone(tx, { paymentId, payableId, businessId, refundId: lost.id, attempts, amountMinor, currency })
    const refundId = await insertRefund(tx, {
      paymentId,
      chargeId: charge.id,
      amountMinor,
      reason: lost.reason,
      difference: { id: difference.id, currency: charge.amount.currency },
    })
    return { refundId, insteadOf: lost.id, amountMinor }
  })
}

function returnCharge(needs: PaymentNeeds, difference: DifferenceRow, charge: GatewayCharge, decision: Decision): Promise<void> {
  const { amount } = charge
  const left = amount.amountMinor - returnedOf(charge)
  if (!wasMoney(charge) || left <= 0) throw problems.difference_act_unfit({ left })
  return act(needs, difference, 'refund', decision, async (tx, payment) => {
    if ((await owedOf(tx, charge.id)) > 0 || (await hasPaid(tx, charge.id))) throw problems.difference_act_unfit()
    const refundId = await insertRefund(tx, {
      paymentId: payment?.id ?? null,
      chargeId: charge.id,
      amountMinor: left,
      reason: difference.kind,
      difference: { id: difference.id, currency: amount.currency },
    })
    if (payment) {
      const held = { ...charge, amount: { ...amount, amountMinor: left } }
      await postCharge(tx, { ...payment, paymentId: payment.id }, held)
      await leavePerson(needs, tx, payment, decision)
    }
    return { refundId, amountMinor: left }
  })
}

/** The person has decided: the attempt is over, and its money is on another way. */
export async function leavePerson(
  needs: PaymentNeeds,
  tx: Parameters<typeof step>[1],
  payment: PaymentRow,
  { by, reason }: Decision,
): Promise<void> {
  if (payment.state !== 'integrity_failure') return
  await step(needs, tx, payment, 'failed', { actorKind: 'operator', actorId: by }, { failureReason: reason })
}
