import { Type } from 'typebox'
import { Body, FreeText, Id, Instant, Money, orNull, ref } from '#http'

const Amount = Type.Object({ amountMinor: Type.Integer(), currency: Type.String() })
const Named = {
  bookingId: orNull(Id),
  bookingReference: orNull(Type.String()),
}
const Age = Type.Integer({ description: 'Seconds, by the database’s clock.' })
const Why = FreeText(500, 'Why, for whoever asks later.')

export const OpenPayment = Type.Object(
  {
    id: Id,
    ...Named,
    state: Type.String(),
    amount: ref(Money),
    gatewayRef: orNull(Type.String()),
    failureReason: orNull(Type.String()),
    createdAt: Instant,
    since: Type.String({ description: 'Since when it has stood there.' }),
    ageSeconds: Age,
    nextCheckAt: orNull(Instant),
    checks: Type.Integer({ description: 'How often the gateway was asked.' }),
    asked: Type.Array(
      Type.Object({
        askedAt: Instant,
        via: Type.String({ description: 'Who asked: start, webhook, return, sweep, operator.' }),
        answer: Type.String({ description: 'The page’s state at the gateway, or no_page, refused, no_answer.' }),
        errorType: orNull(Type.String()),
      }),
      { description: 'What the gateway was asked and answered: the latest twenty, newest first.' },
    ),
  },
  { $id: 'OpenPayment', description: 'An attempt to be paid whose end is not known.' },
)

export const OpenRefund = Type.Object(
  {
    id: Id,
    paymentId: orNull(Id),
    gatewayChargeId: Type.String(),
    ...Named,
    state: Type.String({ description: 'due, sent, unknown, failed.' }),
    amount: Amount,
    reason: Type.String(),
    failureReason: orNull(Type.String()),
    attempts: Type.Integer(),
    createdAt: Instant,
    ageSeconds: Age,
    nextTryAt: orNull(Instant),
  },
  { $id: 'OpenRefund', description: 'Money that is owed back and has not arrived.' },
)

export const Difference = Type.Object(
  {
    id: Id,
    kind: Type.String({
      description:
        'paid_unknown_to_us, paid_here_not_there, amount_differs, refund_differs, second_page_paid, refund_failed, integrity_failure, chargeback.',
    }),
    paymentId: orNull(Id),
    gatewayChargeId: orNull(Type.String()),
    ...Named,
    ours: orNull(Amount),
    theirs: orNull(Amount),
    details: Type.Object({}, { additionalProperties: true }),
    acts: Type.Array(Type.String(), { description: 'What may be done about it: adopt, refund, write_off.' }),
    openedAt: Instant,
    ageSeconds: Age,
    resolvedAt: orNull(Instant),
    resolution: orNull(Type.String({ description: 'repaired, adopted, refunded, written_off.' })),
    reason: orNull(Type.String()),
  },
  { $id: 'Difference', description: 'Where the gateway’s word and ours differ.' },
)

export const Reconciliation = Type.Object(
  {
    id: Id,
    startedAt: Instant,
    finishedAt: orNull(Instant),
    fromAt: Instant,
    toAt: Instant,
    complete: Type.Boolean({ description: 'Whether everything in the window was compared.' }),
    seen: Type.Integer(),
    repaired: Type.Integer(),
    opened: Type.Integer(),
    error: orNull(Type.String()),
  },
  { $id: 'Reconciliation', description: 'One comparison of the gateway’s list with ours.' },
)

export const OpenMoney = Type.Object({
  payments: Type.Array(ref(OpenPayment), { description: 'Those a person must look at first, then the oldest; at most fifty.' }),
  refunds: Type.Array(ref(OpenRefund), { description: 'Those the gateway refused first, then the oldest; at most fifty.' }),
  differences: Type.Array(ref(Difference), { description: 'Oldest first; at most fifty.' }),
  counts: Type.Array(Type.Object({ state: Type.String(), count: Type.Integer(), oldestAgeSeconds: Type.Integer() })),
  lastReconciliation: orNull(ref(Reconciliation)),
})

export const RefundWish = Body({
  amountMinor: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Without it: all that is left.' })),
  reason: Why,
})
export const Reason = Body({ reason: Why })
export const Adoption = Body({
  reason: Why,
  bookingReference: Type.Optional(
    Type.String({ minLength: 1, maxLength: 40, description: 'The booking it was paid for, when the money does not say so itself.' }),
  ),
})
