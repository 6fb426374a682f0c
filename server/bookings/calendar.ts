import ical, { ICalEventStatus } from 'ical-generator'
import type { Locale } from '#foundation'
import type { BookingView } from './view.ts'

/** A booking for a calendar of the customer's own (RFC 5545); the same id at every version, so that a move moves the entry. */
export function toCalendar(booking: BookingView, locale: Locale, publicUrl: string): string {
  const calendar = ical({ prodId: { company: 'Thabit', product: 'Thabit' } })
  calendar.createEvent({
    id: booking.id,
    sequence: booking.version,
    start: new Date(booking.startsAt),
    end: new Date(booking.endsAt),
    summary: `${booking.serviceName[locale]} – ${booking.businessName[locale]}`,
    location: booking.branchAddress[locale] || booking.branchName[locale],
    description: booking.reference,
    url: `${publicUrl}/bookings/${booking.id}`,
    status: booking.status === 'cancelled' || booking.status === 'expired' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  })
  return calendar.toString()
}
