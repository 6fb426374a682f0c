import { type Queryable, transaction } from '#database'
import { money } from '#foundation'
import { problems as common } from '#http'
import type { PayableMoney } from '#payments'
import { cancellationTerms, type CancellationTerms, termsOfBusiness } from './cancellation-terms.ts'
import { problems } from './errors.ts'
import type { BookingNeeds } from './needs.ts'
import { type BookingRow, findBooking, lockBooking } from './queries.ts'
import { type Actor, step } from './step.ts'
import { tellCustomer, tellStaff } from './telling/tell.ts'

/** In whose name a booking is cancelled, and what that gives back. */
interface Canceller {
  by: Actor
  cancelledBy: 'customer' | 'business'
  refundReason: string
  mayTouch(booking: BookingRow): boolean
  terms(booking: BookingRow, paid: PayableMoney): CancellationTerms
}

function customer(accountId: string): Canceller {
  return {
    by: { actorKind: 'customer', actorId: accountId },
    cancelledBy: 'customer',
    refundReason: 'cancelled_by_customer',
    mayTouch: (booking) => booking.accountId === accountId,
    terms({ cancellation, startsAt, now }, { applied, returnable }) {
      const terms = cancellationTerms(cancellation, applied, startsAt, now)
      // What the business gave back before is not taken from the policy's part, unless there is not that much left.
      return { ...terms, refund: money(Math.min(terms.refund.amountMinor, returnable.amountMinor), returnable.currency) }
    },
  }
}

function business(by: Actor): Canceller {
  return {
    by,
    cancelledBy: 'business',
    refundReason: 'cancelled_by_business',
    mayTouch: () => true,
    terms: (_booking, { applied, returnable }) => termsOfBusiness(applied, returnable),
  }
}

/** What cancelling now would give back of what was paid, and why. Throws not_found, booking_not_cancellable. */
export function cancelPreview(needs: BookingNeeds, accountId: string, bookingId: string): Promise<CancellationTerms> {
  return preview(needs, customer(accountId), bookingId)
}

/** The same for whoever may act for the business. */
export function cancelPreviewOfBusiness(needs: BookingNeeds, by: Actor, bookingId: string): Promise<CancellationTerms> {
  return preview(needs, business(by), bookingId)
}

/**
 * Gives the time back and, of money that was paid, what the promised policy says; money still on its way is returned
 * whole when it arrives. Cancelling what is cancelled answers the same again. Throws not_found, booking_not_cancellable.
 */
export function cancel(needs: BookingNeeds, accountId: string, bookingId: string, reason: string | undefined): Promise<BookingRow> {
  return cancelAs(needs, customer(accountId), bookingId, reason)
}

/** The same in the business's name: then all that was paid goes back. The caller has shown that they may. */
export function cancelByBusiness(needs: BookingNeeds, by: Actor, bookingId: string, reason: string | undefined): Promise<BookingRow> {
  return cancelAs(needs, business(by), bookingId, reason)
}

async function preview(needs: BookingNeeds, as: Canceller, bookingId: string): Promise<CancellationTerms> {
  const booking = await findBooking(needs.database, bookingId)
  if (!booking || !as.mayTouch(booking)) throw common.not_found()
  if (!mayCancel(booking)) throw problems.booking_not_cancellable()
  return as.terms(booking, await moneyOf(needs, needs.database, booking))
}

function cancelAs(needs: BookingNeeds, as: Canceller, bookingId: string, reason: string | undefined): Promise<BookingRow> {
  return transaction(needs.database, async (tx) => {
    const booking = await lockBooking(tx, { id: bookingId })
    if (!booking || !as.mayTouch(booking)) throw common.not_found()
    if (booking.status === 'cancelled') return booking
    if (!mayCancel(booking)) throw problems.booking_not_cancellable()

    const paid = await moneyOf(needs, tx, booking)
    const terms = as.terms(booking, paid)
    const cancelled = await step(
      needs,
      tx,
      booking,
      'cancelled',
      as.by,
      { cancelledBy: as.cancelledBy, cancelReason: reason ?? null },
      // What it was decided by stands with it: the promise, and how long before the start, by the database's clock.
      {
        refundMinor: terms.refund.amountMinor,
        refundPercent: terms.refundPercent,
        decidedAt: booking.now.toString(),
        startsAt: booking.startsAt.toString(),
        policy: booking.cancellation,
      },
    )
    if (!cancelled) throw problems.booking_not_cancellable()
    await needs.availability.release(tx, booking.businessId, booking.id)
    if (terms.refund.amountMinor > 0) await needs.payments.refundPaid(tx, booking.orderId, terms.refund, as.refundReason, { by: as.by })
    const { cancelledBy: by } = as
    const { status, awaits } = booking
    // A hold nobody was told of needs no word that it is gone.
    if (status === 'confirmed' || (awaits === 'approval' && by === 'business'))
      await tellCustomer(needs, tx, 'booking-cancelled', cancelled, { by, ...(paid.applied.amountMinor > 0 && { amount: terms.refund }) })
    if (status === 'confirmed' || awaits === 'approval')
      await tellStaff(needs, tx, 'staff-booking-cancelled', cancelled, { by }, as.by.actorId)
    return cancelled
  })
}

export function mayCancel(booking: BookingRow): boolean {
  if (booking.status === 'held') return true
  return booking.status === 'confirmed' && Temporal.Instant.compare(booking.startsAt, booking.now) > 0
}

function moneyOf(needs: BookingNeeds, db: Queryable, { orderId, currency }: BookingRow): Promise<PayableMoney> {
  return needs.payments.moneyOf(db, orderId, currency)
}
