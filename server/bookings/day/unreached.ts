import { maskPhoneNumber } from '#foundation'
import type { Caller } from '#http'
import type { BookingNeeds } from '../needs.ts'
import { confirmedOn, tomorrowOf } from './unreached-queries.ts'
import type { UnreachedOnTheWire } from './unreached-schemas.ts'
import { workplaceOf } from './workplace.ts'

/**
 * The customers of one day whom no message told of their time, for the business to call. Only those who work there see a
 * whole number; the operator sees that there are such customers. Throws not_found, forbidden.
 */
export async function unreached(
  needs: BookingNeeds,
  caller: Caller,
  slug: string,
  wishedDay: string | undefined,
): Promise<UnreachedOnTheWire> {
  const { database, catalog, notifications, accounts } = needs
  const { businessId, works } = await workplaceOf(needs, caller, slug)
  const day = wishedDay ?? (await tomorrowOf(database, businessId))
  const booked = await confirmedOn(database, businessId, day)
  const reached = await notifications.reached(
    database,
    booked.map(({ id, version }) => ({ aboutId: id, version })),
  )
  const missed = booked.filter(({ id }) => !reached.has(id))
  const [services, told] = await Promise.all([
    catalog.describeServices(database, [...new Set(missed.map(({ serviceId }) => serviceId))]),
    notifications.listFor(
      database,
      missed.map(({ id }) => id),
    ),
  ])
  const items: UnreachedOnTheWire['items'] = []
  for (const booking of missed) {
    // One after another: a long list must not take the connections of those who book.
    const contact = await accounts.contactOf(database, booking.accountId)
    const service = services.get(booking.serviceId)
    if (!contact || !service) continue
    items.push({
      bookingId: booking.id,
      reference: booking.reference,
      startsAt: booking.startsAt.toString(),
      endsAt: booking.endsAt.toString(),
      zone: booking.zone,
      customerName: booking.attendeeName ?? contact.name,
      phone: works ? contact.phone : maskPhoneNumber(contact.phone),
      serviceName: service.serviceName,
      branchName: service.branchName,
      notifications: (told.get(booking.id) ?? []).map(({ createdAt, ...message }) => ({ ...message, createdAt: createdAt.toString() })),
    })
  }
  return { day, bookings: booked.length, items }
}
