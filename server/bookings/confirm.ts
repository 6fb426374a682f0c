import type { Payable } from '#payments'
import type { BookingStatus } from './booking-states.ts'
import { expireLapsed } from './expire-holds.ts'
import type { BookingNeeds } from './needs.ts'
import { findPayableNamed } from './money/payable-queries.ts'
import { type BookingRow, describeOrders, findByOrder, lockBooking } from './queries.ts'
import { step } from './step.ts'
import { customerOf, tellCustomer, tellStaff } from './telling/tell.ts'
import { planReminders } from './telling/tell-in-time.ts'

type Tx = Parameters<Payable['paid']>[0]
type Money = Parameters<Payable['paid']>[1]['amount']
type Disposition = Awaited<ReturnType<Payable['paid']>>

/** What becomes of money by where its booking stands; a status missing here does not compile. */
const whenPaid: Record<BookingStatus, (needs: BookingNeeds, tx: Tx, booking: BookingRow, amount: Money) => Promise<Disposition>> = {
  held: confirmHeld,
  expired: reclaimExpired,
  confirmed: async () => refundFor('duplicate'),
  completed: async () => refundFor('duplicate'),
  no_show: async () => refundFor('duplicate'),
  cancelled: async () => refundFor('booking_cancelled'),
}

/** How payments reach bookings: the order is what is paid for. Every call runs in the transaction that settles the money. */
export function payableOf(needs: BookingNeeds): Payable {
  return {
    async lock(tx, orderId) {
      await lockBooking(tx, { orderId })
    },
    async paid(tx, payment) {
      const booking = await findByOrder(tx, payment.payableId)
      if (!booking) throw new Error(`The payment ${payment.id} is for an order that does not exist.`)
      return whenPaid[booking.status](needs, tx, booking, payment.amount)
    },
    async ownedBy(db, orderId, accountId) {
      return (await findByOrder(db, orderId))?.accountId === accountId
    },
    async returned(tx, orderId, refund) {
      const booking = await findByOrder(tx, orderId)
      if (!booking) throw new Error(`The refund ${refund.id} is of an order that does not exist.`)
      const says = { amount: refund.amount, ...becauseOf(refund.reason) }
      await tellCustomer(needs, tx, 'refund-made', booking, says, {
        occasion: refund.id,
        notAfter: booking.now.add({ hours: refundNewsHours }),
      })
    },
    named: (db, reference) => findPayableNamed(db, reference.trim().toUpperCase()),
    async describe(db, orderIds) {
      const rows = await describeOrders(db, orderIds)
      return new Map(rows.map(({ orderId, ...names }) => [orderId, names]))
    },
  }
}

/** So long it is worth telling that money has come back. */
const refundNewsHours = 7 * 24

/** Why money goes back that had not paid for the booking; nothing for what somebody gave back of what had. */
function becauseOf(reason: string): { because?: 'not_booked' | 'paid_twice' } {
  if (reason === 'slot_gone' || reason === 'too_late' || reason === 'booking_cancelled') return { because: 'not_booked' }
  return reason === 'duplicate' || reason === 'paid_twice' ? { because: 'paid_twice' } : {}
}

function refundFor(reason: string): Disposition {
  return { disposition: 'refund_due', reason }
}

/** The claim still stands, even when the hold just ran out: nobody has taken the time. */
async function confirmHeld(needs: BookingNeeds, tx: Tx, booking: BookingRow, amount: Money): Promise<Disposition> {
  if ((await needs.availability.book(tx, booking.businessId, booking.id)) === 0) return refundFor('slot_gone')
  return confirm(needs, tx, booking, amount, booking.lapsed ? 'applied_late' : 'applied')
}

/** The hold ran out and its time was freed: it is taken again if nobody else has it, else the money goes back. */
async function reclaimExpired(needs: BookingNeeds, tx: Tx, booking: BookingRow, amount: Money): Promise<Disposition> {
  if (Temporal.Instant.compare(booking.startsAt, booking.now) <= 0) return refundFor('too_late')
  const { availability } = needs
  const before = (await availability.claimsOf(tx, [{ businessId: booking.businessId, holderId: booking.id }])).get(booking.id)
  if (!before) return refundFor('slot_gone')
  await expireLapsed(needs, tx, booking.businessId, before.resourceIds, before.during)
  const taken = await availability.claim(tx, {
    businessId: booking.businessId,
    holderId: booking.id,
    resourceIds: before.resourceIds,
    during: before.during,
    heldUntil: null,
  })
  return taken ? confirm(needs, tx, booking, amount, 'applied_late') : refundFor('slot_gone')
}

async function confirm(
  needs: BookingNeeds,
  tx: Tx,
  booking: BookingRow,
  amount: Money,
  disposition: 'applied' | 'applied_late',
): Promise<Disposition> {
  const confirmed = await step(needs, tx, booking, 'confirmed', { actorKind: 'gateway' }, {}, { disposition })
  if (!confirmed) throw new Error(`The booking ${booking.id} changed under its own lock.`)
  await planReminders(needs, tx, confirmed)
  await tellOfPayment(needs, tx, confirmed, amount, disposition)
  await tellStaff(needs, tx, 'staff-booking-new', confirmed, await customerOf(needs, tx, confirmed), confirmed.accountId)
  return { disposition }
}

/** One message for one event: that the time is theirs and that the money came. A business may want the receipt apart. */
async function tellOfPayment(
  needs: BookingNeeds,
  tx: Tx,
  booking: BookingRow,
  amount: Money,
  disposition: 'applied' | 'applied_late',
): Promise<void> {
  if (disposition === 'applied_late') return tellCustomer(needs, tx, 'payment-applied-late', booking, { amount })
  const { receiptApart } = await needs.notifications.choiceOf(tx, booking.businessId)
  await tellCustomer(needs, tx, 'booking-confirmed', booking, receiptApart ? {} : { amount })
  if (receiptApart) await tellCustomer(needs, tx, 'payment-received', booking, { amount })
}
