import { randomUUID } from 'node:crypto'
import type { Slot } from '#availability'
import type { OfferedService } from '#catalog'
import { audit, transaction, type Transaction } from '#database'
import type { Locale } from '#foundation'
import { problems as common } from '#http'
import { problems } from './errors.ts'
import { expireLapsed } from './expire-holds.ts'
import { setTellAt } from './telling/message-queries.ts'
import type { BookingNeeds } from './needs.ts'
import {
  type BookingRow,
  countLiveHolds,
  findBooking,
  findByClientKey,
  findOwnBookingOf,
  insertBooking,
  serialiseAccount,
} from './queries.ts'
import { newReference } from './reference.ts'
import { customerOf, tellCustomer, tellStaff } from './telling/tell.ts'
import { holdEndingAt, planReminders } from './telling/tell-in-time.ts'

export interface BookAsk {
  businessSlug: string
  serviceId: string
  startsAt: Temporal.Instant
  resourceId?: string | undefined
  branchId?: string | undefined
  attendeeName?: string | undefined
  note?: string | undefined
}

/**
 * Takes the time and promises it: held until paid, or confirmed at once when nothing is due before the visit. The same client
 * key gives the same booking. Throws not_found, slot_not_offered, slot_taken (both with the nearest free times), too_many_holds.
 */
export async function book(
  needs: BookingNeeds,
  who: { accountId: string; locale: Locale },
  ask: BookAsk,
  clientKey: string,
): Promise<BookingRow> {
  const { database, catalog, availability } = needs
  const before = await findByClientKey(database, who.accountId, clientKey)
  if (before) return before
  const offered = await catalog.offeredService(database, {
    businessSlug: ask.businessSlug,
    serviceId: ask.serviceId,
    ...(ask.branchId && { branchId: ask.branchId }),
  })
  if (!offered || !mayChoose(offered, ask.resourceId)) throw common.not_found()
  if (!(await availability.isOffered(database, offered, ask.startsAt, ask.resourceId)))
    throw problems.slot_not_offered({ alternatives: await alternatives(needs, offered, ask) })

  const own = await findOwnBookingOf(database, who.accountId, ask.serviceId, ask.startsAt)
  const assignments = own ? [] : await availability.candidates(database, offered, ask.startsAt, ask.resourceId)
  const promise = () =>
    transaction(
      database,
      (tx) => claimTime(needs, tx, who, ask, clientKey, offered, assignments),
      (sqlstate) => needs.metrics.transactionRetries.inc({ sqlstate }),
    )
  const id = own?.id ?? (await promise().catch(nullWhenTaken))
  if (id === null) {
    needs.metrics.conflicts.inc()
    throw problems.slot_taken({ alternatives: await alternatives(needs, offered, ask) })
  }
  const booking = await findBooking(database, id)
  if (!booking) throw new Error(`The booking ${id} was made and cannot be found.`)
  return booking
}

