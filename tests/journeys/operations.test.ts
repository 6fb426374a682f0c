import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { type Answer, type Api, signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { startProduct } from '../support/product.ts'

const phone = '+966551234567'

interface Listed {
  items: { id: string; createdAt: string; state: string; bookingReference: string }[]
  nextCursor: string | null
}

test('what the operator sees and does, what nobody else may, and what a probe is told', async (t) => {
  const product = await startProduct(t, { staffTold: false })
  const customer = await signIn(product, phone)
  const operator = await signIn(product, product.superuserPhone)
  const book = async (paid: boolean, nth: number) => {
    const offer = await offerWhere(product, ({ requiresPayment }) => requiresPayment === paid)
    const { slots } = await slotsOf(product.url, offer)
    const startsAt = slots.at(-nth)!.startsAt
    return customer<{ id: string; reference: string }>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt,
    })
  }
  for (const nth of [1, 3, 5]) assert.equal((await book(false, nth)).status, 201)
  const get = (path: string, as: Api = operator) => as<Listed & { code?: string }>('GET', path)

  await t.test('only a platform administrator may look or act', async () => {
    const paths = ['/v1/ops/notifications', '/v1/ops/payments'] as const
    for (const path of paths) assert.equal((await get(path, customer)).status, 403)
    for (const path of paths) assert.equal((await fetch(product.url + path)).status, 401)
    for (const path of [`/v1/ops/notifications/${randomUUID()}/redrive`, `/v1/ops/payments/${randomUUID()}/settle`]) {
      assert.equal((await customer('POST', path)).status, 403)
      assert.equal((await operator('POST', path)).status, 404)
    }
  })

  await t.test('messages are paged without a gap or a repeat', async () => {
    const whole = await get('/v1/ops/notifications?limit=100')
    assert.equal(whole.body.items.length, 3)
    const walked: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer<Listed> = await get(`/v1/ops/notifications?limit=1${cursor ? `&cursor=${cursor}` : ''}`)
      walked.push(...page.body.items.map(({ id }) => id))
      cursor = page.body.nextCursor
    }
    assert.deepEqual(
      walked,
      whole.body.items.map(({ id }) => id),
    )
  })

  await t.test('messages are found by time, and a date is a whole day in Riyadh', async () => {
    const today = Temporal.Now.plainDateISO('Asia/Riyadh')
    const day = (ahead: number) => today.add({ days: ahead }).toString()
    const count = async (query: string) => (await get(`/v1/ops/notifications?${query}`)).body.items.length
    assert.equal(await count(`from=${day(0)}&to=${day(0)}`), 3)
    assert.equal(await count(`from=${day(1)}`), 0)
    assert.equal(await count(`to=${day(-1)}`), 0)
    const newest = (await get('/v1/ops/notifications?limit=1')).body.items[0]!.createdAt
    assert.equal(await count(`from=${newest}`), 1)
    assert.equal(await count(`to=${newest}`), 2)
  })

  await t.test('a wrong or unknown filter is refused', async () => {
    const wrong = [
      'status=LOST',
      'status=sent',
      'channel=pigeon',
      'provider=A%20B',
      `provider=${'x'.repeat(41)}`,
      'from=yesterday',
      'from=2026-02-30',
      'from=0000-01-01T00:00:00Z',
      'to=9999-12-31',
      'from=2026-11-22T10:00:00',
      'from=2026-11-23&to=2026-11-21',
      'cursor=%21',
      'cursor=abc',
      'limit=0',
      'limit=101',
      'limit=many',
      'limit=1&limit=2',
      'colour=red',
      'status=SENT&status=FAILED',
    ]
    for (const query of wrong) {
      const { status, body } = await get(`/v1/ops/notifications?${query}`)
      assert.deepEqual([query, status, body.code], [query, 400, 'invalid_request'])
    }
    for (const query of ['state=lost', 'status=paid', 'cursor=%21', 'limit=0'])
      assert.equal((await get(`/v1/ops/payments?${query}`)).status, 400, query)
    for (const path of [
      '/v1/ops/notifications/1/redrive',
      `/v1/ops/notifications/urn:uuid:${randomUUID()}/redrive`,
      '/v1/ops/payments/%00/settle',
    ])
      assert.equal((await operator('POST', path)).status, 400, path)
  })

  await t.test('a payment is listed with its booking, and settling it asks the gateway', async () => {
    const booked = await book(true, 2)
    const started = await customer<{ id: string }>('POST', `/v1/bookings/${booked.body.id}/payments`)
    assert.equal(started.status, 201)
    const { items } = (await get('/v1/ops/payments?state=redirected')).body
    assert.deepEqual(
      items.map(({ id, bookingReference }) => [id, bookingReference]),
      [[started.body.id, booked.body.reference]],
    )
    const settled = await operator<{ id: string; checks: number; bookingId: string }>('POST', `/v1/ops/payments/${started.body.id}/settle`)
    assert.deepEqual([settled.status, settled.body.id, settled.body.bookingId], [200, started.body.id, booked.body.id])
    assert.ok(settled.body.checks >= 1)
  })

  await t.test('figures are there for Prometheus and name no person', async () => {
    const answer = await fetch(`${product.url}/metrics`)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    const text = await answer.text()
    for (const name of [
      'notification_enqueued_total',
      'notification_attempt_total',
      'notification_oldest_pending_age_seconds',
      'notification_unresolved_failed',
      'notification_missing',
      'invariant_violation',
      'http_server_request_duration_seconds_count',
      'database_up 1',
      'nodejs_eventloop_lag_seconds',
    ]) {
      assert.ok(text.includes(name), `${name} is missing`)
    }
    assert.doesNotMatch(text, /551234567|[0-9a-f]{8}-[0-9a-f]{4}-|نورة|TH-/)
    const broken = text.split('\n').filter((line) => line.startsWith('invariant_violation{') && !line.endsWith(' 0'))
    assert.deepEqual(broken, [])
  })

  await t.test('a change whose message row is gone is counted', async () => {
    await product.house.database.run(sql`delete from notification_attempt`)
    await product.house.database.run(sql`delete from notification where kind = 'booking-confirmed'`)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    assert.match(await (await fetch(`${product.url}/metrics`)).text(), /^notification_missing\{kind="booking-confirmed"\} 3$/m)
  })

  await t.test('a probe hears that the server lives and is ready, and no longer ready when its database is not its own', async () => {
    const probe = async (path: string) => {
      const answer = await fetch(product.url + path)
      return {
        status: answer.status,
        type: answer.headers.get('content-type') ?? '',
        body: (await answer.json()) as { code?: string; reason?: string },
      }
    }
    assert.equal((await probe('/livez')).status, 200)
    assert.equal((await probe('/readyz')).status, 200)
    await product.house.database.run(sql`delete from schema_migration where name like '0009%'`)
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    const unready = await probe('/readyz')
    assert.deepEqual([unready.status, unready.body.code, unready.body.reason], [503, 'not_ready', 'migrations_missing'])
    assert.match(unready.type, /^application\/problem\+json/)
    assert.equal((await probe('/livez')).status, 200)
  })
})
