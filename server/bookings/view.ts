import { money } from '#foundation'
import type { BookingNeeds } from './needs.ts'
import { mayCancel } from './cancel.ts'
import { mayReschedule } from './reschedule.ts'
import type { BookingRow } from './queries.ts'
import type { BookingOnTheWire } from './schemas.ts'

export type BookingView = BookingOnTheWire

/** Bookings as their customer sees them, names, money and messages included: five reads, however many there are. */
export async function viewBookings(needs: BookingNeeds, bookings: BookingRow[]): Promise<BookingView[]> {
  if (bookings.length === 0) return []
  const { database } = needs
  const [services, claims, payments, notifications] = await Promise.all([
    needs.catalog.describeServices(database, [...new Set(bookings.map(({ serviceId }) => serviceId))]),
    needs.availability.claimsOf(database, bookings.map(({ businessId, id }) => ({ businessId, holderId: id }))),
    needs.payments.latestOf(database, bookings.map(({ orderId }) => orderId)),
    needs.notifications.listFor(database, bookings.map(({ id }) => id)),
  ])
  const resources = await needs.catalog.describeResources(database, [...new Set([...claims.values()].flatMap(({ resourceIds }) => resourceIds))])

  return bookings.map((booking) => {
    const names = services.get(booking.serviceId)
    if (!names) throw new Error(`The service of booking ${booking.id} is gone.`)
    const payment = payments.get(booking.orderId)
    const live = booking.status === 'held' && !booking.lapsed
    return {
      id: booking.id,
      reference: booking.reference,
      // A hold past its time is over for everyone, whether or not a sweep has come by.
      status: booking.lapsed ? 'expired' : booking.status,
      version: booking.version,
      startsAt: booking.startsAt.toString(),
      endsAt: booking.endsAt.toString(),
      zone: booking.zone,
      expiresAt: live && booking.expiresAt ? booking.expiresAt.toString() : null,
      createdAt: booking.createdAt.toString(),
      businessSlug: names.businessSlug,
      businessName: names.businessName,
      branchName: names.branchName,
      branchAddress: names.branchAddress,
      serviceId: booking.serviceId,
      serviceName: names.serviceName,
      resources: (claims.get(booking.id)?.resourceIds ?? []).flatMap((id) => resources.get(id) ?? []),
      attendeeName: booking.attendeeName,
      note: booking.note,
      price: money(booking.amountMinor, booking.currency),
      amountDue: money(live ? booking.amountMinor : 0, booking.currency),
      payment: payment ? { id: payment.id, status: payment.status, disposition: payment.disposition, redirectUrl: live ? payment.redirectUrl : null, refunded: payment.refunded } : null,
      notifications: (notifications.get(booking.id) ?? []).map(({ createdAt, ...told }) => ({ ...told, createdAt: createdAt.toString() })),
      allowed: { pay: live && booking.amountMinor > 0, cancel: (live || booking.status === 'confirmed') && mayCancel(booking), reschedule: mayReschedule(booking) },
    }
  })
}

export async function viewBooking(needs: BookingNeeds, booking: BookingRow): Promise<BookingView> {
  const [view] = await viewBookings(needs, [booking])
  if (!view) throw new Error('One booking has one view.')
  return view
}
