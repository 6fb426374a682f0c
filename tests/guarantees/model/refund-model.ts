/* Money on its way back. The gateway cannot be asked twice safely, so it is looked at before anything is sent. */
import { type Charge, type Page, returnMoney, voidCharge } from './gateway-model.ts'
import { type Attempt, attemptsOf, minute, type Model, type Refund, refundsOf, second, tellOfRefund } from './model.ts'
import { callGateway, type Heard } from './vendor-faults.ts'

/** A refund whose answer we did not hear is believed not done only when it is not there after this long. */
const settling = 30 * second
/** Later than this after the attempt was begun, and more often, a charge is not tried to be voided. */
const voidable = 120 * minute
const mostVoids = 2

/** One refund, one turn. */
export function sendRefund(model: Model, refund: Refund): void {
  const { attempt, page, charge } = chargeOf(model, refund)
  const looked = read(charge, callGateway(model.plans, 'get-payment').heard)
  if (!looked) return
  if (isThere(refund, looked)) return end(model, refund, looked)
  const wasSent = refund.state === 'sent' || refund.state === 'unknown'
  if (wasSent && model.now - refund.since < settling) return
  if (!looked.isUnderstood) return
  if (looked.amount - looked.refunded < refund.amount) return move(model, refund, 'failed')

  if (underWay(model, refund)) return
  const isWhole = charge.status === 'paid' && looked.refunded === 0 && looked.amount === refund.amount && charge.amount === refund.amount
  const isTried = refund.way !== 'refund' && refund.tries < mostVoids && model.now - attempt.begun < voidable
  refund.way = isWhole && isTried ? 'void' : 'refund'
  move(model, refund, 'sent')
  refund.tries += 1
  refund.proof = looked.refunded + refund.amount
  const { done, heard } = callGateway(model.plans, refund.way)
  const isRefused = done && !(refund.way === 'void' ? voidCharge(model, page, charge) : returnMoney(page, charge, refund.amount))
  if (heard === 'refused' || (isRefused && heard !== 'nothing')) return refused(model, refund, charge)
  if (heard === 'misconfigured' || heard === 'busy') return move(model, refund, 'due')
  const answer = read(charge, heard)
  if (answer && isThere(refund, answer)) end(model, refund, answer)
  else move(model, refund, 'unknown')
}

/** Too late to void: the sum is returned instead, at once. A refused refund is a person's, unless what was sent before has arrived. */
function refused(model: Model, refund: Refund, charge: Charge): void {
  if (refund.way === 'void') {
    refund.way = 'refund'
    move(model, refund, 'due')
    return sendRefund(model, refund)
  }
  if (refund.tries === 1) return move(model, refund, 'failed')
  const looked = read(charge, callGateway(model.plans, 'get-payment').heard)
  if (looked && isThere(refund, looked)) return end(model, refund, looked)
  move(model, refund, looked ? 'failed' : 'unknown')
}

/** However it was asked for, the charge says how the money went back. */
function end(model: Model, refund: Refund, { isVoided }: Looked): void {
  refund.way = isVoided ? 'void' : 'refund'
  move(model, refund, 'refunded')
  tellOfRefund(model, chargeOf(model, refund).attempt.booking, refund)
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
  isVoided: boolean
  isUnderstood: boolean
}

/** A charge as an answer shows it; null: the answer says nothing of it. */
export function read({ amount, refunded, status }: Charge, heard: Heard): Looked | null {
  const isVoided = status === 'voided'
  if (heard === 'all') return { amount, refunded, isVoided, isUnderstood: true }
  // The lie is of a riyal more.
  if (heard === 'wrong-amount') return { amount: amount + 100, refunded, isVoided, isUnderstood: true }
  return heard === 'unknown-status' ? { amount, refunded, isVoided: false, isUnderstood: false } : null
}

/** Ours arrived, or the whole went back by other hands. */
function isThere({ state, proof }: Refund, { amount, refunded, isVoided }: Looked): boolean {
  return isVoided || refunded >= amount || (proof !== null && state !== 'due' && refunded >= proof)
}

function chargeOf(model: Model, refund: Refund): { attempt: Attempt; page: Page; charge: Charge } {
  const attempt = attemptsOf(model).find(({ refunds }) => refunds.includes(refund))
  const page = attempt?.page
  const charge = page?.charges.find(({ id }) => id === refund.chargeId)
  if (!attempt || !page || !charge) throw new Error('A refund is of a charge.')
  return { attempt, page, charge }
}

function move(model: Model, refund: Refund, to: Refund['state']): void {
  refund.state = to
  refund.since = model.now
}
