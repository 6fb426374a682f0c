import { setTimeout as pause } from 'node:timers/promises'
import { sql } from '../../../server/database/index.ts'
import { type Booking, toldOf } from './acts.ts'
import { reportPath, unifonicReportPath } from './lane.ts'
import { insist } from './patience.ts'
import type { Ending, Scene, Story } from './stories.ts'

/*
 * A free visit is confirmed and told of at once: to its customer and to the one who works there. So two messages meet each fault.
 */
const queue = { NOTIFICATION_DELIVERY: 'queue' }
const confirmed = 'booking-confirmed'

type Fault = Parameters<Scene['world']['plan']>[0]
const twice = (fault: string): Fault => ({ provider: 'taqnyat', operation: 'send', fault, times: 2 })

const standing = ({ heard }: Scene, ...bookings: Booking[]): Ending => ({
  bookings: Object.fromEntries(bookings.map(({ id }) => [id, { status: 'confirmed' }])),
  keptMinor: 0,
  heard,
})

/** Books, and waits until the customer's message came to its end. */
async function tell(scene: Scene, fault?: Fault): Promise<Ending> {
  const { does, person, world } = scene
  if (fault) await world.plan(fault)
  await world.arm()
  const booking = await does.book(person, world.lane.free)
  await does.until(person, booking, toldOf(confirmed))
  return standing(scene, booking)
}

/** Two messages that failed while our settings at the vendor were wrong: nobody tries them again unasked. */
async function failed(scene: Scene): Promise<{ booking: Booking; ids: string[] }> {
  const { does, person, world } = scene
  await world.plan(twice('refuse'))
  const booking = await does.book(person, world.lane.free)
  await does.until(person, booking, toldOf(confirmed, 'FAILED'))
  for (let look = 0; look < 200; look++) {
    const rows = await world.lane.database.rows<{ id: string }>(sql`select id from notification where state = 'FAILED'`)
    if (rows.length === 2) return { booking, ids: rows.map(({ id }) => id) }
    await pause(15)
  }
  throw new Error('The messages did not fail.')
}

async function sendAgain(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { booking, ids } = await failed(scene)
  await world.arm()
  // Who pressed and was not answered presses again; then it may have been sent already.
  for (const id of ids) await does.post(world.lane.operator, `/v1/ops/notifications/${id}/redrive`)
  await does.until(person, booking, toldOf(confirmed, 'SENT'))
  return standing(scene, booking)
}

async function sendManyAgain(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { booking } = await failed(scene)
  await world.arm()
  await does.post(world.lane.operator, '/v1/ops/notifications/redrive', { errorClass: 'configuration' })
  await does.until(person, booking, toldOf(confirmed, 'SENT'))
  return standing(scene, booking)
}

/** The vendor tells what became of it, until it is answered that it was heard. */
async function report(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { database, free } = world.lane
  const booking = await does.book(person, free)
  await does.until(person, booking, toldOf(confirmed, 'SENT'))
  const attempt = await database.row<{ messageId: string }>(sql`
    select a.provider_message_id as message_id from notification_attempt a join notification n on n.id = a.notification_id
    where n.kind = ${confirmed} and a.result = 'ok'`)
  await world.arm()
  for (const status of ['sent', 'delivered']) {
    await insist(world, null, { method: 'POST', path: reportPath, body: { messageId: attempt?.messageId, status } })
  }
  await world.sweep()
  return { ...standing(scene, booking), delivery: { [booking.id]: 'delivered' } }
}

/** The visit is now so near that its customer is reminded. */
async function remind(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { database, free } = world.lane
  const booking = await does.book(person, free)
  await does.until(person, booking, toldOf(confirmed))
  await world.timePasses(600_000)
  // Its start cannot come nearer; the moment before it does.
  await database.run(sql`
    insert into messaging_choice (business_id, reminder_minutes)
    select business_id, array[ceil(extract(epoch from starts_at - now()) / 60)::integer + 1] from booking where id = ${booking.id}
    on conflict (business_id) do update set reminder_minutes = excluded.reminder_minutes`)
  await database.run(sql`update booking set tell_at = now() where id = ${booking.id}`)
  await world.arm()
  await world.sweep()
  await does.until(person, booking, toldOf('booking-reminder', 'SENT'))
  return standing(scene, booking)
}

