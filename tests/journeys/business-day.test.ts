import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../server/accounts/index.ts'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { json, slotsOf, type CatalogService } from '../support/customer.ts'
import { startProduct } from '../support/product.ts'

interface OfDay {
  bookingId: string
  status: string
  awaitsApproval: boolean
  customerName: string | null
  resources: { ar: string }[]
  told: boolean | null
}
interface Day {
  day: string
  today: string
  items: OfDay[]
  waiting: OfDay[]
}
interface Seen {
  id: string
  status: string
  startsAt: string
  customer: { name: string | null; phone: string } | null
  allowed: { approve: boolean; reschedule: boolean; inviteAgain: boolean }
  notifications: { kind: string }[]
}

const phones = { owner: '+966552000001', staff: '+966552000003', rival: '+966552000002', customer: '+966551234567', other: '+966551234568' }
const slug = 'rawnaq-salon'

test('a business sees its day, says yes to what waits, moves a booking and invites again whoever agreed; nobody else may look', async (t) => {
  const product = await startProduct(t)
  const { database } = product.house
  const idOf = async (one: string) => (await database.row<{ id: string }>(sql`select id from business where slug = ${one}`))!.id
  const businessId = await idOf(slug)
  await grantRole(database, phones.owner, { role: 'owner', businessId })
  await grantRole(database, phones.staff, { role: 'staff', businessId })
  await grantRole(database, phones.rival, { role: 'owner', businessId: await idOf('diriyah-padel') })
  const [owner, staff, rival, customer, other] = await Promise.all(Object.values(phones).map((phone) => signIn(product, phone)))
  const operator = await signIn(product, product.superuserPhone)

  const { items } = await json<{ items: CatalogService[] }>(`${product.url}/v1/businesses/${slug}/services`)
  const service = items.find(({ approvalHours }) => approvalHours !== null)!
  assert.equal(service.approvalHours, 24)
  const { slots } = await slotsOf(product.url, { slug, service })
  // Days away, so that what waits is not seen because it is today’s.
  const startsAt = slots.at(-2)!.startsAt
  const day = Temporal.Instant.from(startsAt).toZonedDateTimeISO('Asia/Riyadh').toPlainDate().toString()
  const wish = { businessSlug: slug, serviceId: service.id, startsAt, attendeeName: 'سلمان' }
  const { status, body: booked } = await customer!<Seen>('POST', '/v1/bookings', wish)
  assert.deepEqual([status, booked.status], [201, 'held'])
  const dayBy = async (as: NonNullable<typeof owner>, query = '') => await as<Day>('GET', `/v1/businesses/${slug}/day${query}`)

  const { body: today } = await dayBy(owner!)
  assert.deepEqual([today.day, today.items.length], [today.today, 0])
  assert.deepEqual(
    today.waiting.map(({ bookingId, awaitsApproval, customerName }) => [bookingId, awaitsApproval, customerName]),
    [[booked.id, true, 'سلمان']],
    'what waits is seen on any day',
  )
  for (const as of [staff!, operator]) assert.equal((await dayBy(as, `?day=${day}`)).body.items.length, 1)
  assert.equal((await dayBy(rival!)).status, 403)
  assert.equal((await dayBy(customer!)).status, 403)
  assert.equal((await owner!('GET', '/v1/businesses/nobody-here/day')).status, 404)
  assert.deepEqual(
    (await owner!<{ items: { slug: string; owner: boolean }[] }>('GET', '/v1/me/businesses')).body.items.map((one) => [
      one.slug,
      one.owner,
    ]),
    [[slug, true]],
  )
  assert.deepEqual(
    (await staff!<{ items: { slug: string; owner: boolean }[] }>('GET', '/v1/me/businesses')).body.items.map((one) => [
      one.slug,
      one.owner,
    ]),
    [[slug, false]],
  )
  assert.deepEqual((await customer!<{ items: unknown[] }>('GET', '/v1/me/businesses')).body.items, [])

  const look = async (as: NonNullable<typeof owner>) => (await as<Seen>('GET', `/v1/bookings/${booked.id}`)).body
  assert.deepEqual((await look(owner!)).customer, { name: 'سلمان', phone: phones.customer })
  assert.match((await look(operator)).customer?.phone ?? '', /•/)
  assert.equal((await look(customer!)).customer, null)
  assert.equal((await owner!('POST', `/v1/bookings/${booked.id}/approve`)).status, 200)
  const { body: after } = await dayBy(owner!, `?day=${day}`)
  assert.deepEqual([after.waiting, after.items[0]!.status, after.items[0]!.told], [[], 'confirmed', true])
  assert.equal(after.items[0]!.resources.length, 1)

  assert.equal((await look(staff!)).allowed.reschedule, true)
  const moved = await staff!<Seen>('POST', `/v1/bookings/${booked.id}/reschedule`, { startsAt: slots.at(-4)!.startsAt })
  assert.deepEqual([moved.status, moved.body.startsAt], [200, slots.at(-4)!.startsAt])

  const invite = async () => await owner!<{ code: string }>('POST', `/v1/bookings/${booked.id}/invite-again`)
  assert.deepEqual([(await look(owner!)).allowed.inviteAgain, (await invite()).body.code], [false, 'visit_not_over'])
  await database.run(sql`update booking set status = 'completed' where id = ${booked.id}`)
  assert.deepEqual([(await look(owner!)).allowed.inviteAgain, (await invite()).body.code], [false, 'customer_not_agreed'])
  await customer!('PUT', '/v1/me/contact', { email: null, marketing: true })
  assert.deepEqual([(await look(owner!)).allowed.inviteAgain, (await look(customer!)).allowed.inviteAgain], [true, false])
  assert.equal((await invite()).status, 200)
  const invited = await look(owner!)
  assert.deepEqual([invited.allowed.inviteAgain, invited.notifications.at(-1)?.kind], [false, 'visit-again'])

  // What was called off stays to be seen, what ran out was never there.
  const { body: lapsing } = await other!<Seen>('POST', '/v1/bookings', { ...wish, startsAt })
  assert.equal((await dayBy(owner!, `?day=${day}`)).body.waiting.length, 1)
  await database.run(sql`update booking set expires_at = now() - interval '1 second' where id = ${lapsing.id}`)
  assert.equal((await dayBy(owner!, `?day=${day}`)).body.waiting.length, 0)
})
