import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { book } from '../../../server/bookings/book.ts'
import { cancel, cancelByBusiness } from '../../../server/bookings/cancel.ts'
import { markNoShow } from '../../../server/bookings/no-show.ts'
import type { BookingRow } from '../../../server/bookings/queries.ts'
import { refundBooking } from '../../../server/bookings/money/refund.ts'
import { reschedule } from '../../../server/bookings/reschedule.ts'
import { chosen, type Command, command, hasOne, mostly } from './command.ts'
import { type House, outcomeOf } from './house.ts'
import { type Booking, type Customer, customers, isLapsed, type Model, type Service, services, starts } from './model.ts'
import { sweepHolds } from './money-model.ts'
import * as time from './time-model.ts'

const nameOf = ({ key, customer }: Booking) => `${customer}'s ${key}`

async function bookForReal(model: Model, house: House, wish: time.Wish): Promise<string> {
  const expected = time.hold(model, wish)
  const { offered, accountIds } = house.lane
  const ask = { businessSlug: 'model', serviceId: offered[wish.service].service.id, startsAt: house.at(wish.start) }
  const outcome = await outcomeOf(book(house.needs, { accountId: accountIds[wish.customer], locale: 'ar' }, ask, wish.key))
  assert.equal(typeof outcome === 'string' ? outcome : outcome.status, typeof expected === 'string' ? expected : expected.status)
  if (typeof outcome === 'string') return outcome
  if (typeof expected === 'string') return expected
  if (expected.id === '') expected.id = outcome.id
  assert.equal(outcome.id, expected.id, 'The same key and the same wish lead to the same booking.')
  return `${nameOf(expected)} is ${outcome.status}`
}

/** Somebody wants a time, with a key never used before. */
export const hold = (customer: Customer, service: Service, at: number): Command =>
  command(
    `${customer} wants a ${service} at ${at / 3_600_000} h`,
    () => true,
    (model, house) => bookForReal(model, house, { customer, service, start: at, key: `key-${house.commands}` }),
  )

/** A key that was used before, with the same wish or with another. */
export const holdAgain = (pick: number, at: number): Command =>
  command(
    'a used key',
    ({ bookings }) => bookings.length > 0,
    (model, house) => {
      const { customer, key, service, start } = chosen(model.bookings, pick)
      return bookForReal(model, house, { customer, key, service, start: pick % 2 === 0 ? start : at })
    },
  )

/** An act on a booking by its customer, or by somebody whose it is not. */
function change(
  name: string,
  pick: number,
  likely: (model: Model, booking: Booking) => boolean,
  inModel: (model: Model, booking: Booking) => string,
  forReal: (house: House, accountId: string, booking: Booking) => Promise<BookingRow>,
): Command {
  return command(
    name,
    (model) => hasOne(model.bookings, (one) => likely(model, one), pick),
    async (model, house) => {
      const booking = mostly(model.bookings, (one) => likely(model, one), pick)
      const stranger = pick % 32 === 31
      const who = stranger ? customers.find((other) => other !== booking.customer)! : booking.customer
      const expected = stranger ? 'not_found' : inModel(model, booking)
      const outcome = await outcomeOf(forReal(house, house.lane.accountIds[who], booking))
      const said = typeof outcome === 'string' ? outcome : outcome.status
      assert.equal(said, expected, `${who} and ${nameOf(booking)}`)
      return `${who}, ${nameOf(booking)}: ${said}`
    },
  )
}

const isLive = (_model: Model, { status }: Booking) => status === 'held' || status === 'confirmed'

export const cancelBooking = (pick: number): Command =>
  change(
    'cancel',
    pick,
    isLive,
    (model, booking) => time.cancel(model, booking, 'customer'),
    (house, accountId, { id }) => cancel(house.needs, accountId, id, undefined),
  )

export const moveBooking = (pick: number, at: number): Command =>
  change(
    `move to ${at / 3_600_000} h`,
    pick,
    (_model, { status }) => status === 'confirmed',
    (model, booking) => time.reschedule(model, booking, at),
    (house, accountId, { id }) => reschedule(house.needs, accountId, id, { startsAt: house.at(at) }),
  )

/** An act of the business, whose right to it was shown before. */
function manage(
  name: string,
  pick: number,
  likely: (model: Model, booking: Booking) => boolean,
  inModel: (model: Model, booking: Booking) => string,
  forReal: (house: House, booking: Booking) => Promise<string>,
): Command {
  return command(
    name,
    (model) => hasOne(model.bookings, (one) => likely(model, one), pick),
    async (model, house) => {
      const booking = mostly(model.bookings, (one) => likely(model, one), pick)
      const expected = inModel(model, booking)
      const said = await outcomeOf(forReal(house, booking))
      assert.equal(said, expected, nameOf(booking))
      return `${nameOf(booking)}: ${said}`
    },
  )
}

const by = { actorKind: 'staff', actorId: randomUUID() } as const

export const cancelForBusiness = (pick: number): Command =>
  manage(
    'the business cancels',
    pick,
    isLive,
    (model, booking) => time.cancel(model, booking, 'business'),
    async (house, { id }) => (await cancelByBusiness(house.needs, by, id, 'The coach is ill.')).status,
  )

export const noShow = (pick: number): Command =>
  manage(
    'nobody came',
    pick,
    (model, { status, start }) => (status === 'confirmed' || status === 'completed') && start <= model.now,
    time.noShow,
    async (house, { id }) => (await markNoShow(house.needs, by, id)).status,
  )

export const giveBack = (pick: number, part: number | undefined): Command =>
  manage(
    `the business gives back ${part ?? 'all'}`,
    pick,
    (_model, { attempts }) => attempts.some(({ disposition }) => disposition?.startsWith('applied')),
    (model, booking) => time.giveBack(model, booking, part),
    async (house, { id }) => {
      await refundBooking(house.needs, by, id, { reason: 'We were late.', ...(part !== undefined && { amountMinor: part }) }, randomUUID())
      return 'due'
    },
  )

export const sweepLapsed = (): Command =>
  command(
    'holds that ran out are swept',
    (model) => model.bookings.some((booking) => isLapsed(model, booking)),
    async (model, house) => {
      sweepHolds(model)
      return `${await house.sweep('expire-holds')} freed`
    },
  )

export const sweepFinished = (): Command =>
  command(
    'visits that are over are completed',
    (model) => model.bookings.some(({ status, start }) => status === 'confirmed' && start <= model.now),
    async (model, house) => {
      time.complete(model)
      return `${await house.sweep('complete-bookings')} completed`
    },
  )

const pick = fc.nat(1_000)
const at = fc.constantFrom(...starts)
export const bookingCommands = {
  hold: fc.tuple(fc.constantFrom(...customers), fc.constantFrom(...(Object.keys(services) as Service[])), at).map((how) => hold(...how)),
  holdAgain: fc.tuple(pick, at).map((how) => holdAgain(...how)),
  cancelBooking: pick.map(cancelBooking),
  moveBooking: fc.tuple(pick, at).map((how) => moveBooking(...how)),
  cancelForBusiness: pick.map(cancelForBusiness),
  noShow: pick.map(noShow),
  giveBack: fc.tuple(pick, fc.constantFrom(undefined, 2_000, 5_000)).map((how) => giveBack(...how)),
  sweepLapsed: fc.constant(null).map(sweepLapsed),
  sweepFinished: fc.constant(null).map(sweepFinished),
}
