/* Attempts to pay: how one starts, what is learned about it, and what becomes of its money. */
import { type Charge, newPage, truthOf, wasMoney } from './gateway-model.ts'
import {
  type Attempt,
  type Booking,
  dueOf,
  expire,
  isLapsed,
  isOpen,
  isOwed,
  minute,
  type Model,
  owedOf,
  ownersOf,
  promised,
  second,
  services,
  step,
  tell,
} from './model.ts'
import { callGateway, type Heard } from './vendor-faults.ts'

const page = { lasts: 10 * minute, closesBeforeHold: 30 * second, shortest: 60 * second }
/** An attempt the gateway knows nothing of after this long never reached it. */
const neverReachedAfter = 60 * second

/** Who asks. A person may also move what waits for a person. */
export type Asker = 'anybody' | 'operator'

/** Starts to pay; the answer is where the attempt stands, or the problem told. */
export function pay(model: Model, booking: Booking, key: string): string {
  const closesAt = Math.min(model.now + page.lasts, booking.expiresAt - page.closesBeforeHold)
  if (booking.status !== 'held' || isLapsed(model, booking) || closesAt - model.now < page.shortest) return 'booking_not_payable'
  const own = booking.attempts.find((attempt) => attempt.key === key)
  const open = booking.attempts.find(isOpen)
  const known = own && !(own.state === 'failed' && !own.pageIsKnown) ? own : (open ?? own)
  if (known) return goOn(model, known, closesAt)

  const fresh: Attempt = {
    id: '',
    booking,
    key,
    begun: model.now,
    state: 'intent',
    since: model.now,
    disposition: null,
    page: null,
    pageIsKnown: false,
    chargeId: null,
    refunds: [],
    item: null,
    decided: [],
    askAt: null,
  }
  booking.attempts.push(fresh)
  closeFormerPages(model, fresh)
  return createPage(model, fresh, closesAt)
}

/** The same wish again, or another tab's: one page is enough. */
function goOn(model: Model, attempt: Attempt, closesAt: number): string {
  const neverReached = attempt.state === 'failed' && !attempt.pageIsKnown
  if (attempt.state !== 'unknown' && !neverReached) return answerOf(attempt)
  const answer = ask(model, attempt)
  if (answer === 'nothing') return neverReached ? 'payment_provider_unreachable' : 'payment_outcome_unknown'
  move(model, attempt, 'intent')
  if (answer === 'none') return createPage(model, attempt, closesAt)
  believe(model, attempt, answer, 'anybody')
  return answerOf(attempt)
}

function createPage(model: Model, attempt: Attempt, closesAt: number): string {
  const { done, heard } = callGateway(model.plans, 'create-invoice')
  if (done) attempt.page = newPage(closesAt)
  if (heard === 'nothing') {
    move(model, attempt, 'unknown')
    return 'payment_outcome_unknown'
  }
  if (heard === 'refused' || heard === 'misconfigured' || heard === 'busy') {
    move(model, attempt, 'failed')
    return { refused: 'payment_refused', misconfigured: 'payment_provider_misconfigured', busy: 'payment_provider_unreachable' }[heard]
  }
  believe(model, attempt, heard, 'anybody')
  return answerOf(attempt)
}

/** What the customer is told of an attempt as it stands. */
function answerOf(attempt: Attempt): string {
  if (attempt.state === 'intent' || attempt.state === 'unknown') return 'payment_outcome_unknown'
  return attempt.state === 'integrity_failure' ? 'payment_under_review' : standing(attempt)
}

/** An attempt with what its own charge's refunds make of it. */
export function standing({ state, chargeId, refunds }: Attempt): string {
  const states = refunds.filter((refund) => isOwed(refund) && refund.chargeId === chargeId).map((refund) => refund.state)
  if (state !== 'paid' || states.length === 0) return state
  if (states.includes('failed')) return 'refund_failed'
  return states.every((one) => one === 'refunded') ? 'refunded' : 'refund_due'
}

/** Before a new page opens, what was left of former ones closes; money that came there meanwhile is taken. */
function closeFormerPages(model: Model, fresh: Attempt): void {
  const left = fresh.booking.attempts.filter(
    (attempt) => attempt.state === 'failed' && attempt.pageIsKnown && attempt.page && attempt.page.expiresAt > model.now,
  )
  for (const attempt of left) {
    const { done } = callGateway(model.plans, 'cancel-invoice')
    if (done && attempt.page && ['initiated', 'failed'].includes(attempt.page.status)) attempt.page.status = 'canceled'
    settle(model, attempt, 'anybody')
  }
}

/** Asks the gateway, then decides. However often. Says whether there was an answer. */
export function settle(model: Model, attempt: Attempt, asker: Asker): boolean {
  const answer = ask(model, attempt)
  if (answer === 'none' && isOpen(attempt) && model.now - attempt.since >= neverReachedAfter) move(model, attempt, 'failed')
  if (answer !== 'none' && answer !== 'nothing') believe(model, attempt, answer, asker)
  return answer !== 'nothing'
}

/** Whether asking now would bring new money to light. */
export function wouldTakeMoney(model: Model, attempt: Attempt): boolean {
  const answer = ask(model, attempt)
  return answer !== 'none' && answer !== 'nothing' && attempt.disposition === null && truthOf(model, attempt, answer).says === 'paid'
}

