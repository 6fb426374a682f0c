import { audit, type Transaction } from '#database'
import { money } from '#foundation'
import type { GatewayCharge } from './gateway.ts'
import { postCharge } from './ledger.ts'
import type { PaymentNeeds } from './needs.ts'
import type { PaymentRow } from './queries.ts'
import { oweRefund } from './refund.ts'
import { type Actor, step } from './step.ts'

/** A charge becomes what paid the attempt: what it is for says what becomes of it, and the books say it came. Under both locks. */
export async function takeMoney(
  needs: PaymentNeeds,
  tx: Transaction,
  row: PaymentRow,
  charge: GatewayCharge,
  page: { ref: string; url: string } | null,
  by: Actor,
): Promise<PaymentRow> {
  const amount = money(row.amountMinor, row.currency)
  const decided = await needs.payable().paid(tx, { id: row.id, payableId: row.payableId, amount })
  const reason = 'reason' in decided ? decided.reason : undefined
  const paid = await step(needs, tx, row, 'paid', by, {
    ...(page && { gatewayRef: page.ref, redirectUrl: page.url }),
    gatewayChargeId: charge.id,
    disposition: decided.disposition,
    ...(reason !== undefined && { dispositionReason: reason }),
  })
  if (!paid) throw new Error(`The payment ${row.id} changed under its own lock.`)
  await postCharge(tx, { ...paid, paymentId: paid.id }, charge)
  if (reason !== undefined) await oweRefund(needs, tx, { paymentId: paid.id, chargeId: charge.id, amountMinor: amount.amountMinor, reason })
  return paid
}

/** Money that came beside what paid the attempt, by a second card or a second page, goes back. */
export async function returnExtras(
  needs: PaymentNeeds,
  tx: Transaction,
  row: PaymentRow,
  extras: readonly GatewayCharge[],
  by: Actor,
): Promise<void> {
  for (const extra of extras) {
    const { id: chargeId, amount } = extra
    const owed = await oweRefund(needs, tx, { paymentId: row.id, chargeId, amountMinor: amount.amountMinor, reason: 'paid_twice' })
    if (!owed) continue
    await postCharge(tx, { ...row, paymentId: row.id }, extra)
    await audit(tx, {
      ...by,
      action: 'payment.paid_twice',
      subject: 'payment',
      subjectId: row.id,
      businessId: row.businessId,
      details: { chargeId, amountMinor: amount.amountMinor },
    })
  }
}
