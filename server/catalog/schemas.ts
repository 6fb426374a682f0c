import { Type } from 'typebox'
import { Cursor, Id, Limit, Money, orNull, Page, Query, ref, TextPair } from '#http'
import { type PaymentKind, paymentKinds } from './payment-terms.ts'

export const Slug = Type.Object({ slug: Type.String({ minLength: 1, maxLength: 60 }) })
export const SearchQuery = Query({
  query: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a name, in Arabic or English; near misses are found too.' })),
  cursor: Type.Optional(Cursor),
  limit: Type.Optional(Limit),
})
export const ServicesQuery = Query({
  locale: Type.Optional(
    Type.Union([Type.Literal('ar'), Type.Literal('en')], { description: 'Whose alphabet orders services of one rank.' }),
  ),
})

export const Business = Type.Object(
  {
    id: Id,
    slug: Type.String(),
    name: ref(TextPair),
    description: ref(TextPair),
    currency: Type.String(),
    zone: Type.String({ description: 'IANA zone of the first branch.' }),
    branches: Type.Array(Type.Object({ id: Id, name: ref(TextPair), zone: Type.String(), address: ref(TextPair) })),
    policy: Type.Object({
      cancellation: Type.Array(Type.Object({ hoursBefore: Type.Integer(), refundPercent: Type.Integer() }), {
        description: 'What is given back by notice, longest notice first.',
      }),
      reschedule: Type.Object({
        free: orNull(Type.Integer({ description: 'How often a booking may be moved; null: as often as wanted.' })),
        hoursBefore: Type.Integer({ description: 'Until how many hours before its start.' }),
      }),
    }),
  },
  { $id: 'Business' },
)
export const Businesses = Page(ref(Business))
export const MyBusinesses = Type.Object({
  items: Type.Array(
    Type.Object({ id: Id, slug: Type.String(), name: ref(TextPair), owner: Type.Boolean({ description: 'Otherwise I work there.' }) }),
  ),
})

export const PaymentTermsOnTheWire = Type.Object(
  {
    kind: Type.Unsafe<PaymentKind>({ type: 'string', enum: paymentKinds }),
    dueNow: ref(Money),
    dueAtPlace: ref(Money),
  },
  { description: 'What is paid when the time is taken and what at the place: together the whole price.' },
)

export const Service = Type.Object(
  {
    id: Id,
    name: ref(TextPair),
    description: ref(TextPair),
    durationMinutes: Type.Integer(),
    price: ref(Money),
    requiresPayment: Type.Boolean({ description: 'Whether something is paid when the time is taken.' }),
    paymentTerms: PaymentTermsOnTheWire,
    approvalHours: orNull(
      Type.Integer({ description: 'The business says yes or no to each booking within so many hours; null: it stands at once.' }),
    ),
    branchId: Id,
    resources: Type.Array(Type.Object({ id: Id, kind: Type.String(), name: ref(TextPair) }), {
      description: 'Whom or what the customer may choose; empty when there is no choice.',
    }),
  },
  { $id: 'Service' },
)
export const Services = Type.Object({ items: Type.Array(ref(Service)), nextCursor: orNull(Type.String()) })
