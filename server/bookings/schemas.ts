import { Type, type Static } from 'typebox'
import { PaymentTermsOnTheWire } from '#catalog'
import { Body, Cursor, FreeText, Id, Instant, Limit, Money, orNull, Page, Query, ref, TextPair } from '#http'
import { type Viewer, viewers } from './access.ts'
import { type BookingStatus, bookingStatuses } from './booking-states.ts'
import type { Awaits } from './queries.ts'

export const NewBooking = Body({
  businessSlug: Type.String({ minLength: 1, maxLength: 60, pattern: '^[a-z0-9-]+$' }),
  serviceId: Id,
  startsAt: Instant,
  resourceId: Type.Optional(Id),
  branchId: Type.Optional(Id),
  attendeeName: Type.Optional(FreeText(120)),
  note: Type.Optional(FreeText(500)),
})
export const NewTime = Body({ startsAt: Instant, resourceId: Type.Optional(Id) })
export const Cancellation = Body({ reason: Type.Optional(FreeText(500)) })
export const BookingId = Type.Object({ id: Id })
export const ListQuery = Query({ cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) })

export const ToldOnTheWire = Type.Object({
  kind: Type.String(),
  channel: Type.String(),
  status: Type.String(),
  reason: orNull(Type.String()),
  delivery: orNull(
    Type.String({ description: 'What the vendor reports at most: accepted, sent, undelivered, delivered, read. Evidence, and no proof.' }),
  ),
  createdAt: Instant,
})
export const Booking = Type.Object(
  {
    id: Id,
    reference: Type.String(),
    status: Type.Unsafe<BookingStatus>({ type: 'string', enum: bookingStatuses }),
    version: Type.Integer(),
    startsAt: Instant,
    endsAt: Instant,
    zone: Type.String({ description: 'IANA zone of the branch: times are shown in it.' }),
    expiresAt: orNull(Instant),
    awaits: orNull(
      Type.Unsafe<Awaits>({
        type: 'string',
        enum: ['payment', 'approval'],
        description: 'What a held booking waits for: its payment, or the business’s yes.',
      }),
    ),
    createdAt: Instant,
    businessSlug: Type.String(),
    businessName: ref(TextPair),
    branchName: ref(TextPair),
    branchAddress: ref(TextPair),
    serviceId: Id,
    serviceName: ref(TextPair),
    resources: Type.Array(Type.Object({ id: Id, kind: Type.String(), name: ref(TextPair) })),
    attendeeName: orNull(Type.String()),
    note: orNull(Type.String()),
    price: ref(Money),
    amountDue: ref(Money),
    dueAtPlace: ref(Money),
    paymentTerms: PaymentTermsOnTheWire,
    rescheduleTerms: Type.Object({
      left: orNull(Type.Integer({ description: 'How often it may still be moved; null: as often as wanted.' })),
      hoursBefore: Type.Integer(),
    }),
    payment: orNull(
      Type.Object({
        id: Id,
        status: Type.String(),
        disposition: orNull(Type.String()),
        redirectUrl: orNull(Type.String()),
        refunded: orNull(ref(Money)),
      }),
    ),
    notifications: Type.Array(ToldOnTheWire, { description: 'What the customer was told, oldest first.' }),
    viewer: Type.Unsafe<Viewer>({ type: 'string', enum: viewers, description: 'Whose eyes this is shown to.' }),
    customer: orNull(
      Type.Object(
        { name: orNull(Type.String()), phone: Type.String() },
        {
          description: 'Whose it is, for those who work for the business, and masked for the operator; null in lists and for the customer.',
        },
      ),
    ),
    allowed: Type.Object({
      pay: Type.Boolean(),
      cancel: Type.Boolean(),
      reschedule: Type.Boolean(),
      approve: Type.Boolean(),
      inviteAgain: Type.Boolean({ description: 'The visit is over, its customer agreed to be invited, and was not yet.' }),
    }),
  },
  { $id: 'Booking' },
)
export type BookingOnTheWire = Static<typeof Booking>
export const Bookings = Page(ref(Booking))

export const StartedPayment = Type.Object({
  id: Id,
  status: Type.String(),
  amount: ref(Money),
  redirectUrl: orNull(Type.String()),
  expiresAt: Instant,
})
export const CancelPreview = Type.Object({ refund: ref(Money), refundPercent: Type.Integer(), reason: ref(TextPair) })
export const Calendar = { description: 'An iCalendar file with this one event.', content: { 'text/calendar': { schema: Type.String() } } }
