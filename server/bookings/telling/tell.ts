import type { Transaction } from '#database'
import type { MessageData } from '#notifications'
import type { BookingNeeds } from '../needs.ts'
import type { BookingRow } from '../queries.ts'

/** What every message about a booking says. */
type Common = keyof MessageData['booking-reminder']
type CustomerKind = Exclude<keyof MessageData, `staff-${string}`>
type StaffKind = Exclude<keyof MessageData, CustomerKind>

interface How {
  /** After this it would only confuse. The end of the visit when nothing is said. */
  notAfter?: Temporal.Instant
  /** Which of several of its kind at one version of the booking: minutes before the start, a refund's id, whom of the staff it is for. */
  occasion?: string
}

/**
 * Promises the customer's message, in the transaction of the change it tells of (P5). It is read again before it is sent; see
 * still-holds.ts.
 */
export async function tellCustomer<Kind extends CustomerKind>(
  needs: BookingNeeds,
  tx: Transaction,
  kind: Kind,
  booking: BookingRow,
  says: Omit<MessageData[Kind], Common>,
  how: How = {},
): Promise<void> {
  const contact = await needs.accounts.contactOf(tx, booking.accountId)
  if (!contact) throw new Error(`The booking ${booking.id} has nobody to tell.`)
  await promise(needs, tx, { kind, booking, says, how, phone: contact.phone, locale: booking.locale })
}

/** Promises one message to everyone who works at the business, but whoever made the change; none where the business chose so. */
export async function tellStaff<Kind extends StaffKind>(
  needs: BookingNeeds,
  tx: Transaction,
  kind: Kind,
  booking: BookingRow,
  says: Omit<MessageData[Kind], Common>,
  madeBy?: string,
): Promise<void> {
  const { staffTold } = await needs.notifications.choiceOf(tx, booking.businessId)
  if (!staffTold) return
  for (const contact of await needs.accounts.membersOf(tx, booking.businessId)) {
    if (contact.accountId === madeBy) continue
    await promise(needs, tx, { kind, booking, says, how: { occasion: contact.accountId }, phone: contact.phone, locale: contact.locale })
  }
}

interface Promised {
  kind: string
  booking: BookingRow
  says: object
  how: How
  phone: string
  locale: BookingRow['locale']
}

async function promise(needs: BookingNeeds, tx: Transaction, { kind, booking, says, how, phone, locale }: Promised) {
  const names = (await needs.catalog.describeServices(tx, [booking.serviceId])).get(booking.serviceId)
  if (!names) throw new Error(`The booking ${booking.id} has nothing to tell of.`)
  await needs.absorbed(tx, {
    businessId: booking.businessId,
    aboutId: booking.id,
    version: booking.version,
    kind,
    // To their number; where it goes first is the business's choice.
    channel: 'sms',
    recipient: phone,
    locale,
    notAfter: how.notAfter ?? booking.endsAt,
    traceParent: booking.traceParent,
    ...(how.occasion !== undefined && { occasion: how.occasion }),
    data: {
      reference: booking.reference,
      businessName: names.businessName,
      serviceName: names.serviceName,
      startsAt: booking.startsAt.toString(),
      zone: booking.zone,
      address: names.branchAddress,
      ...says,
    },
  })
}

/** By what name the business knows whom a booking is for. */
export async function customerOf(needs: BookingNeeds, tx: Transaction, booking: BookingRow): Promise<{ customer?: string }> {
  const customer = booking.attendeeName ?? (await needs.accounts.contactOf(tx, booking.accountId))?.name
  return customer ? { customer } : {}
}
