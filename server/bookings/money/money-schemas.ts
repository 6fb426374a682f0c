import { Type, type Static } from 'typebox'
import { PaymentTermsOnTheWire } from '#catalog'
import { Body, FreeText, Id, Instant, Money, orNull, ref, TextPair } from '#http'
import { type LedgerKind, ledgerKinds, type RefundState, refundStates } from '#payments'
import { type Viewer, viewers } from '../access.ts'
import { type BookingStatus, bookingStatuses } from '../booking-states.ts'

export const NewRefund = Body({
  amountMinor: Type.Optional(
    Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'All that is left when it is not said.' }),
  ),
  reason: FreeText(500, 'In the words of whoever gives it back; the customer reads it.'),
})

const RefundFields = Type.Object({
  id: Id,
  amount: ref(Money),
  status: Type.Unsafe<RefundState>({ type: 'string', enum: refundStates }),
  reason: ref(TextPair),
  note: orNull(Type.String({ description: 'The reason in the words of whoever gave it back.' })),
  words: ref(TextPair),
  createdAt: Instant,
  updatedAt: Instant,
})
export const Refund = Type.Object(RefundFields.properties, { $id: 'Refund', description: 'Money on its way back, or there.' })
export type RefundOnTheWire = Static<typeof RefundFields>

export const BookingMoney = Type.Object(
  {
    bookingId: Id,
    reference: Type.String(),
    status: Type.Unsafe<BookingStatus>({ type: 'string', enum: bookingStatuses }),
    businessName: ref(TextPair),
    serviceName: ref(TextPair),
    startsAt: Instant,
    zone: Type.String(),
    price: ref(Money),
    paymentTerms: PaymentTermsOnTheWire,
    paid: ref(Money),
    refunded: ref(Money),
    refundDue: ref(Money),
    kept: ref(Money),
    dueAtPlace: ref(Money),
    returnable: ref(Money),
    attempts: Type.Array(Type.Object({ id: Id, status: Type.String(), amount: ref(Money), createdAt: Instant, words: ref(TextPair) })),
    refunds: Type.Array(ref(Refund)),
    ledger: Type.Array(
      Type.Object({
        id: Id,
        at: Instant,
        kind: Type.Unsafe<LedgerKind>({ type: 'string', enum: ledgerKinds }),
        words: ref(TextPair),
        amount: ref(Money),
        way: Type.Unsafe<'in' | 'out'>({
          type: 'string',
          enum: ['in', 'out'],
          description: 'Whether what stands for the booking grows or shrinks by it.',
        }),
      }),
      {
        description: 'The books, oldest first; the customer sees what she paid and got back, not what the gateway takes from the business.',
      },
    ),
    history: Type.Array(
      Type.Object({
        id: Id,
        at: Instant,
        action: Type.String(),
        who: ref(TextPair),
        what: ref(TextPair),
        amount: orNull(ref(Money)),
        note: orNull(Type.String()),
      }),
      { description: 'Who did what, oldest first.' },
    ),
    viewer: Type.Unsafe<Viewer>({ type: 'string', enum: viewers }),
    allowed: Type.Object({ refund: Type.Boolean(), noShow: Type.Boolean(), cancel: Type.Boolean() }),
  },
  { $id: 'BookingMoney', description: 'One booking’s money: paid = refunded + refundDue + kept.' },
)
export type BookingMoneyOnTheWire = Static<typeof BookingMoney>
