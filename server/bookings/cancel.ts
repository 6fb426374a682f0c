import { transaction } from '#database'
import { money, type Money } from '#foundation'
import { problems as common } from '#http'
import { cancellationTerms, type CancellationTerms } from './cancellation-terms.ts'
import { problems } from './errors.ts'
import type { BookingNeeds } from './needs.ts'
import { type BookingRow, findBooking, lockBooking } from './queries.ts'
import { step, tellCustomer } from './step.ts'

/** What cancelling now would give back, and why. Throws not_found, booking_not_cancellable. */
export async function cancelPreview(needs: BookingNeeds, accountId: string, bookingId: string): Promise<CancellationTerms> {
  const booking = await findBooking(needs.database, bookingId)
  if (!booking || booking.accountId !== accountId) throw common.not_found()
  if (!mayCancel(booking)) throw problems.booking_not_cancellable()
  return cancellationTerms(booking.cancellation, await paidFor(needs, booking), booking.startsAt, booking.now)
}

/**
 * Gives the time back and, of money that was paid, what the promised policy says; money still on its way is returned
 * whole when it arrives. Cancelling what is cancelled answers the same again. Throws not_found, booking_not_cancellable.
 */
export async function cancel(needs: BookingNeeds, accountId: string, bookingId: string, reason: string | undefined): Promise<BookingRow> {
  return transaction(needs.database, async (tx) => {
    const booking = await lockBooking(tx, { id: bookingId })
    if (!booking || booking.accountId !== accountId) throw common.not_found()
    if (booking.status === 'cancelled') return booking
    if (!mayCancel(booking)) throw problems.booking_not_cancellable()

    const terms = cancellationTerms(booking.cancellation, await paidFor(needs, booking, tx), booking.startsAt, booking.now)
    const cancelled = await step(
      needs,
      tx,
      booking,
      'cancelled',
      { actorKind: 'customer', actorId: accountId },
      { cancelledBy: 'customer', cancelReason: reason ?? null },
      { refundMinor: terms.refund.amountMinor, refundPercent: terms.refundPercent },
    )
    if (!cancelled) throw problems.booking_not_cancellable()
    await needs.availability.release(tx, booking.businessId, booking.id)
    if (terms.refund.amountMinor > 0) await needs.payments.refundPaid(tx, booking.orderId, terms.refund, 'cancelled_by_customer')
    // A hold nobody was told of needs no word that it is gone.
    if (booking.status === 'confirmed') await tellCustomer(needs, tx, 'booking-cancelled', cancelled, terms.refund)
    return cancelled
  })
}

export function mayCancel(booking: BookingRow): boolean {
  if (booking.status === 'held') return true
  return booking.status === 'confirmed' && Temporal.Instant.compare(booking.startsAt, booking.now) > 0
}

async function paidFor(needs: BookingNeeds, booking: BookingRow, db = needs.database as Parameters<BookingNeeds['payments']['latestOf']>[0]): Promise<Money> {
  const payment = (await needs.payments.latestOf(db, [booking.orderId])).get(booking.orderId)
  const paid = payment?.disposition === 'applied' || payment?.disposition === 'applied_late'
  return paid ? payment.amount : money(0, booking.currency)
}
