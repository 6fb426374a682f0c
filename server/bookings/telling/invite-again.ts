import { audit, transaction } from '#database'
import { problems as common } from '#http'
import { problems } from '../errors.ts'
import type { BookingNeeds } from '../needs.ts'
import { lockBooking } from '../queries.ts'
import type { Actor } from '../step.ts'
import { tellCustomer } from './tell.ts'

/** Promotional messages wait for the hours in which they may be sent; so long it is still worth saying. */
const worthHours = 72

/**
 * Invites the customer of a visit that is over to come again: promotional, so only where they agreed, and once for each visit.
 * Asking again changes nothing. Throws not_found, visit_not_over, customer_not_agreed.
 */
export async function inviteAgain(needs: BookingNeeds, by: Required<Actor>, bookingId: string): Promise<void> {
  await transaction(needs.database, async (tx) => {
    const booking = await lockBooking(tx, { id: bookingId })
    if (!booking) throw common.not_found()
    if (booking.status !== 'completed') throw problems.visit_not_over()
    const contact = await needs.accounts.contactOf(tx, booking.accountId)
    if (!contact?.marketingConsent) throw problems.customer_not_agreed()
    await tellCustomer(needs, tx, 'visit-again', booking, {}, { notAfter: booking.now.add({ hours: worthHours }) })
    await audit(tx, { ...by, action: 'booking.invited_again', subject: 'booking', subjectId: booking.id, businessId: booking.businessId })
  })
}