/** The business also writes mail, and everybody gave an address. */
async function writesMail({ lane: { database, free } }: Scene['world']): Promise<void> {
  await database.run(sql`
    insert into messaging_choice (business_id, channels) select id, '{sms,email}' from business where slug = ${free.businessSlug}
    on conflict (business_id) do update set channels = excluded.channels`)
  await giveAddresses(database)
}

const giveAddresses = (database: Scene['world']['lane']['database']) =>
  database.run(sql`update account set contact_email = 'customer' || left(id::text, 8) || '@mail.test'`)

async function standIn(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { free } = world.lane
  await writesMail(world)
  await world.plan(twice('refuse'))
  await world.arm()
  const booking = await does.book(person, free)
  await does.until(person, booking, toldOf(confirmed, 'SENT'))
  return standing(scene, booking)
}

/** The operator sends by mail what failed by SMS. */
async function sendByMail(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { booking, ids } = await failed(scene)
  await giveAddresses(world.lane.database)
  await world.arm()
  for (const id of ids) await does.post(world.lane.operator, `/v1/ops/notifications/${id}/send-by`, { channel: 'email' })
  await does.until(person, booking, toldOf(confirmed, 'SENT'))
  return standing(scene, booking)
}

/** The vendor took it and its answer was lost: minutes later it is asked. */
async function foundByAsking(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  await world.plan({ ...twice('after-work'), provider: 'unifonic' })
  const booking = await does.book(person, world.lane.free)
  await does.until(person, booking, toldOf(confirmed, 'FAILED'))
  await world.timePasses(180_000)
  await world.arm()
  await world.sweep()
  await does.until(person, booking, toldOf(confirmed, 'SENT'))
  return standing(scene, booking)
}

/** The vendor took it and reports a number nobody has; asked, it says the same; so mail goes instead. */
async function handOver(scene: Scene): Promise<Ending> {
  const { does, person, world } = scene
  const { database, free } = world.lane
  await writesMail(world)
  // The vendor reports of this one message alone.
  await database.run(sql`update messaging_choice set staff_told = false`)
  await world.turn('/play/unifonic/switches', { reachesNobody: true, reportForm: 'new', reportAfterMs: 0 })
  const booking = await does.book(person, free)
  await does.until(person, booking, toldOf(confirmed, 'SENT'))
  const attempt = await database.row<{ messageId: string }>(sql`
    select a.provider_message_id as message_id from notification_attempt a join notification n on n.id = a.notification_id
    where n.kind = ${confirmed} and a.result = 'ok'`)
  await world.arm()
  const body = { MessageID: attempt?.messageId, Status: 'Undelivered', ErrorCode: 'ER-05' }
  await insist(world, null, { method: 'POST', path: unifonicReportPath, body })
  await world.sweep()
  await does.until(person, booking, ({ notifications }) =>
    notifications.some(({ kind, channel, status }) => kind === confirmed && channel === 'email' && status === 'SENT'),
  )
  return standing(scene, booking)
}

const byUnifonic = { NOTIFICATION_PROVIDER: 'unifonic' }

export const deliveryStories: Story[] = [
  { name: 'told by a worker', env: queue, tell: (scene) => tell(scene) },
  { name: 'told at the second try', env: queue, tell: (scene) => tell(scene, twice('http-429')) },
  { name: 'told by the next vendor', env: { NOTIFICATION_FALLBACKS: 'unifonic' }, tell: (scene) => tell(scene, twice('http-429')) },
  { name: 'told by mail instead', env: { ...queue, NOTIFICATION_FALLBACKS: 'smtp' }, tell: standIn },
  { name: 'a person sends it again', tell: sendAgain },
  { name: 'many are sent again', tell: sendManyAgain },
  { name: 'the vendor reports', tell: report },
  { name: 'a reminder', env: queue, tell: remind },
  { name: 'sent by mail by hand', env: { NOTIFICATION_FALLBACKS: 'smtp' }, tell: sendByMail },
  { name: 'found out by asking', env: byUnifonic, tell: foundByAsking },
  { name: 'mail after a report', env: { ...byUnifonic, NOTIFICATION_FALLBACKS: 'smtp' }, tell: handOver },
]
