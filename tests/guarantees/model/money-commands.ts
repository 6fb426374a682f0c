import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { pay } from '../../../server/bookings/money/pay.ts'
import { sql } from '../../../server/database/index.ts'
import { chosen, type Command, command, hasOne, mostly } from './command.ts'
import { type House, outcomeOf } from './house.ts'
import { deliver } from './message-model.ts'
import { type Attempt, attemptsOf, type Booking, isLapsed, isOpen, messagesOf, type Model, refundsOf } from './model.ts'
import * as money from './money-model.ts'
import { dueAttempts, dueMessages } from './observe.ts'
import { sendRefund } from './refund-model.ts'

const nameOf = ({ booking, key }: Attempt) => `${booking.key}/${key}`
const mostAttempts = 4

const isPayable = (model: Model) => (booking: Booking) => booking.status === 'held' && !isLapsed(model, booking)

/** Starts to pay a hold, with a new key or one that was used. */
export const startPaying = (pick: number): Command =>
  command(
    'pay',
    (model) => hasOne(model.bookings, isPayable(model), pick),
    async (model, house) => {
      const booking = mostly(model.bookings, isPayable(model), pick)
      const used = booking.attempts.length > 0 && (pick % 3 === 0 || booking.attempts.length >= mostAttempts)
      const key = used ? chosen(booking.attempts, pick >> 2).key : `pay-${booking.attempts.length}`
      const expected = money.pay(model, booking, key)
      const who = { accountId: house.lane.accountIds[booking.customer], locale: 'ar' } as const
      const outcome = await outcomeOf(pay(house.needs, who, booking.id, key))
      const said = typeof outcome === 'string' ? outcome : outcome.status
      assert.equal(said, expected, `paying ${booking.key} with ${key}`)
      return `${booking.key}/${key}: ${said}`
    },
  )

/** The customer is back from the gateway and the page asks how it went. */
export const comeBack = (pick: number): Command =>
  command(
    'come back',
    (model) => hasOne(attemptsOf(model), isOpen, pick),
    async (model, house) => {
      const attempt = mostly(attemptsOf(model), isOpen, pick)
      if (attempt.askAt !== null && attempt.state !== 'paid' && attempt.state !== 'integrity_failure')
        money.settle(model, attempt, 'anybody')
      const { status } = await house.get(house.lane.accountIds[attempt.booking.customer], `/v1/payments/${attempt.id}`)
      assert.equal(status, money.standing(attempt), nameOf(attempt))
      return `${nameOf(attempt)}: ${status}`
    },
  )

export const sweepPayments = (): Command =>
  command(
    'attempts that are due are settled',
    (model) => dueAttempts(model).length > 0,
    async (model, house) => {
      const due = await inTurn(model, house, dueAttempts(model))
      for (const attempt of due) money.settle(model, attempt, 'anybody')
      while ((await house.sweep('settle-payments')) > 0);
      return due.map(nameOf).join(', ')
    },
  )

/**
 * A sweep settles several at once, and who comes first decides who gets a time that two have paid for. That race is run
 * elsewhere; here all but the first wait a second, so that its end can be foretold.
 */
async function inTurn(model: Model, house: House, due: Attempt[]): Promise<Attempt[]> {
  const takers = due.filter((attempt) => money.wouldTakeMoney(model, attempt))
  const race = due.length > 1 && (takers.length > 1 || takers.some(({ booking }) => booking.status === 'expired'))
  if (!race) return due
  const [first, ...others] = due
  await house.needs.database.run(
    sql`update payment set next_check_at = now() + interval '1 second' where id = any(${others.map(({ id }) => id)}::uuid[])`,
  )
  return first ? [first] : []
}

export const sweepRefunds = (): Command =>
  command(
    'refunds that are due are sent',
    (model) => dueRefunds(model).length > 0,
    async (model, house) => {
      const due = dueRefunds(model)
      const firsts = due.filter((refund, at) => !due.slice(0, at).some((other) => attemptOf(model, other) === attemptOf(model, refund)))
      const others = due.filter((refund) => !firsts.includes(refund)).map(({ id }) => id)
      // Two of one payment keep out of each other's way; which one goes first is not foretold.
      if (others.length > 0)
        await house.needs.database.run(sql`update refund set next_try_at = now() + interval '1 second' where id = any(${others}::uuid[])`)
      for (const refund of firsts) sendRefund(model, refund)
      while ((await house.sweep('send-refunds')) > 0);
      return firsts.map(({ amount, reason, state }) => `${amount} for ${reason} is ${state}`).join(', ')
    },
  )

const dueRefunds = (model: Model) => refundsOf(model).filter(({ tryAt }) => tryAt !== null && tryAt <= model.now)
const attemptOf = (model: Model, refund: ReturnType<typeof refundsOf>[number]) =>
  attemptsOf(model).find(({ refunds }) => refunds.includes(refund))

export const sweepMessages = (): Command =>
  command(
    'messages are delivered',
    (model) => dueMessages(model).length > 0,
    async (model, house) => {
      const due = dueMessages(model)
      for (const booking of model.bookings)
        for (const message of booking.messages) if (due.includes(message)) deliver(model, booking, message, 'by time')
      while ((await house.sweep('deliver-notifications')) > 0);
      return due.map(({ kind, state }) => `${kind} ${state}`).join(', ')
    },
  )

export const redrive = (pick: number): Command => {
  const failed = (model: Model) => messagesOf(model).filter(({ state }) => state === 'FAILED')
  return command(
    'the operator sends a failed message again',
    (model) => failed(model).length > 0,
    async (model, house) => {
      const message = chosen(failed(model), pick)
      const booking = model.bookings.find(({ messages }) => messages.includes(message))!
      deliver(model, booking, message, 'by a person')
      const { status } = await house.notifications.redrive(message.id, randomUUID())
      assert.equal(status, message.state)
      return `${message.kind} ${status}`
    },
  )
}

const pick = fc.nat(1_000)
const always = fc.constant(null)
export const moneyCommands = {
  startPaying: pick.map(startPaying),
  comeBack: pick.map(comeBack),
  sweepPayments: always.map(sweepPayments),
  sweepRefunds: always.map(sweepRefunds),
  sweepMessages: always.map(sweepMessages),
  redrive: pick.map(redrive),
}
