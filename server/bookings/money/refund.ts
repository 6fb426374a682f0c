import { transaction } from '#database'
import { money } from '#foundation'
import { problems as common } from '#http'
import { paymentProblems } from '#payments'
import { problems } from '../errors.ts'
import type { BookingNeeds } from '../needs.ts'
import { lockBooking } from '../queries.ts'
import type { Actor } from '../step.ts'

export interface RefundAsk {
  /** All that is left when nothing is said. */
  amountMinor?: number | undefined
  /** In the words of whoever gives it back. */
  reason: string
}

/**
 * Gives back what was paid, whole or in part, in the business's name; resolves with the refund's id. Never more than was
 * paid less what is returned or owed: both are read under the booking's lock, which everyone who returns money takes first.
 * The same key of the same person gives the same refund. Throws not_found, booking_not_refundable, refund_too_large.
 */
export async function refundBooking(
  needs: BookingNeeds,
  by: Required<Actor>,
  bookingId: string,
  ask: RefundAsk,
  clientKey: string,
): Promise<string> {
  const { database, payments } = needs
  const requestedBy = by.actorId
  if (requestedBy === undefined) throw new Error('A refund is asked for by somebody.')
  return transaction(
    database,
    async (tx) => {
      const booking = await lockBooking(tx, { id: bookingId })
      if (!booking) throw common.not_found()
      const { orderId, currency } = booking
      const before = await payments.refundOfWish(tx, orderId, { requestedBy, clientKey })
      if (before !== undefined) return before
      const { returnable } = await payments.moneyOf(tx, orderId, currency)
      if (returnable.amountMinor === 0) throw problems.booking_not_refundable()
      const amount = money(ask.amountMinor ?? returnable.amountMinor, currency)
      if (amount.amountMinor > returnable.amountMinor) throw paymentProblems.refund_too_large({ returnable })
      return payments.refundPaid(tx, orderId, amount, 'by_business', { by, wish: { requestedBy, clientKey, note: ask.reason } })
    },
    (sqlstate) => needs.metrics.transactionRetries.inc({ sqlstate }),
  )
}
