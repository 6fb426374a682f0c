import { maskPhoneNumber, money } from '#foundation'
import { mayApprove } from './approve.ts'
import { asCustomer, mayManage, type Standing, viewerOf } from './access.ts'
import { amountDue, dueAtPlace, promisedTerms } from './money/due.ts'
import type { BookingNeeds } from './needs.ts'
import { mayCancel } from './cancel.ts'
import { asTheBusiness, rescheduleRefusal, reschedulesLeft } from './reschedule-terms.ts'
import type { BookingRow } from './queries.ts'
import type { BookingOnTheWire } from './schemas.ts'

export type BookingView = BookingOnTheWire

/** Bookings as their customer sees them, or whoever else may, names, money and messages included: five reads, however many there are. */
export async function viewBookings(needs: BookingNeeds, bookings: BookingRow[], standing: Standing = asCustomer): Promise<BookingView[]> {
  if (bookings.length === 0) return []
  const { database } = needs
  const [services, claims, payments, notifications] = await Promise.all([
    needs.catalog.describeServices(database, [...new Set(bookings.map(({ serviceId }) => serviceId))]),
    needs.availability.claimsOf(
      database,
      bookings.map(({ businessId, id }) => ({ businessId, holderId: id })),
    ),
    needs.payments.latestOf(
      database,
      bookings.map(({ orderId }) => orderId),
    ),
    needs.notifications.listFor(
      database,
      bookings.map(({ id }) => id),
    ),
  ])
  const resources = await needs.catalog.describeResources(database, [
    ...new Set([...claims.values()].flatMap(({ resourceIds }) => resourceIds)),
  ])

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
      awaits: live ? booking.awaits : null,
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
      amountDue: amountDue(booking),
      dueAtPlace: dueAtPlace(booking),
      paymentTerms: promisedTerms(booking),
      rescheduleTerms: { left: reschedulesLeft(booking), hoursBefore: booking.rescheduleHoursBefore },
      payment: payment
        ? {
            id: payment.id,
            status: payment.status,
            disposition: payment.disposition,
            redirectUrl: live && standing.customer ? payment.redirectUrl : null,
            refunded: payment.refunded,
          }
        : null,
      notifications: (notifications.get(booking.id) ?? []).map(({ createdAt, ...told }) => ({ ...told, createdAt: createdAt.toString() })),
      viewer: viewerOf(standing),
      allowed: {
        pay: standing.customer && live && booking.dueNowMinor > 0,
        cancel: (standing.customer || mayManage(standing)) && (live || booking.status === 'confirmed') && mayCancel(booking),
        reschedule: mayMove(standing, booking),
        approve: mayManage(standing) && mayApprove(booking),
        inviteAgain: false,
      },
      customer: null,
    }
  })
}

/** One booking; to those who look at another's, whose it is. */
export async function viewBooking(needs: BookingNeeds, booking: BookingRow, standing: Standing = asCustomer): Promise<BookingView> {
  const [view] = await viewBookings(needs, [booking], standing)
  if (!view) throw new Error('One booking has one view.')
  if (standing.customer) return view
  const contact = await needs.accounts.contactOf(needs.database, booking.accountId)
  if (!contact) return view
  const works = standing.staff || standing.owner
  const invited = view.notifications.some(({ kind }) => kind === 'visit-again')
  return {
    ...view,
    customer: { name: booking.attendeeName ?? contact.name, phone: works ? contact.phone : maskPhoneNumber(contact.phone) },
    allowed: { ...view.allowed, inviteAgain: view.status === 'completed' && contact.marketingConsent && !invited },
  }
}

/** A customer by what was promised; whoever acts for the business until it begins. */
function mayMove(standing: Standing, booking: BookingRow): boolean {
  if (standing.customer) return rescheduleRefusal(booking) === null
  return mayManage(standing) && rescheduleRefusal(asTheBusiness(booking)) === null
}
