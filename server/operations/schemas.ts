import { Type } from 'typebox'
import { Cursor, Id, Instant, Limit, Money, orNull, Page, Query, ref } from '#http'

const oneOf = <const T extends readonly string[]>(choices: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...choices], description })

export const ById = Type.Object({ id: Id })

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
