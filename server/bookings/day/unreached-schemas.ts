import { type Static, Type } from 'typebox'
import { Id, Instant, LocalDate, orNull, Query, ref, TextPair } from '#http'
import { ToldOnTheWire } from '../schemas.ts'

export const BusinessSlug = Type.Object({ slug: Type.String({ minLength: 1, maxLength: 60 }) })
export const UnreachedQuery = Query({ day: Type.Optional(LocalDate) })

export const Unreached = Type.Object(
  {
    day: LocalDate,
    bookings: Type.Integer({ description: 'How many confirmed bookings that day has.' }),
    items: Type.Array(
      Type.Object({
        bookingId: Id,
        reference: Type.String(),
        startsAt: Instant,
        endsAt: Instant,
        zone: Type.String(),
        customerName: orNull(Type.String()),
        phone: Type.String({ description: 'To call; masked for all but those who work for the business.' }),
        serviceName: ref(TextPair),
        branchName: ref(TextPair),
        notifications: Type.Array(ToldOnTheWire, { description: 'What was tried, oldest first.' }),
      }),
      { description: 'Earliest first.' },
    ),
  },
  { $id: 'Unreached', description: 'The customers of one day whom no message told of their time.' },
)
export type UnreachedOnTheWire = Static<typeof Unreached>
