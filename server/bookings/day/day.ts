import type { Caller } from '#http'
import { bookingsOn, type DayRow, waitingForYes } from './day-queries.ts'
import type { BusinessDayOnTheWire } from './day-schemas.ts'
import type { BookingNeeds } from '../needs.ts'
import { tomorrowOf } from './unreached-queries.ts'
import { workplaceOf } from './workplace.ts'

/** The bookings of one day, today by default, and what waits for the business's yes on any day. Throws not_found, forbidden. */
export async function dayOf(
  needs: BookingNeeds,
  caller: Caller,
  slug: string,
  wishedDay: string | undefined,
): Promise<BusinessDayOnTheWire> {
  const { database } = needs
  const { businessId } = await workplaceOf(needs, caller, slug)
  const today = Temporal.PlainDate.from(await tomorrowOf(database, businessId))
    .subtract({ days: 1 })
    .toString()
  const day = wishedDay ?? today
  const [booked, waiting] = await Promise.all([bookingsOn(database, businessId, day), waitingForYes(database, businessId)])
  // One that waits on the day itself is in both lists, and read once.
  const present = await presenter(needs, [...new Map([...booked, ...waiting].map((row) => [row.id, row])).values()])
  return { day, today, items: booked.map(present), waiting: waiting.map(present) }
}

/** Names, places and messages of all of them at once. */
async function presenter(needs: BookingNeeds, rows: DayRow[]): Promise<(row: DayRow) => BusinessDayOnTheWire['items'][number]> {
  const { database, catalog, availability, accounts, notifications } = needs
  const confirmed = rows.filter(({ status }) => status === 'confirmed')
  const [services, claims, names, reached] = await Promise.all([
    catalog.describeServices(database, [...new Set(rows.map(({ serviceId }) => serviceId))]),
    availability.claimsOf(
      database,
      rows.map(({ businessId, id }) => ({ businessId, holderId: id })),
    ),
    accounts.namesOf(database, [...new Set(rows.map(({ accountId }) => accountId))]),
    notifications.reached(
      database,
      confirmed.map(({ id, version }) => ({ aboutId: id, version })),
    ),
  ])
  const resources = await catalog.describeResources(database, [...new Set([...claims.values()].flatMap(({ resourceIds }) => resourceIds))])
  return (row) => {
    const service = services.get(row.serviceId)
    if (!service) throw new Error(`The service of booking ${row.id} is gone.`)
    const held = row.status === 'held'
    return {
      bookingId: row.id,
      reference: row.reference,
      status: row.status,
      awaitsApproval: held && row.awaits === 'approval',
      expiresAt: held && row.expiresAt ? row.expiresAt.toString() : null,
      startsAt: row.startsAt.toString(),
      endsAt: row.endsAt.toString(),
      zone: row.zone,
      customerName: row.attendeeName ?? names.get(row.accountId) ?? null,
      serviceName: service.serviceName,
      resources: (claims.get(row.id)?.resourceIds ?? []).flatMap((id) => resources.get(id)?.name ?? []),
      told: row.status === 'confirmed' ? reached.has(row.id) : null,
    }
  }
}
