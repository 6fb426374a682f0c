/*
 * The house as it is promised, said as simply as possible: things in memory, one clock, no database and no network.
 * Where the product and this page disagree, one of the two is wrong.
 */
import type { BookingStatus } from '../../../server/bookings/booking-states.ts'
import type { PaymentState } from '../../../server/payments/payment-states.ts'
import type { RefundState } from '../../../server/payments/refund-states.ts'
import type { Page } from './gateway-model.ts'
import type { Plans } from './vendor-faults.ts'

export const second = 1_000
export const minute = 60_000
export const hour = 3_600_000

/** What the business sells: a court, a coach, or both at once; an hour long, beginning at every half hour. `due` is paid when the time is taken. */
export const services = {
  court: { price: 10_000, due: 10_000, takes: ['court'] },
  lesson: { price: 20_000, due: 8_000, takes: ['court', 'coach'] },
  taster: { price: 0, due: 0, takes: ['coach'] },
} as const satisfies Record<string, { price: number; due: number; takes: readonly Resource[] }>
export type Resource = 'court' | 'coach'
export type Service = keyof typeof services
const duration = hour

/** The starts everybody wants, since the run began: two that overlap at each distance at which another refund is promised. */
export const starts = [2 * hour, 2.5 * hour, 9 * hour, 9.5 * hour, 30 * hour, 30.5 * hour]
/** Back when cancelled at least so long before the start. */
export const refundTiers = [
  { before: 24 * hour, percent: 100 },
  { before: 4 * hour, percent: 50 },
]
export const customers = ['Noura', 'Fahd', 'Salma'] as const
export type Customer = (typeof customers)[number]

export const promised = {
  hold: 15 * minute,
  /** How soon before its start a time is no longer offered. */
  notice: 30 * minute,
  holdsOfOneCustomer: 3,
  /** A hold that ran out is kept this long for a gateway that cannot be asked. */
  grace: 3 * minute,
  /** So long after a visit it can still be said that nobody came. */
  noShow: 24 * hour,
}

export interface Model {
  /** Since the run began. */
  now: number
  bookings: Booking[]
  /** Webhooks that were taken in about pages we do not know yet. */
  parked: Hint[]
  plans: Plans
  /** How many cards were tried. */
  cards: number
  /** Whether one refused card ends the gateway's page for our eyes: nobody knows, so both are played. */
  refusedCardFailsPage: boolean
}

export interface Booking {
  /** The product's id, once it told us. */
  id: string
  customer: Customer
  key: string
  service: Service
  start: number
  status: BookingStatus
  version: number
  expiresAt: number
  attempts: Attempt[]
  messages: Message[]
}

/** One attempt to pay a booking. */
export interface Attempt {
  id: string
  booking: Booking
  key: string
  /** When it was begun. */
  begun: number
  state: PaymentState
  /** Since when it is in this state. */
  since: number
  /** What became of the money, once there is some. */
  disposition: 'applied' | 'applied_late' | 'refund_due' | null
  /** What stands at the gateway, whether or not we were told. */
  page: Page | null
  /** Whether we know which page it is. */
  pageIsKnown: boolean
  /** The charge that pays it. */
  chargeId: string | null
  refunds: Refund[]
  /** What a person was called for, by the product's id, and the charge it names. */
  item: { id: string; chargeId: string | null } | null
  /** Charges a person decided about: the same answer calls nobody again. */
  decided: string[]
  /** When the product means to ask again, as it wrote down: when is the schedule's affair, what follows is ours. */
  askAt: number | null
}

export interface Hint {
  eventId: string
  about: Attempt
  since: number
  tryAt: number
}

export interface Refund {
  id: string
  chargeId: string
  amount: number
  reason: string
  state: RefundState
  /** How it was last sent, or is to go from now on; at its end, how the money went. */
  way: 'void' | 'refund' | null
  /** How often it was sent. */
  tries: number
  since: number
  /** A person decided that it counts no more. */
  setAside: boolean
  /** What a person was called for when it failed. */
  itemId: string | null
  /** What the gateway must show as returned in all once this one arrived. */
  proof: number | null
  tryAt: number | null
}

export interface Message {
  id: string
  kind: 'booking-confirmed' | 'payment-applied-late' | 'booking-rescheduled' | 'booking-cancelled' | 'refund-made'
  /** Of the booking, when it was written. */
  version: number
  state: 'PENDING' | 'SENT' | 'FAILED' | 'SKIPPED'
  tries: number
  tryAt: number
  /** After that it would only confuse. */
  notAfter: number
  /** What it tells of, when it tells that money came back. */
  refund: Refund | null
}

export function emptyModel(refusedCardFailsPage: boolean): Model {
  return { now: 0, bookings: [], parked: [], plans: { gateway: new Map(), sms: null }, cards: 0, refusedCardFailsPage }
}

export const ownsTime = ({ status }: Booking): boolean => status !== 'cancelled' && status !== 'expired'
export const endOf = ({ start }: Booking): number => start + duration
export const isLapsed = (model: Model, { status, expiresAt }: Booking): boolean => status === 'held' && expiresAt <= model.now
export const isOpen = ({ state }: Attempt): boolean => state === 'intent' || state === 'redirected' || state === 'unknown'
export const dueOf = ({ service }: Booking): number => services[service].due
export const attemptsOf = (model: Model): Attempt[] => model.bookings.flatMap(({ attempts }) => attempts)
export const refundsOf = (model: Model): Refund[] => attemptsOf(model).flatMap(({ refunds }) => refunds)
export const isOwed = ({ setAside }: Refund): boolean => !setAside
/** What of a charge went back, is to, or was given up: no new refund may take it. */
export const owedOf = ({ refunds }: Attempt, charge: string): number => sum(refunds.filter(({ chargeId }) => chargeId === charge))
const sum = (refunds: Refund[]) => refunds.reduce((total, { amount }) => total + amount, 0)
export const messagesOf = (model: Model): Message[] => model.bookings.flatMap(({ messages }) => messages)

/** Who owns time of these resources around this start. */
export function ownersOf(model: Model, takes: readonly Resource[], start: number): Booking[] {
  return model.bookings.filter(
    (other) =>
      ownsTime(other) &&
      Math.abs(other.start - start) < duration &&
      services[other.service].takes.some((resource) => takes.includes(resource)),
  )
}

export function tell(model: Model, booking: Booking, kind: Exclude<Message['kind'], 'refund-made'>): void {
  write(model, booking, { kind, notAfter: endOf(booking), refund: null })
}

/** That money came back is worth telling for a week. */
export function tellOfRefund(model: Model, booking: Booking, refund: Refund): void {
  write(model, booking, { kind: 'refund-made', notAfter: model.now + 7 * 24 * 60 * minute, refund })
}

function write(model: Model, booking: Booking, what: Pick<Message, 'kind' | 'notAfter' | 'refund'>): void {
  booking.messages.push({ id: '', version: booking.version, state: 'PENDING', tries: 0, tryAt: model.now, ...what })
}

/** Every step counts. */
export function step(booking: Booking, to: BookingStatus): void {
  booking.status = to
  booking.version += 1
}

/** Its time is free for others; money that comes later may take it again. */
export function expire(booking: Booking): void {
  step(booking, 'expired')
}