/** The whole promise in one transaction: order, booking, claims, audit and message stand together or not at all. Throws TimeTaken. */
async function claimTime(
  needs: BookingNeeds,
  tx: Transaction,
  who: { accountId: string; locale: Locale },
  ask: BookAsk,
  clientKey: string,
  offered: OfferedService,
  assignments: string[][],
): Promise<string> {
  const { availability, settings } = needs
  const { business, branch, service } = offered
  await serialiseAccount(tx, who.accountId)
  // Another tab of the same person may have been first, with the same wish under another key.
  const twin =
    (await findByClientKey(tx, who.accountId, clientKey)) ?? (await findOwnBookingOf(tx, who.accountId, service.id, ask.startsAt))
  if (twin) return twin.id

  const { kind, dueNow } = service.payment
  const { approvalHours } = service
  const awaits = approvalHours !== null && dueNow.amountMinor === 0 ? 'approval' : 'payment'
  const atOnce = dueNow.amountMinor === 0 && awaits === 'payment'
  if (!atOnce && (await countLiveHolds(tx, who.accountId)) >= settings.perAccount) throw problems.too_many_holds({}, 60)
  const id = randomUUID()
  const made = await insertBooking(tx, {
    businessId: business.id,
    id,
    orderId: randomUUID(),
    accountId: who.accountId,
    branchId: branch.id,
    serviceId: service.id,
    reference: newReference(),
    status: atOnce ? 'confirmed' : 'held',
    startsAt: ask.startsAt,
    endsAt: ask.startsAt.add({ minutes: service.durationMinutes }),
    zone: branch.zone,
    awaits,
    // A business answers in its time, and before the visit begins.
    holdMinutes: awaits === 'approval' ? (approvalHours ?? 0) * 60 : settings.minutes,
    heldAtMostUntil: awaits === 'approval' ? ask.startsAt : null,
    attendeeName: ask.attendeeName ?? null,
    note: ask.note ?? null,
    locale: who.locale,
    clientKey,
    amountMinor: service.price.amountMinor,
    dueNowMinor: dueNow.amountMinor,
    paymentKind: kind,
    currency: service.price.currency,
    cancellation: business.cancellation,
    freeReschedules: business.reschedule.free,
    rescheduleHoursBefore: business.reschedule.hoursBefore,
  })
  if (!made) throw new Error('A client key made two bookings of one account at once.')

  const during = availability.claimRange(offered, ask.startsAt)
  const resourceIds = await firstFree(assignments, async (wanted) => {
    await expireLapsed(needs, tx, business.id, wanted, during)
    return availability.claim(tx, { businessId: business.id, holderId: id, resourceIds: wanted, during, heldUntil: made.expiresAt })
  })
  if (!resourceIds) throw new TimeTaken()
  const details = {
    resourceIds,
    startsAt: ask.startsAt.toString(),
    amountMinor: service.price.amountMinor,
    dueNowMinor: dueNow.amountMinor,
    ...(!atOnce && { awaits }),
  }
  await audit(tx, {
    actorKind: 'customer',
    actorId: who.accountId,
    action: atOnce ? 'booking.confirmed' : 'booking.held',
    subject: 'booking',
    subjectId: id,
    businessId: business.id,
    details,
  })
  needs.metrics.bookings.inc({ from: 'new', to: atOnce ? 'confirmed' : 'held' })
  tx.afterCommit(async () =>
    needs.log.info({ event: 'booking', booking: id, from: 'new', to: atOnce ? 'confirmed' : 'held' }, 'A booking was made.'),
  )
  const booking = await findBooking(tx, id)
  if (!booking) throw new Error(`The booking ${id} was made and cannot be found.`)
  await tellOfNew(needs, tx, booking)
  return id
}

async function tellOfNew(needs: BookingNeeds, tx: Transaction, booking: BookingRow): Promise<void> {
  const { expiresAt, awaits, accountId } = booking
  if (booking.status === 'confirmed') {
    await planReminders(needs, tx, booking)
    await tellCustomer(needs, tx, 'booking-confirmed', booking, {})
    await tellStaff(needs, tx, 'staff-booking-new', booking, await customerOf(needs, tx, booking), accountId)
  } else if (awaits === 'approval' && expiresAt) {
    await tellCustomer(needs, tx, 'booking-waiting', booking, { until: expiresAt.toString() }, { notAfter: expiresAt })
    await tellStaff(needs, tx, 'staff-booking-new', booking, { waiting: true }, accountId)
  } else await setTellAt(tx, booking.id, holdEndingAt(booking, needs.settings.endingMinutes))
}

/** Undoes the transaction; never leaves this file. */
class TimeTaken extends Error {}

function nullWhenTaken(error: unknown): null {
  if (error instanceof TimeTaken) return null
  throw error
}

async function firstFree(assignments: string[][], claim: (wanted: string[]) => Promise<boolean>): Promise<string[] | null> {
  for (const wanted of assignments) if (await claim(wanted)) return wanted
  return null
}

function mayChoose(offered: OfferedService, resourceId: string | undefined): boolean {
  if (resourceId === undefined) return true
  return offered.service.requirements.some(({ choosable, resources }) => choosable && resources.some(({ id }) => id === resourceId))
}

/** The nearest free times, so that a refusal is an offer. */
export function alternatives(
  needs: BookingNeeds,
  offered: OfferedService,
  ask: { startsAt: Temporal.Instant; resourceId?: string | undefined },
): Promise<SlotOnTheWire[]> {
  return needs.availability
    .nearest(needs.database, offered, ask.startsAt, { count: 3, ...(ask.resourceId && { resourceId: ask.resourceId }) })
    .then((slots) => slots.map(onTheWire))
}

export interface SlotOnTheWire {
  startsAt: string
  endsAt: string
  resourceIds: string[]
}

function onTheWire({ startsAt, endsAt, resourceIds }: Slot): SlotOnTheWire {
  return { startsAt: startsAt.toString(), endsAt: endsAt.toString(), resourceIds }
}
