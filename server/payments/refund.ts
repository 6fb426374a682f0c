import { audit, type Transaction } from '#database'
import type { Money } from '#foundation'
import type { PaymentNeeds } from './needs.ts'
import { type PaymentRow, latestStandings, lockPayment } from './queries.ts'
import { insertRefund, owedOf, type RefundWish } from './refund-queries.ts'
import type { Actor } from './step.ts'

type RefundNeeds = Pick<PaymentNeeds, 'wake' | 'metrics'>

/** Writes down that money goes back, in the transaction that decides it; a sweep sends it. False when this charge's money is owed already. */
export async function oweRefund(
  needs: RefundNeeds,
  tx: Transaction,
  owed: { paymentId: string; chargeId: string; amountMinor: number; reason: string },
): Promise<boolean> {
  if ((await owedOf(tx, owed.chargeId)) > 0) return false
  await insertRefund(tx, owed)
  announce(needs, tx)
  return true
}

/** Who decided that money goes back, and the wish it came with when a person asked for just that. */
export interface RefundOrigin {
  by: Actor
  wish?: RefundWish
}

/**
 * Gives back a part or all of what paid for a payable; resolves with the refund's id. Never more than was paid, refunds
 * before this one included: then it throws.
 */
export async function refundPaid(
  needs: RefundNeeds,
  tx: Transaction,
  payableId: string,
  amount: Money,
  reason: string,
  { by, wish }: RefundOrigin = { by: { actorKind: 'system' } },
): Promise<string> {
  const [latest] = await latestStandings(tx, [payableId])
  const payment = latest && (await lockPayment(tx, latest.id))
  if (payment?.state !== 'paid' || payment.gatewayChargeId === null || payment.disposition === 'refund_due')
    throw new Error(`Nothing paid for ${payableId} that could be returned.`)
  const left = await leftOf(tx, payment, payment.gatewayChargeId)
  if (amount.currency !== payment.currency || amount.amountMinor <= 0 || amount.amountMinor > left) {
    throw new Error(`Of payment ${payment.id} ${left} ${payment.currency} can be returned, not ${amount.amountMinor} ${amount.currency}.`)
  }
  const id = await insertRefund(tx, {
    paymentId: payment.id,
    chargeId: payment.gatewayChargeId,
    amountMinor: amount.amountMinor,
    reason,
    wish,
  })
  const note = wish?.note ?? undefined
  const details = { refundId: id, amountMinor: amount.amountMinor, reason, ...(note !== undefined && { note }) }
  await audit(tx, {
    ...by,
    action: 'payment.refund_due',
    subject: 'payment',
    subjectId: payment.id,
    businessId: payment.businessId,
    details,
  })
  announce(needs, tx)
  return id
}

async function leftOf(tx: Transaction, payment: PaymentRow, chargeId: string): Promise<number> {
  return payment.amountMinor - (await owedOf(tx, chargeId))
}

function announce(needs: RefundNeeds, tx: Transaction): void {
  tx.afterCommit(async () => {
    needs.metrics.paymentMoves.inc({ from: 'paid', to: 'refund_due' })
    needs.wake('send-refunds')
  })
}
