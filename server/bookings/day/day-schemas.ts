import { type Static, Type } from 'typebox'
import { Id, Instant, LocalDate, orNull, Query, ref, TextPair } from '#http'
import { type BookingStatus, bookingStatuses } from '../booking-states.ts'

export const DayQuery = Query({ day: Type.Optional(LocalDate) })

const BookingOfDay = Type.Object({
  bookingId: Id,
  reference: Type.String(),
  status: Type.Unsafe<BookingStatus>({ type: 'string', enum: bookingStatuses }),
  awaitsApproval: Type.Boolean({ description: 'It waits for the business’s yes, until `expiresAt`.' }),
  expiresAt: orNull(Instant),
  startsAt: Instant,
  endsAt: Instant,
  zone: Type.String(),
  customerName: orNull(Type.String()),
  serviceName: ref(TextPair),
  resources: Type.Array(ref(TextPair), { description: 'Who and what it takes.' }),
  told: orNull(Type.Boolean({ description: 'Of a confirmed booking: whether a message told its customer of this time.' })),
})

export const BusinessDay = Type.Object(
  {
    day: LocalDate,
    today: LocalDate,
    items: Type.Array(BookingOfDay, { description: 'Earliest first; holds that ran out are left out.' }),
    waiting: Type.Array(BookingOfDay, { description: 'Of any day: what waits for the business’s yes, the most urgent first.' }),
  },
  { $id: 'BusinessDay', description: 'The bookings of a business on one day, and what waits for its yes.' },
)
export type BusinessDayOnTheWire = Static<typeof BusinessDay>
