import { Type } from 'typebox'
import { Cursor, Id, Instant, Limit, LocalDate, Money, orNull, Page, Query, ref } from '#http'
import { channels, notificationStates } from '#notifications'

const oneOf = <const T extends readonly string[]>(choices: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...choices], description })
const Moment = (description: string) => Type.Optional(Type.Union([Instant, LocalDate], { description }))

export const ById = Type.Object({ id: Id })

export const NotificationsQuery = Query({
  status: Type.Optional(oneOf(notificationStates, 'Where the message stands.')),
  channel: Type.Optional(oneOf(channels, 'How it travels.')),
  provider: Type.Optional(
    Type.String({ pattern: '^[a-z][a-z0-9_-]*$', maxLength: 40, description: 'A vendor that was asked to carry it.' }),
  ),
  from: Moment('Written at or after this instant, or on or after this day in Riyadh.'),
  to: Moment('Written before this instant, or on or before this day in Riyadh.'),
  cursor: Type.Optional(Cursor),
  limit: Type.Optional(Limit),
})

export const Notification = Type.Object(
  {
    id: Id,
    kind: Type.String(),
    version: Type.Integer({ description: 'Of the booking when it was written.' }),
    channel: Type.String(),
    provider: orNull(Type.String()),
    recipient: Type.String({ description: 'Masked.' }),
    status: Type.String(),
    reason: orNull(Type.String()),
    attempts: Type.Array(
      Type.Object({
        startedAt: Instant,
        finishedAt: orNull(Instant),
        provider: Type.String(),
        result: orNull(Type.String()),
        errorType: orNull(Type.String()),
        detail: orNull(Type.String()),
      }),
      { description: 'Oldest first; the latest twenty.' },
    ),
    aboutId: Id,
    businessId: Id,
    createdAt: Instant,
    sentAt: orNull(Instant),
  },
  { $id: 'Notification', description: 'A message to someone about a booking, and what became of it.' },
)
export const Notifications = Page(ref(Notification))

const paymentStates = [
  'intent',
  'redirected',
  'unknown',
  'paid',
  'failed',
  'expired',
  'integrity_failure',
  'refund_due',
  'refunded',
  'refund_failed',
] as const

export const PaymentsQuery = Query({
  state: Type.Optional(oneOf(paymentStates, 'Where the money stands, refunds included.')),
  cursor: Type.Optional(Cursor),
  limit: Type.Optional(Limit),
})

export const OpsPayment = Type.Object(
  {
    id: Id,
    bookingId: Id,
    bookingReference: Type.String(),
    state: Type.String(),
    disposition: orNull(Type.String()),
    amount: ref(Money),
    gatewayRef: orNull(Type.String()),
    createdAt: Instant,
    nextCheckAt: orNull(Instant),
    checks: Type.Integer({ description: 'How often the gateway was asked.' }),
  },
  { $id: 'OpsPayment', description: 'An attempt to be paid, as the operator sees it.' },
)
export const OpsPayments = Page(ref(OpsPayment))
