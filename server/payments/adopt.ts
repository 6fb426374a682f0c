import type { Transaction } from '#database'
import { money } from '#foundation'
import { act, type Decision, findForAct, orNotAnswering } from './act-on-difference.ts'
import { returnedOf, wasMoney } from './compare-charge.ts'
import type { DifferenceRow } from './difference-queries.ts'
import { problems } from './errors.ts'
import { fetchCharge, fetchPage } from './examine-charge.ts'
import type { GatewayCharge, GatewayPage } from './gateway.ts'
import { postRefund } from './ledger.ts'
import type { PaymentNeeds } from './needs.ts'
import { findPayment, insertAdopted, isChargeOfAnother, lockPayment, type PaymentRow } from './queries.ts'
import { insertRefund, markReturned, owedOf, sumReturned } from './refund-queries.ts'
import { returnExtras, takeMoney } from './take-money.ts'

/** Where adopted money goes: to the attempt it was made for, or to what the operator named. */
type Target = { payment: PaymentRow } | { payableId: string; businessId: string; amountMinor: number; currency: string }

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Takes the gateway's word into our books: money that we did not know pays what it was made for, or the booking that the
 * operator names, as if it had been settled; a return that we did not know is written down. Throws not_found,
 * difference_resolved, difference_act_unfit, booking_reference_needed, booking_reference_unknown, adoption_amount_differs, gateway_not_answering.
 */
export async function adopt(
  needs: PaymentNeeds,
  id: string,
  decision: Decision & { bookingReference?: string | undefined },
): Promise<void> {
  const difference = await findForAct(needs, id, 'adopt')
  if (!difference) return
  const { gatewayChargeId } = difference
  if (gatewayChargeId === null) throw problems.difference_act_unfit()
  const charge = await orNotAnswering(fetchCharge(needs, gatewayChargeId))
  if (difference.kind === 'refund_differs') return adoptReturn(needs, difference, charge, decision)
  // What went back in part cannot pay for a whole.
  if (!wasMoney(charge) || returnedOf(charge) > 0) throw problems.difference_act_unfit({ returned: returnedOf(charge) })

  const { pageRef } = charge
  const page = pageRef === null ? null : await orNotAnswering(fetchPage(needs, pageRef))
  const target = await findTarget(needs, difference, charge.attemptId ?? page?.attemptId ?? null, decision.bookingReference)
  const { amountMinor, currency } = 'payment' in target ? target.payment : target
  const { amount } = charge
  if (amount.amountMinor !== amountMinor || amount.currency !== currency)
    throw problems.adoption_amount_differs({ due: { amountMinor, currency }, paid: amount })
  const payableId = 'payment' in target ? target.payment.payableId : target.payableId
  const by = { actorKind: 'operator', actorId: decision.by } as const
  await act(
    needs,
    difference,
    'adopt',
    decision,
    async (tx) => {
      const row = await attemptOf(needs, tx, target, difference, page)
      // It was settled meanwhile: what is wanted is so, and nothing came twice.
      if (row.state === 'paid' && row.gatewayChargeId === charge.id) return { paymentId: row.id, amountMinor, disposition: row.disposition }
      if ((await isChargeOfAnother(tx, row.id, charge.id)) || (await owedOf(tx, charge.id)) > 0) throw problems.difference_act_unfit()
      // The attempt was paid otherwise: this is the second time, and goes back.
      if (row.state === 'paid') await returnExtras(needs, tx, row, [charge], by)
      const paid = row.state === 'paid' ? row : await takeMoney(needs, tx, row, charge, page && page.attemptId === row.id ? page : null, by)
      return { paymentId: paid.id, amountMinor, disposition: row.state === 'paid' ? 'paid_twice' : paid.disposition }
    },
    payableId,
  )
}

async function findTarget(
  needs: PaymentNeeds,
  { paymentId }: DifferenceRow,
  attemptId: string | null,
  reference: string | undefined,
): Promise<Target> {
  if (reference !== undefined) {
    const named = await needs.payable().named(needs.database, reference)
    if (!named) throw problems.booking_reference_unknown()
    const { payableId, businessId, due } = named
    return { payableId, businessId, ...due }
  }
  const known = paymentId ?? (isId.test(attemptId ?? '') ? attemptId : null)
  const payment = known === null ? undefined : await findPayment(needs.database, known)
  if (!payment) throw problems.booking_reference_needed()
  return { payment }
}

/** The attempt to be paid, locked; made now, under the id the gateway knows, when the row was lost or never was. */
async function attemptOf(
  needs: PaymentNeeds,
  tx: Transaction,
  target: Target,
  difference: DifferenceRow,
  page: GatewayPage | null,
): Promise<PaymentRow> {
  if ('payment' in target) {
    const row = await lockPayment(tx, target.payment.id)
    if (!row) throw new Error(`The payment ${target.payment.id} is gone.`)
    return row
  }
  const { payableId, businessId, amountMinor, currency } = target
  // Its own row was lost, in a restore say: it comes back under the id that the gateway has kept for us.
  const isOurs = page !== null && difference.paymentId === null && isId.test(page.attemptId ?? '')
  return insertAdopted(tx, {
    id: isOurs ? page.attemptId : null,
    gatewayRef: isOurs ? page.ref : null,
    businessId,
    payableId,
    clientKey: `difference ${difference.id}`,
    provider: needs.gateway.name,
    amountMinor,
    currency,
  })
}

async function adoptReturn(needs: PaymentNeeds, difference: DifferenceRow, charge: GatewayCharge, decision: Decision): Promise<void> {
  await act(needs, difference, 'adopt', decision, async (tx, payment) => {
    const missing = returnedOf(charge) - (await sumReturned(tx, charge.id))
    if (missing <= 0 || payment === null) throw problems.difference_act_unfit({ missing })
    const { id: paymentId, payableId, businessId, currency } = payment
    const refundId = await insertRefund(tx, {
      paymentId,
      chargeId: charge.id,
      amountMinor: missing,
      reason: 'returned_at_gateway',
      difference: { id: difference.id, currency: charge.amount.currency },
    })
    await markReturned(tx, refundId)
    await postRefund(tx, { paymentId, payableId, businessId, refundId, attempts: 0, amountMinor: missing, currency })
    await needs.payable().returned(tx, payableId, { id: refundId, amount: money(missing, currency), reason: 'returned_at_gateway' })
    return { refundId, amountMinor: missing }
  })
}
