/* Money on its way back. The gateway cannot be asked twice safely, so it is looked at before anything is sent. */
import { type Charge, type Page, returnMoney } from './gateway-model.ts'
import { attemptsOf, type Model, type Refund, refundsOf, second } from './model.ts'
import { callGateway, type Heard } from './vendor-faults.ts'

/** A refund whose answer we did not hear is believed not done only when it is not there after this long. */
const settling = 30 * second

/** One refund, one turn. */
export function sendRefund(model: Model, refund: Refund): void {
  const { page, charge } = chargeOf(model, refund)
  const looked = read(charge, callGateway(model.plans, 'get-payment').heard)
  if (!looked) return
  if (isThere(refund, looked)) return move(model, refund, 'refunded')
  const wasSent = refund.state === 'sent' || refund.state === 'unknown'
  if (wasSent && model.now - refund.since < settling) return
  if (!looked.isUnderstood) return
  if (looked.amount - looked.refunded < refund.amount) return move(model, refund, 'failed')

  if (underWay(model, refund)) return
  move(model, refund, 'sent')
  refund.proof = looked.refunded + refund.amount
  const { done, heard } = callGateway(model.plans, 'refund')
  if (done) returnMoney(page, charge, refund.amount)
  if (heard === 'refused') return move(model, refund, 'failed')
  if (heard === 'misconfigured' || heard === 'busy') return move(model, refund, 'due')
  const answer = read(charge, heard)
  move(model, refund, answer && isThere(refund, answer) ? 'refunded' : 'unknown')
}

/** Two refunds of one charge are never on their way at once: one could be taken for the other. */
function underWay(model: Model, refund: Refund): boolean {
  return refundsOf(model).some(
    (other) => other !== refund && other.chargeId === refund.chargeId && (other.state === 'sent' || other.state === 'unknown'),
  )
}

interface Looked {
  amount: number
  refunded: number
  isUnderstood: boolean
}

/** A charge as an answer shows it; null: the answer says nothing of it. */
export function read({ amount, refunded }: Charge, heard: Heard): Looked | null {
  if (heard === 'all') return { amount, refunded, isUnderstood: true }
  // The lie is of a riyal more.
  if (heard === 'wrong-amount') return { amount: amount + 100, refunded, isUnderstood: true }
  return heard === 'unknown-status' ? { amount, refunded, isUnderstood: false } : null
}

/** Ours arrived, or the whole went back by other hands. */
function isThere({ state, proof }: Refund, { amount, refunded }: Looked): boolean {
  return refunded >= amount || (proof !== null && state !== 'due' && refunded >= proof)
}

function chargeOf(model: Model, refund: Refund): { page: Page; charge: Charge } {
  const page = attemptsOf(model).find(({ refunds }) => refunds.includes(refund))?.page
  const charge = page?.charges.find(({ id }) => id === refund.chargeId)
  if (!page || !charge) throw new Error('A refund is of a charge.')
  return { page, charge }
}

function move(model: Model, refund: Refund, to: Refund['state']): void {
  refund.state = to
  refund.since = model.now
}
