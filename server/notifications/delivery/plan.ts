import type { Database, Queryable } from '#database'
import type { AbsorbedCall, ClaimedCall, Delivery, Plan, StandIn } from '#external-calls'
import { choiceOf } from '../choice-queries.ts'
import { isForOperator, writeMessage } from '../messages.ts'
import type { NotificationProvider } from '../notification-provider.ts'
import type { Pace } from './pace.ts'
import { cautiousHours, type Hours, waitForHoursMs } from './promotional-hours.ts'
import type { Channel } from '../queries.ts'
import { outOfReachSince } from './reach-queries.ts'
import { channelsAfter, channelsOf, mayPromote, vendorsOf } from './route.ts'

/** What is known of the person a number leads to. */
export interface Person {
  email: string | null
  marketingConsent: boolean
  signedInAt: Temporal.Instant | null
}

export interface PlanNeeds {
  database: Database
  providers: readonly NotificationProvider[]
  promotionalHours?: Hours | undefined
  /** Whether what a message says still holds: null, or why it is not sent any more. */
  stillHolds(call: Pick<ClaimedCall, 'aboutId' | 'kind' | 'version' | 'occasion'>): Promise<string | null>
  /** Whom a number leads to now; null: nobody. */
  personAt: (db: Queryable, phone: string) => Promise<Person | null>
  /** How fast a vendor is fed; undefined: as fast as it comes. */
  paceOf(provider: NotificationProvider): Pace | undefined
}

const usualZone = 'Asia/Riyadh'

/** How one message is to be sent, or why it is not: read again at sending. With `insist` a person asked for it. */
export async function planDelivery(needs: PlanNeeds, call: ClaimedCall, insist: boolean): Promise<Plan> {
  const { database, providers } = needs
  const { id, aboutId, kind, version, occasion, channel, recipient: to, locale } = call
  const broken = await needs.stillHolds({ aboutId, kind, version, occasion })
  if (broken !== null) return { skip: broken }
  // Nobody tried to send what came too late at its first claim; what waited for a vendor until then was not delivered.
  if (call.overdue) return call.attempts > 1 && !insist ? { fail: 'overdue', errorClass: 'temporary' } : { skip: 'overdue' }

  const message = { ...writeMessage(kind, call.data, locale), id, to, locale }
  if (!insist && (await isOutOfReach(needs, call))) return { skip: 'unreachable_number', mayStandIn: true }
  const carriers = vendorsOf(channel, await choiceOf(database, call.businessId), providers)
  if (carriers.length === 0) return { fail: `misconfigured · No vendor carries ${channel}.`, errorClass: 'configuration', mayStandIn: true }
  const vendors = message.promotional ? carriers.filter(mayPromote) : carriers
  const hindrance = message.promotional ? await promotionalHindrance(needs, call, vendors) : null
  if (hindrance) return hindrance
  return {
    deliveries: vendors.map((provider): Delivery => {
      const turn = needs.paceOf(provider)
      return { provider: provider.name, send: (signal) => provider.send(message, signal), ...(turn && { turn }) }
    }),
  }
}

/** Advertising needs consent, a sender name registered for it, and a decent hour at the business. Service messages need none of it. */
async function promotionalHindrance(needs: PlanNeeds, call: ClaimedCall, vendors: readonly unknown[]): Promise<Plan | null> {
  const person = call.phone === null ? null : await needs.personAt(needs.database, call.phone)
  if (!person?.marketingConsent) return { skip: 'no_consent' }
  if (vendors.length === 0) return { skip: 'no_promotional_sender' }
  const { zone } = call.data
  const now = call.claimedAt
  const waitMs = waitForHoursMs(now, typeof zone === 'string' ? zone : usualZone, needs.promotionalHours ?? cautiousHours)
  if (waitMs === 0) return null
  if (now.add({ milliseconds: waitMs }).epochMilliseconds >= call.notAfter.epochMilliseconds) return { skip: 'outside_hours' }
  return { waitMs, reason: 'waiting: outside_hours' }
}

/** A number that surely takes nothing is left alone until somebody signs in with it again. */
async function isOutOfReach({ database, personAt }: PlanNeeds, { channel, kind, recipient }: ClaimedCall): Promise<boolean> {
  if (channel === 'email' || isForOperator(kind)) return false
  const since = await outOfReachSince(database, channel, recipient)
  if (since === null) return false
  const signedInAt = (await personAt(database, recipient))?.signedInAt
  return !signedInAt || signedInAt.epochMilliseconds <= since.epochMilliseconds
}

/** The next channel of the business on which the person has an address. */
export async function standInFor(
  needs: PlanNeeds,
  call: Pick<ClaimedCall, 'businessId' | 'kind' | 'channel' | 'phone'>,
): Promise<StandIn | null> {
  if (isForOperator(call.kind)) return null
  const choice = await choiceOf(needs.database, call.businessId)
  for (const channel of channelsAfter(call.channel, choice, needs.providers)) {
    const recipient = await addressOn(needs, needs.database, channel, call.phone)
    if (recipient !== null) return { channel, recipient }
  }
  return null
}

/** Where a message that was promised to a number goes first. */
export async function firstAddress(needs: Pick<PlanNeeds, 'providers' | 'personAt'>, tx: Queryable, call: AbsorbedCall): Promise<StandIn> {
  const asked = { channel: call.channel, recipient: call.recipient }
  if (call.channel !== 'sms' || isForOperator(call.kind)) return asked
  if (needs.providers.every(({ channel }) => channel === 'sms')) return asked
  for (const channel of channelsOf(await choiceOf(tx, call.businessId), needs.providers)) {
    const recipient = await addressOn(needs, tx, channel, call.recipient)
    if (recipient !== null) return { channel, recipient }
  }
  return asked
}

async function addressOn(
  { personAt }: Pick<PlanNeeds, 'personAt'>,
  db: Queryable,
  channel: Channel,
  phone: string | null,
): Promise<string | null> {
  if (phone === null || channel !== 'email') return phone
  return (await personAt(db, phone))?.email ?? null
}