/** Acts on webhooks whose time it is: one question for each attempt. One about a page nobody knows is kept for a day. */
export function actOnHints(model: Model): void {
  const due = model.parked.filter(({ tryAt }) => tryAt <= model.now)
  const known = new Set(due.map(({ about }) => about).filter(({ pageIsKnown }) => pageIsKnown))
  for (const attempt of known) settle(model, attempt, 'anybody')
  const ended = due.filter(({ about, since }) => known.has(about) || model.now - since >= 24 * 60 * minute)
  model.parked = model.parked.filter((hint) => !ended.includes(hint))
}

/** What we hear of its page: by the page's own id if we know it, else by ours. An id that cannot be is no answer. */
function ask(model: Model, attempt: Attempt): Heard | 'none' {
  const { heard } = callGateway(model.plans, attempt.pageIsKnown ? 'get-invoice' : 'list-invoices')
  if (heard === 'nothing' || heard === 'refused' || heard === 'misconfigured' || heard === 'busy') return 'nothing'
  if (!attempt.page) return 'none'
  return heard === 'wrong-id' && !attempt.pageIsKnown ? 'nothing' : heard
}

function believe(model: Model, attempt: Attempt, heard: Heard, asker: Asker): void {
  const truth = truthOf(model, attempt, heard)
  const { state } = attempt
  if (truth.says === 'spare') return
  if (truth.says === 'differs') {
    const other = attempt.page?.charges.find((one) => one.id !== attempt.chargeId && wasMoney(one))
    const isDecided = heard !== 'wrong-id' && attempt.decided.includes(other?.id ?? '')
    if (state === 'paid' || state === 'integrity_failure' || isDecided) return
    // An answer that carries another id than the page's own address is remembered by nobody.
    attempt.pageIsKnown ||= heard !== 'wrong-id'
    return move(model, attempt, 'integrity_failure')
  }
  if (truth.says === 'paid') {
    if (state === 'integrity_failure' && asker !== 'operator') return
    // What a person sent back pays nothing any more.
    if (state !== 'paid' && owedOf(attempt, truth.charge.id) > 0) return
    if (state !== 'paid') takeMoney(model, attempt, truth.charge)
    for (const extra of truth.extras) owe(model, attempt, extra.id, extra.amount, 'paid_twice')
    return
  }
  const to = ({ open: 'redirected', unclear: 'unknown', failed: 'failed', expired: 'expired' } as const)[truth.says]
  const mayMove = isOpen(attempt) || (state === 'integrity_failure' && asker === 'operator' && (to === 'failed' || to === 'expired'))
  if (to === state || !mayMove) return
  attempt.pageIsKnown = true
  move(model, attempt, to)
}

/** Money is there: it pays the booking, or it goes back. */
export function takeMoney(model: Model, attempt: Attempt, charge: Charge): void {
  const { booking } = attempt
  const reasonToReturn = returnReason(model, booking)
  attempt.disposition = reasonToReturn
    ? 'refund_due'
    : booking.status === 'expired' || isLapsed(model, booking)
      ? 'applied_late'
      : 'applied'
  attempt.chargeId = charge.id
  attempt.pageIsKnown = true
  move(model, attempt, 'paid')
  if (reasonToReturn) return owe(model, attempt, charge.id, dueOf(booking), reasonToReturn)
  step(booking, 'confirmed')
  tell(model, booking, attempt.disposition === 'applied_late' ? 'payment-applied-late' : 'booking-confirmed')
}

function returnReason(model: Model, booking: Booking): string | null {
  if (booking.status === 'held') return null
  if (booking.status === 'cancelled') return 'booking_cancelled'
  if (booking.status !== 'expired') return 'duplicate'
  if (booking.start <= model.now) return 'too_late'
  const others = ownersOf(model, services[booking.service].takes, booking.start)
  for (const other of others) if (isLapsed(model, other)) expire(other)
  return others.some(({ status }) => status !== 'expired') ? 'slot_gone' : null
}

/** Writes down that money goes back; once for each charge that was not to be kept. */
function owe(model: Model, attempt: Attempt, chargeId: string, amount: number, reason: string): void {
  if (owedOf(attempt, chargeId) > 0) return
  addRefund(model, attempt, chargeId, amount, reason)
}

export function addRefund(model: Model, attempt: Attempt, chargeId: string, amount: number, reason: string): void {
  attempt.refunds.push({
    id: '',
    chargeId,
    amount,
    reason,
    state: 'due',
    way: null,
    tries: 0,
    since: model.now,
    setAside: false,
    itemId: null,
    proof: null,
    tryAt: model.now,
  })
}

export function move(model: Model, attempt: Attempt, to: Attempt['state']): void {
  attempt.state = to
  attempt.since = model.now
}

/** Holds that ran out: the gateway is asked about all that may have paid for them before their time is given to others. */
export function sweepHolds(model: Model): void {
  const lapsed = model.bookings.filter((booking) => isLapsed(model, booking)).sort((a, b) => a.expiresAt - b.expiresAt)
  for (const booking of lapsed) {
    const asked = booking.attempts.filter(
      (attempt) => isOpen(attempt) || (attempt.state !== 'paid' && attempt.pageIsKnown && attempt.askAt !== null),
    )
    const inDoubt = asked.map((attempt) => !settle(model, attempt, 'anybody') || isOpen(attempt))
    const maySettle = inDoubt.includes(true) && model.now - booking.expiresAt < promised.grace
    if (booking.status === 'held' && !maySettle) expire(booking)
  }
}
