import assert from 'node:assert/strict'
import { sql } from '../../../server/database/index.ts'
import { countViolations, type InvariantName, invariants } from '../../../server/operations/queries.ts'
import { sweepFinished, sweepLapsed } from './booking-commands.ts'
import type { House } from './house.ts'
import { attemptsOf, isOpen, messagesOf, minute, type Model, refundsOf } from './model.ts'
import { compareLists } from './person-commands.ts'
import { sweepMessages, sweepPayments, sweepRefunds } from './money-commands.ts'
import { repairVendors, sweepHints, wait } from './vendor-commands.ts'

const pauseMinutes = [0, 1, 5, 25, 25, 25, 60, 60, 120, 120, 240, 1_500]

/** Everything heals, time passes, and whatever is due is done, until nothing is waited for any more. */
export async function comeToRest(model: Model, house: House): Promise<void> {
  const turns = [sweepPayments, sweepLapsed, sweepHints, sweepRefunds, sweepMessages, sweepFinished].map((make) => make())
  const repair = repairVendors()
  if (repair.check(model)) await repair.run(model, house)
  for (const pause of pauseMinutes) {
    if (pause > 0) await wait(pause * minute).run(model, house)
    for (const turn of turns) for (let again = 0; again < 10 && turn.check(model); again++) await turn.run(model, house)
    if (waitedFor(model).length > 0) continue
    // The daily comparison finds what nobody told us of; then that too is to come to rest.
    await compareLists().run(model, house)
    if (waitedFor(model).length === 0) return
  }
  assert.deepEqual(waitedFor(model), [], 'A day and a half later something is still waited for.')
}

/** What only the passing of time can still change. */
function waitedFor(model: Model): string[] {
  return [
    ...model.bookings.filter(({ status }) => status === 'held').map(({ key }) => `the hold ${key}`),
    ...attemptsOf(model)
      .filter((attempt) => isOpen(attempt) || attempt.askAt !== null)
      .map(({ key, state, booking }) => `the attempt ${booking.key}/${key}, ${state}`),
    ...refundsOf(model)
      .filter(({ state }) => state !== 'refunded' && state !== 'failed')
      .map(({ reason, state }) => `the refund for ${reason}, ${state}`),
    ...messagesOf(model)
      .filter(({ state }) => state === 'PENDING')
      .map(({ kind }) => `the message ${kind}`),
    ...model.parked.map(() => 'a webhook'),
  ]
}

/** These count what has waited too long, and a run lets everything wait. */
const aboutLateness: readonly InvariantName[] = [
  'money_open_too_long',
  'difference_open_too_long',
  'notification_overdue',
  'untold_in_time',
]

/** The promises, as production itself watches them. */
export async function keepsPromises({ lane }: House): Promise<void> {
  for (const name of Object.keys(invariants) as InvariantName[]) {
    if (!aboutLateness.includes(name)) assert.equal(await countViolations(lane.database, name), 0, `The promise ${name} is broken.`)
  }
}

interface Booked {
  id: string
  chargeId: string | null
  state: string
  disposition: string | null
  bookingStatus: string
}

interface GatewayPayment {
  id: string
  status: string
  amount: number
  refunded: number
}

/** Holds every payment the gateway has against our books: whatever it keeps is for a booking or with a person, and what went back was owed. */
export async function reckon(model: Model, house: House): Promise<void> {
  const { database } = house.lane
  const attempts = await database.rows<Booked>(
    sql`select p.id, p.gateway_charge_id as charge_id, p.state, p.disposition, b.status as booking_status from payment p join booking b on b.order_id = p.payable_id`,
  )
  const refunds = await database.rows<{ chargeId: string; state: string; amount: number }>(
    sql`select gateway_charge_id as charge_id, state, amount_minor as amount from refund`,
  )
  const items = new Set(
    (
      await database.rows<{ chargeId: string }>(
        sql`select gateway_charge_id as charge_id from money_difference where gateway_charge_id is not null and resolved_at is null`,
      )
    ).map(({ chargeId }) => chargeId),
  )
  const cards = attemptsOf(model).flatMap(({ id, page }) => (page?.charges ?? []).map((charge) => ({ attemptId: id, charge })))
  for (const { id, amount, refunded } of await takenAtGateway(house)) {
    const card = cards.find(({ charge }) => charge.id === id)
    const attempt = attempts.find((one) => one.id === card?.attemptId)
    const ours = refunds.filter(({ chargeId }) => chargeId === id)
    const saidReturned = ours.filter(({ state }) => state === 'refunded').reduce((sum, refund) => sum + refund.amount, 0)
    assert.ok(refunded >= saidReturned, `We say that ${saidReturned} of ${id} went back, the gateway says ${refunded}.`)
    assert.ok(
      refunded <= saidReturned + (card?.charge.refundedByHand ?? 0),
      `Of ${id} ${refunded} went back, and only ${saidReturned} was owed.`,
    )
    const forBooking =
      attempt?.chargeId === id && attempt.disposition?.startsWith('applied') && !['held', 'expired'].includes(attempt.bookingStatus)
    const withPerson = ours.some(({ state }) => state === 'failed') || attempt?.state === 'integrity_failure' || items.has(id)
    assert.ok(
      refunded === amount || forBooking || withPerson,
      `The gateway keeps ${amount - refunded} of ${id}, and nobody knows what for: ${JSON.stringify(attempt)}`,
    )
  }
}

async function takenAtGateway(house: House): Promise<GatewayPayment[]> {
  const taken: GatewayPayment[] = []
  for (let page: number | null = 1; page !== null;) {
    const answer: { payments: GatewayPayment[]; meta: { next_page: number | null } } = await house.vendor(
      'GET',
      `/v1/payments?page=${page}`,
    )
    taken.push(
      ...answer.payments
        .filter(({ status }) => ['paid', 'refunded', 'voided'].includes(status))
        .map((one) => ({ ...one, refunded: one.status === 'voided' ? one.amount : one.refunded })),
    )
    page = answer.meta.next_page
  }
  return taken
}
