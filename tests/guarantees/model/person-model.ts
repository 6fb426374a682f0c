/* What an operator does about money whose end only a person can decide, and the comparison of the gateway's whole list with ours. */
import { type Charge, wasMoney } from './gateway-model.ts'
import { type Attempt, attemptsOf, dueOf, type Model, owedOf, type Refund } from './model.ts'
import { addRefund, move, settle, takeMoney } from './money-model.ts'
import { read } from './refund-model.ts'
import { callGateway, type Heard } from './vendor-faults.ts'

const isAnswer = (heard: Heard) => heard !== 'nothing' && heard !== 'refused' && heard !== 'misconfigured' && heard !== 'busy'

/** The charge that a person was called for, as the gateway shows it now; or why nothing can be done. */
function lookAtCharge(model: Model, { item, page }: Attempt): { charge: Charge; amount: number; left: number } | string {
  if (!item?.chargeId) return 'difference_act_unfit'
  // An answer that lied about ids left one that nobody knows.
  const charge = page?.charges.find(({ id }) => id === item.chargeId)
  if (!charge) return 'gateway_not_answering'
  const looked = read(charge, callGateway(model.plans, 'get-payment').heard)
  if (!looked) return 'gateway_not_answering'
  return looked.isUnderstood
    ? { charge, amount: looked.amount, left: looked.isVoided ? 0 : looked.amount - looked.refunded }
    : 'difference_act_unfit'
}

/** The operator sends the money of a differing attempt back: with that the attempt is over. */
export function sendBack(model: Model, attempt: Attempt): string {
  const looked = lookAtCharge(model, attempt)
  if (typeof looked === 'string') return looked
  const { charge, left } = looked
  if (left <= 0 || attempt.chargeId === charge.id || owedOf(attempt, charge.id) > 0) return 'difference_act_unfit'
  addRefund(model, attempt, charge.id, left, 'integrity_failure')
  if (attempt.state === 'integrity_failure') move(model, attempt, 'failed')
  attempt.decided.push(charge.id)
  return 'refunded'
}

/** The operator says that the money is right: it pays what it was made for. */
export function adopt(model: Model, attempt: Attempt): string {
  const looked = lookAtCharge(model, attempt)
  if (typeof looked === 'string') return looked
  const { charge, amount, left } = looked
  if (left < amount) return 'difference_act_unfit'
  if (!isAnswer(callGateway(model.plans, 'get-invoice').heard)) return 'gateway_not_answering'
  if (amount !== dueOf(attempt.booking)) return 'adoption_amount_differs'
  if (attempt.chargeId === charge.id) return 'adopted'
  if (owedOf(attempt, charge.id) > 0) return 'difference_act_unfit'
  if (attempt.state === 'paid') addRefund(model, attempt, charge.id, amount, 'paid_twice')
  else takeMoney(model, attempt, charge)
  return 'adopted'
}

/** A refund that failed, once more. */
export function sendAgain(model: Model, refund: Refund): void {
  refund.state = 'due'
  refund.since = model.now
}

/** A refund that failed is given up: the customer got the money otherwise. */
export function giveUp(refund: Refund): void {
  refund.setAside = true
  refund.tryAt = null
}

/** The operator gives back what one attempt was paid, all or a part. */
export function giveBackAttempt(model: Model, attempt: Attempt, part: number | undefined): string {
  const left = attempt.state === 'paid' ? dueOf(attempt.booking) - owedOf(attempt, attempt.chargeId ?? '') : 0
  if (left <= 0) return 'nothing_to_refund'
  const amount = part ?? left
  if (amount > left) return 'refund_too_large'
  addRefund(model, attempt, attempt.chargeId ?? '', amount, 'by_operator')
  return 'due'
}

/** Every charge on the gateway's list, newest first: money in none of our rows has its attempt asked about once more. */
export function compareLists(model: Model): void {
  const unknown = attemptsOf(model).flatMap((attempt) =>
    (attempt.page?.charges ?? []).filter((charge) => isUnknown(attempt, charge)).map((charge) => ({ attempt, charge })),
  )
  for (const { attempt } of unknown.sort((a, b) => b.charge.nth - a.charge.nth)) {
    if (attempt.pageIsKnown || isAnswer(callGateway(model.plans, 'get-invoice').heard)) settle(model, attempt, 'anybody')
  }
}

function isUnknown(attempt: Attempt, charge: Charge): boolean {
  const { id } = charge
  const isOurs = (attempt.state === 'paid' && attempt.chargeId === id) || attempt.refunds.some(({ chargeId }) => chargeId === id)
  return !isOurs && wasMoney(charge)
}
