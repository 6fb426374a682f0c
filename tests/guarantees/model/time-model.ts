/* Time: who gets it, who gives it back. */
import {
  type Attempt,
  type Booking,
  type Customer,
  dueOf,
  endOf,
  expire,
  isLapsed,
  type Model,
  owedOf,
  ownersOf,
  promised,
  refundTiers,
  type Service,
  services,
  step,
  tell,
} from './model.ts'
import { addRefund } from './money-model.ts'

export interface Wish {
  customer: Customer
  key: string
  service: Service
  start: number
}

const isOffered = (model: Model, start: number) => start >= model.now + promised.notice

/** Takes a time: the booking that stands for it now, or why there is none. */
export function hold(model: Model, { customer, key, service, start }: Wish): Booking | string {
  const mine = model.bookings.filter((booking) => booking.customer === customer)
  const sameKey = mine.find((booking) => booking.key === key)
  if (sameKey) return sameKey
  if (!isOffered(model, start)) return 'slot_not_offered'
  const live = mine.filter((booking) => booking.status === 'held' && !isLapsed(model, booking))
  const sameWish = live.find((booking) => booking.service === service && booking.start === start)
  if (sameWish) return sameWish
  const { due, takes } = services[service]
  if (due > 0 && live.length >= promised.holdsOfOneCustomer) return 'too_many_holds'
  if (!makeRoom(model, takes, start)) return 'slot_taken'

  const booking: Booking = {
    id: '',
    customer,
    key,
    service,
    start,
    status: due > 0 ? 'held' : 'confirmed',
    version: 1,
    expiresAt: model.now + promised.hold,
    attempts: [],
    messages: [],
  }
  model.bookings.push(booking)
  if (due === 0) tell(model, booking, 'booking-confirmed')
  return booking
}

/** Whether the time can be had: of others, only holds that ran out make room. */
function makeRoom(model: Model, takes: Parameters<typeof ownersOf>[1], start: number, forMove?: Booking): boolean {
  const others = ownersOf(model, takes, start).filter((other) => other !== forMove)
  if (!others.every((other) => isLapsed(model, other))) return false
  others.forEach(expire)
  return true
}

/** Whoever cancels: the customer gets back what the policy says, from the business all that is left. */
export function cancel(model: Model, booking: Booking, by: 'customer' | 'business'): string {
  if (booking.status === 'cancelled') return 'cancelled'
  const wasConfirmed = booking.status === 'confirmed'
  if (booking.status !== 'held' && !(wasConfirmed && booking.start > model.now)) return 'booking_not_cancellable'
  step(booking, 'cancelled')
  if (!wasConfirmed) return 'cancelled'
  const { paid, returnable } = moneyOf(booking)
  const wanted = by === 'business' ? returnable : (dueOf(booking) * percentBack(model, booking)) / 100
  const back = Math.min(wanted, returnable)
  if (paid && back > 0) addRefund(model, paid, paid.chargeId ?? '', back, `cancelled_by_${by}`)
  tell(model, booking, 'booking-cancelled')
  return 'cancelled'
}

/** The attempt that paid, and what of it neither went back nor is to. */
function moneyOf({ attempts }: Booking): { paid: Attempt | undefined; returnable: number } {
  const paid = attempts.find(({ disposition }) => disposition === 'applied' || disposition === 'applied_late')
  return { paid, returnable: paid ? dueOf(paid.booking) - owedOf(paid, paid.chargeId ?? '') : 0 }
}

/** The business gives back what was paid, all or a part, whatever became of the booking. */
export function giveBack(model: Model, booking: Booking, part: number | undefined): string {
  const { paid, returnable } = moneyOf(booking)
  if (!paid || returnable === 0) return 'booking_not_refundable'
  const amount = part ?? returnable
  if (amount > returnable) return 'refund_too_large'
  addRefund(model, paid, paid.chargeId ?? '', amount, 'by_business')
  return 'due'
}

/** The business notes that nobody came. */
export function noShow(model: Model, booking: Booking): string {
  const mayBe = booking.status === 'confirmed' || booking.status === 'completed'
  if (booking.status === 'no_show') return 'no_show'
  if (!mayBe || booking.start > model.now || model.now > endOf(booking) + promised.noShow) return 'no_show_not_possible'
  step(booking, 'no_show')
  return 'no_show'
}

function percentBack(model: Model, { start }: Booking): number {
  return refundTiers.find(({ before }) => start - model.now >= before)?.percent ?? 0
}

export function reschedule(model: Model, booking: Booking, start: number): string {
  if (booking.status === 'confirmed' && booking.start === start) return 'confirmed'
  if (booking.status !== 'confirmed' || booking.start <= model.now) return 'booking_not_reschedulable'
  if (!isOffered(model, start)) return 'slot_not_offered'
  if (!makeRoom(model, services[booking.service].takes, start, booking)) return 'slot_taken'
  booking.start = start
  step(booking, 'confirmed')
  tell(model, booking, 'booking-rescheduled')
  return 'confirmed'
}

/** Visits that are over. */
export function complete(model: Model): void {
  for (const booking of model.bookings) if (booking.status === 'confirmed' && endOf(booking) <= model.now) step(booking, 'completed')
}
