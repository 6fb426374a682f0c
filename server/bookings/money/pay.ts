import { adoptTrace, type Locale } from '#foundation'
import { problems as common } from '#http'
import type { PaymentView } from '#payments'
import { problems } from '../errors.ts'
import type { BookingNeeds } from '../needs.ts'
import { findBooking } from '../queries.ts'

/** The gateway's page closes this long before the hold ends, so that the last card has time to be answered. */
const marginSeconds = 30
/** Less than this and a person cannot pay. */
const leastSeconds = 60

/**
 * Starts an attempt to pay a hold and answers with the gateway's page. The page stops taking money before the hold runs out.
 * Throws not_found, booking_not_payable, and what payments.start throws.
 */
export async function pay(
  needs: BookingNeeds,
  who: { accountId: string; locale: Locale },
  bookingId: string,
  clientKey: string,
): Promise<PaymentView> {
  const booking = await findBooking(needs.database, bookingId)
  if (!booking || booking.accountId !== who.accountId) throw common.not_found()
  // What waits for the business's yes is held too, and costs nothing now.
  if (booking.status !== 'held' || booking.lapsed || !booking.expiresAt || booking.dueNowMinor === 0) throw problems.booking_not_payable()
  const latest = booking.expiresAt.subtract({ seconds: marginSeconds })
  const usual = booking.now.add({ minutes: needs.settings.pageMinutes })
  const expiresAt = Temporal.Instant.compare(latest, usual) < 0 ? latest : usual
  if (booking.now.until(expiresAt).total('seconds') < leastSeconds) throw problems.booking_not_payable()
  const names = (await needs.catalog.describeServices(needs.database, [booking.serviceId])).get(booking.serviceId)
  const description = names
    ? `${names.businessName[who.locale]} – ${names.serviceName[who.locale]} – ${booking.reference}`
    : booking.reference
  const start = () =>
    needs.payments.start({
      businessId: booking.businessId,
      payableId: booking.orderId,
      clientKey,
      amount: { amountMinor: booking.dueNowMinor, currency: booking.currency },
      description,
      expiresAt,
      returnUrl: `${needs.publicUrl}${who.locale === 'en' ? '/en' : ''}/bookings/${booking.id}?returned=1`,
    })
  return adoptTrace(booking.traceParent, start)
}
