import { audit, transaction } from '#database'
import { problems as common } from '#http'
import type { Decision } from './act-on-difference.ts'
import { problems } from './errors.ts'
import type { PaymentNeeds } from './needs.ts'
import { findPayment, lockPayment } from './queries.ts'
import { findRefundOfWish, insertRefund, owedOf } from './refund-queries.ts'

/** A wish to give back a part, or without an amount all that is left, of what one attempt was paid. */
export interface RefundByOperator extends Decision {
  amountMinor?: number | undefined
  /** The same key of the same person is the same wish. */
  clientKey: string
}

/** Owes it in one transaction; a sweep sends it. What the money was paid for stays as it is. Throws not_found, nothing_to_refund, refund_too_large. */
export async function refundByOperator(
  needs: PaymentNeeds,
  paymentId: string,
  { by, reason, amountMinor, clientKey }: RefundByOperator,
): Promise<void> {
  const found = await findPayment(needs.database, paymentId)
  if (!found) throw common.not_found()
  const wish = { requestedBy: by, clientKey, note: reason }
  await transaction(
    needs.database,
    async (tx) => {
      await needs.payable().lock(tx, found.payableId)
      const payment = await lockPayment(tx, paymentId)
      if (payment?.state !== 'paid' || payment.gatewayChargeId === null) throw problems.nothing_to_refund()
      if ((await findRefundOfWish(tx, payment.payableId, wish)) !== undefined) return
      const left = payment.amountMinor - (await owedOf(tx, payment.gatewayChargeId))
      if (left <= 0) throw problems.nothing_to_refund()
      const amount = amountMinor ?? left
      if (amount > left) throw problems.refund_too_large({ returnable: { amountMinor: left, currency: payment.currency } })
      const refundId = await insertRefund(tx, {
        paymentId,
        chargeId: payment.gatewayChargeId,
        amountMinor: amount,
        reason: 'by_operator',
        wish,
      })
      await audit(tx, {
        actorKind: 'operator',
        actorId: by,
        action: 'payment.refund_due',
        subject: 'payment',
        subjectId: paymentId,
        businessId: payment.businessId,
        details: { refundId, amountMinor: amount, reason: 'by_operator', note: reason },
      })
      tx.afterCommit(async () => {
        needs.metrics.paymentMoves.inc({ from: 'paid', to: 'refund_due' })
        needs.wake('send-refunds')
      })
    },
    (sqlstate) => needs.metrics.transactionRetries.inc({ sqlstate }),
  )
}
