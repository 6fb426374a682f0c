import { Type } from 'typebox'
import { Id, Money, orNull, ref } from '#http'

export const PaymentId = Type.Object({ id: Id })
export const Payment = Type.Object(
  {
    id: Id,
    bookingId: orNull(Id),
    status: Type.String({
      description:
        'intent, redirected, unknown, paid, failed, expired, integrity_failure; once paid also refund_due, refunded, refund_failed.',
    }),
    disposition: orNull(Type.String({ description: 'What became of money that was taken: applied, applied_late, refund_due.' })),
    redirectUrl: orNull(Type.String()),
    amount: ref(Money),
  },
  { $id: 'Payment' },
)

export const WebhookEndpoint = Type.Object({ endpointId: Type.String({ minLength: 1, maxLength: 200 }) })
/** A vendor's body, not ours: it grows without asking, so nothing in it is refused here. */
export const WebhookBody = Type.Object(
  {},
  { additionalProperties: true, description: 'The event as Moyasar sends it; its secret_token must be ours.' },
)
/** Nor is anything a vendor adds to the address it was given. */
export const WebhookQuery = Type.Object({}, { additionalProperties: true })
export const WebhookKept = Type.Object({ received: Type.Boolean() })
