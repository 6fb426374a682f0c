import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { chosen, type Command, command, hasOne, mostly } from './command.ts'
import { outcomeOf } from './house.ts'
import { type Attempt, attemptsOf, type Model, refundsOf } from './model.ts'
import * as money from './money-model.ts'
import * as person from './person-model.ts'

const nameOf = ({ booking, key }: Attempt) => `${booking.key}/${key}`
const operator = randomUUID()
const decision = { by: operator, reason: 'Looked at on the gateway’s dashboard.' }

const isInDoubt = ({ state }: Attempt) => state === 'integrity_failure'
const isPaid = ({ state }: Attempt) => state === 'paid'

/** The operator looks at an attempt and has it settled. */
export const settleByHand = (pick: number): Command =>
  command(
    'the operator settles',
    (model) => hasOne(attemptsOf(model), isInDoubt, pick),
    async (model, house) => {
      const attempt = mostly(attemptsOf(model), isInDoubt, pick)
      money.settle(model, attempt, 'operator')
      const { status } = await house.payments.settle(attempt.id, 'operator')
      assert.equal(status, money.standing(attempt), nameOf(attempt))
      return `${nameOf(attempt)}: ${status}`
    },
  )

const withItem = (model: Model) => attemptsOf(model).filter(({ item }) => item !== null)

export const sendBack = (pick: number): Command =>
  command(
    'the operator sends differing money back',
    (model) => withItem(model).length > 0,
    async (model, house) => {
      const attempt = chosen(withItem(model), pick)
      const { id } = attempt.item!
      const expected = person.sendBack(model, attempt)
      const outcome = await outcomeOf(house.payments.returnDifference(id, decision))
      assert.equal(typeof outcome === 'string' ? outcome : outcome.resolution, expected, nameOf(attempt))
      return `${nameOf(attempt)}: ${expected}`
    },
  )

/** A page that answers under another id would be remembered under it: whoever adopts then has looked at the wrong one. */
export const adopt = (pick: number): Command =>
  command(
    'the operator adopts differing money',
    (model) => withItem(model).length > 0 && model.plans.gateway.get('get-invoice') !== 'wrong-id',
    async (model, house) => {
      const attempt = chosen(withItem(model), pick)
      const { id } = attempt.item!
      const expected = person.adopt(model, attempt)
      const outcome = await outcomeOf(house.payments.adopt(id, decision))
      assert.equal(typeof outcome === 'string' ? outcome : outcome.resolution, expected, nameOf(attempt))
      return `${nameOf(attempt)}: ${expected}`
    },
  )

const failed = (model: Model) => refundsOf(model).filter(({ itemId }) => itemId !== null)

export const retryRefund = (pick: number): Command =>
  command(
    'a failed refund is sent again',
    (model) => failed(model).length > 0,
    async (model, house) => {
      const refund = chosen(failed(model), pick)
      const { itemId } = refund
      person.sendAgain(model, refund)
      const { resolution } = await house.payments.returnDifference(itemId!, decision)
      assert.equal(resolution, 'refunded')
      return refund.reason
    },
  )

export const giveUpRefund = (pick: number): Command =>
  command(
    'a failed refund is given up',
    (model) => failed(model).length > 0,
    async (model, house) => {
      const refund = chosen(failed(model), pick)
      const { itemId } = refund
      person.giveUp(refund)
      const { resolution } = await house.payments.writeOff(itemId!, decision)
      assert.equal(resolution, 'written_off')
      return refund.reason
    },
  )

export const giveBackAttempt = (pick: number, part: number | undefined): Command =>
  command(
    `the operator gives back ${part ?? 'all'}`,
    (model) => hasOne(attemptsOf(model), isPaid, pick),
    async (model, house) => {
      const attempt = mostly(attemptsOf(model), isPaid, pick)
      const expected = person.giveBackAttempt(model, attempt, part)
      const wish = { ...decision, clientKey: randomUUID(), ...(part !== undefined && { amountMinor: part }) }
      const said = await outcomeOf(house.payments.refund(attempt.id, wish).then(() => 'due'))
      assert.equal(said, expected, nameOf(attempt))
      return `${nameOf(attempt)}: ${said}`
    },
  )

export const compareLists = (): Command =>
  command(
    'the gateway’s list is compared with ours',
    () => true,
    async (model, house) => {
      person.compareLists(model)
      const { seen, repaired, opened } = await house.payments.reconcile({ by: null, budgetMs: 60_000 })
      return `${seen} seen, ${repaired} repaired, ${opened} opened`
    },
  )

const pick = fc.nat(1_000)
const part = fc.constantFrom(undefined, 2_000, 5_000)
export const personCommands = {
  settleByHand: pick.map(settleByHand),
  sendBack: pick.map(sendBack),
  adopt: pick.map(adopt),
  retryRefund: pick.map(retryRefund),
  giveUpRefund: pick.map(giveUpRefund),
  giveBackAttempt: fc.tuple(pick, part).map((how) => giveBackAttempt(...how)),
  compareLists: fc.constant(null).map(compareLists),
}
