import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { type Database, sql } from '#database'
import { createLog } from '#foundation'
import { smallNeeds, smallServer } from '../../../tests/support/small-server.ts'
import { openedNotifications, phone } from '../../../tests/support/notifications-house.ts'
import { weakenedDatabase } from '../../../tests/support/weakened-database.ts'
import type { DeliveryReport, DeliveryReportReader, SaidDelivery } from './delivery-report-reader.ts'
import { deliveryEvidences, mergeReports } from './report-queries.ts'
import { mergeWaitingReports, type ReportNeeds } from './delivery-reports.ts'
import { openDeliveryReports } from './open-delivery-reports.ts'

const endpointId = 'an-address-nobody-guesses-0123456789'
/** A vendor that signs with a word and reports as many messages as it likes. */
const reader: DeliveryReportReader = {
  provider: 'vendor',
  read({ headers, rawBody }) {
    if (headers['x-signature'] === 'forged') return 'forged'
    try {
      const { reports } = JSON.parse(rawBody.toString()) as { reports: (Omit<DeliveryReport, 'saidAt'> & { saidAt: string | null })[] }
      return {
        verified: 'path',
        reports: reports.map((report) => ({ ...report, saidAt: report.saidAt === null ? null : Temporal.Instant.from(report.saidAt) })),
      }
    } catch {
      return { verified: 'path', reports: [] }
    }
  },
}
const silentVendor: DeliveryReportReader = {
  provider: 'whatsapp',
  read: () => 'forged',
  challenge: (query) => (query['hub.verify_token'] === 'ours' ? String(query['hub.challenge']) : 'forged'),
}

async function opened(t: TestContext) {
  const house = await openedNotifications(t)
  const woken: string[] = []
  const needs: ReportNeeds = {
    database: house.database,
    log: createLog({ level: 'silent' }),
    metrics: house.metrics,
    sources: [
      { reader, endpointId },
      { reader: silentVendor, endpointId },
    ],
    wake: (name) => void woken.push(name),
  }
  const reports = openDeliveryReports({ ...needs, publicUrl: 'https://thabit.example' })
  const app = await smallServer(t, reports.routes, smallNeeds(t))
  const post = (body: unknown, more: { url?: string; headers?: Record<string, string> } = {}) =>
    app.inject({
      method: 'POST',
      url: more.url ?? `/v1/webhooks/vendor/${endpointId}`,
      headers: { 'content-type': 'application/json', ...more.headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    })
  let said = 0
  const report = (
    delivery: SaidDelivery | null,
    change: Partial<Record<'providerMessageId' | 'said' | 'errorCode', string | null>> = {},
  ) => ({
    providerMessageId: 'v-1',
    said: delivery ?? 'Strange',
    delivery,
    errorCode: null,
    permanent: false,
    ourId: null,
    saidAt: new Date(1_900_000_000_000 + 1_000 * said++).toISOString(),
    ...change,
  })
  const say = (...reports: object[]) => post({ reports })
  const merge = () => mergeWaitingReports(needs)
  const evidence = async () =>
    (await house.database.row<{ delivery: SaidDelivery | null }>(sql`select delivery from notification order by created_at limit 1`))!
      .delivery
  const count = async (what: ReturnType<typeof sql>) =>
    (await house.database.row<{ count: number }>(sql`select count(*) as count from delivery_report where ${what}`))!.count
  const metric = async (text: string) => (await house.metrics.registry.metrics()).includes(text)
  return { ...house, needs, reports, app, post, say, report, merge, evidence, count, metric, woken }
}

/** As if the pause before they are looked at again were over. */
const passTime = (database: Database) => database.run(sql`update delivery_report set look_at = now() where merged_at is null`)

test('a report is kept before it is answered, twice is once, and it is carried into its message', async (t) => {
  const { tell, say, report, merge, evidence, count, metric, woken } = await opened(t)
  await tell([phone])
  const delivered = report('delivered')
  const answers = await Promise.all([say(delivered), say(delivered)])
  assert.deepEqual(
    answers.map(({ statusCode, body }) => [statusCode, body]),
    [
      [200, '{"received":true}'],
      [200, '{"received":true}'],
    ],
  )
  assert.equal((await say(delivered)).statusCode, 200)
  assert.equal(await count(sql`true`), 1)
  assert.deepEqual(woken, ['merge-delivery-reports'])
  assert.equal(await evidence(), null)
  assert.equal(await merge(), 1)
  assert.equal(await evidence(), 'delivered')
  assert.equal(await count(sql`merged_at is not null and notification_id is not null`), 1)
  // Its duplicates are known after it was carried over, too.
  await say(delivered)
  assert.equal(await merge(), 0)
  assert.ok(await metric('webhook_received_total{provider="vendor",result="duplicate"} 3'))
})

test('whatever the order they come in, one by one or together, the furthest word stays', async (t) => {
  const { database, tell, say, report, merge, evidence } = await opened(t)
  await tell([phone])
  const orders = <T>(all: T[]): T[][] =>
    all.length < 2 ? [all] : all.flatMap((one, at) => orders(all.toSpliced(at, 1)).map((rest) => [one, ...rest]))
  const furthest = (some: SaidDelivery[]) => deliveryEvidences.findLast((one) => some.includes(one))
  for (const some of [
    ['accepted', 'sent', 'delivered'],
    ['sent', 'undelivered', 'delivered'],
    ['sent', 'undelivered'],
    ['read', 'delivered'],
  ] as SaidDelivery[][]) {
    for (const order of orders(some)) {
      for (const together of [true, false]) {
        await database.run(sql`update notification set delivery = null, delivery_at = null`)
        const reports = order.map((one) => report(one))
        for (const part of together ? [reports] : reports.map((one) => [one])) {
          await say(...part)
          await merge()
        }
        assert.equal(await evidence(), furthest(some), `${order.join(', ')} ${together ? 'together' : 'one by one'}`)
      }
    }
  }
})

test('without the comparison a late “sent” would take “delivered” back', async (t) => {
  const { database, tell, say, report, merge, evidence } = await opened(t)
  await tell([phone])
  await say(report('delivered'))
  await merge()
  await say(report('sent'))
  const unguarded = weakenedDatabase(database, (statement) =>
    statement.replaceAll(/(array_position\(\$\d+::text\[\], n\.delivery\), 0\)) < /g, '$1 <> '),
  )
  await mergeReports(unguarded, 10)
  assert.equal(unguarded.weakenedStatements(), 1)
  assert.equal(await evidence(), 'sent')
})

test('many processes that carry reports over at once leave the furthest word', async (t) => {
  const { database, tell, say, report, merge, evidence, count } = await opened(t)
  await tell([phone])
  for (let round = 0; round < 5; round++) {
    await database.run(sql`update notification set delivery = null, delivery_at = null`)
    await say(...(['sent', 'delivered', 'accepted', 'undelivered', 'read', 'sent'] as const).map((one) => report(one)))
    await Promise.all([mergeReports(database, 2), mergeReports(database, 2), mergeReports(database, 2), merge()])
    await merge()
    assert.equal(await evidence(), 'read')
    assert.equal(await count(sql`merged_at is null`), 0)
  }
})

test('a report that is quicker than our own note of the vendor’s answer waits and is carried over then', async (t) => {
  const { database, vendor, tell, say, report, merge, evidence, count } = await opened(t)
  let answer = () => {}
  vendor.answer = () => new Promise((resolve) => (answer = () => resolve({ providerMessageId: 'v-1' })))
  const told = tell([phone])
  while (vendor.sent.length === 0) await new Promise((done) => setTimeout(done, 5))
  await say(report('delivered'))
  assert.equal(await merge(), 0)
  assert.equal(await evidence(), null)
  answer()
  await told
  assert.equal(await merge(), 0, 'it is looked at again after a pause')
  await passTime(database)
  assert.equal(await merge(), 1)
  assert.equal(await evidence(), 'delivered')
  assert.equal(await count(sql`looks > 0`), 1)
})

test('reports that are nobody’s are looked at ever more rarely, stand in nobody’s way, and are forgotten after a week', async (t) => {
  const { database, reports, tell, say, report, merge, evidence, count } = await opened(t)
  await say(...Array.from({ length: 450 }, (_, index) => report('sent', { providerMessageId: `code-${index}` })))
  await tell([phone])
  await say(report('delivered'))
  assert.equal(await merge(), 200)
  assert.equal(await merge(), 200)
  assert.equal(await merge(), 1)
  assert.equal(await evidence(), 'delivered')
  for (let look = 0; look < 5; look++) {
    await passTime(database)
    while ((await merge()) > 0);
  }
  assert.equal(await count(sql`looks = 6 and look_at > now() + interval '30 seconds' and look_at < now() + interval '34 seconds'`), 450)
  const forget = reports.sweeps.find(({ name }) => name === 'forget-delivery-reports')!
  assert.equal(await forget.run(), 0)
  await database.run(sql`update delivery_report set received_at = now() - interval '8 days'`)
  assert.equal(await forget.run(), 450)
  assert.equal(await count(sql`true`), 1, 'what was carried into a message stays with it')
})

test('“not delivered” is counted and told once, and only “delivered” puts it right', async (t) => {
  const { database, needs, tell, say, report, evidence, metric } = await opened(t)
  const loud: string[] = []
  const merge = () => mergeWaitingReports({ ...needs, onUndelivered: async ({ errorCode }) => void loud.push(String(errorCode)) })
  await tell([phone])
  await say(report('undelivered', { errorCode: '30005' }))
  await merge()
  await say(report('undelivered', { errorCode: '30005' }), report('sent'))
  await merge()
  assert.deepEqual(loud, ['30005'])
  assert.ok(await metric('notification_undelivered_total{provider="vendor"} 1'))
  assert.equal(await evidence(), 'undelivered')
  await say(report('delivered'))
  await merge()
  assert.equal(await evidence(), 'delivered')
  const { deliveryAt } = (await database.row<{ deliveryAt: Temporal.Instant }>(sql`select delivery_at from notification`))!
  assert.ok(deliveryAt.toString().startsWith('2030-03-17'), 'the vendor’s own time is kept')
})

test('of an attempt before the latest only good news counts', async (t) => {
  const { database, tell, row, say, report, merge, evidence } = await opened(t)
  await tell([phone])
  const { id } = await row()
  await database.run(
    sql`insert into notification_attempt (notification_id, provider, result, provider_message_id) values (${id}, 'vendor', 'ok', 'v-2')`,
  )
  await say(report('undelivered'))
  await merge()
  assert.equal(await evidence(), null)
  await say(report('sent', { providerMessageId: 'v-2' }))
  await merge()
  assert.equal(await evidence(), 'sent')
  await say(report('delivered'))
  await merge()
  assert.equal(await evidence(), 'delivered')
})

test('a wrong address, a vendor that is not ours and a forged report are turned away alike and leave nothing', async (t) => {
  const { post, report, count, metric, app } = await opened(t)
  const body = { reports: [report('delivered')] }
  const answers = await Promise.all([
    post(body, { url: `/v1/webhooks/vendor/${endpointId}x` }),
    post(body, { url: `/v1/webhooks/vendor/${endpointId.slice(1)}` }),
    post(body, { url: '/v1/webhooks/vendor/%20' }),
    post(body, { url: `/v1/webhooks/twilio/${endpointId}` }),
    post(body, { url: `/v1/webhooks/${randomUUID()}/${endpointId}` }),
    post(body, { headers: { 'x-signature': 'forged' } }),
    app.inject({ method: 'GET', url: `/v1/webhooks/whatsapp/${endpointId}?hub.verify_token=theirs&hub.challenge=7` }),
    app.inject({ method: 'GET', url: '/v1/webhooks/whatsapp/elsewhere?hub.verify_token=ours&hub.challenge=7' }),
  ])
  const bodies = answers.map((answer) => {
    const { instance: _, ...problem } = answer.json() as Record<string, unknown>
    return JSON.stringify([answer.statusCode, problem])
  })
  assert.equal(new Set(bodies).size, 1)
  assert.equal(answers[0].statusCode, 401)
  assert.equal(await count(sql`true`), 0)
  assert.ok(await metric('webhook_received_total{provider="unknown",result="not_trusted"} 2'))
  const challenge = await app.inject({
    method: 'GET',
    url: `/v1/webhooks/whatsapp/${endpointId}?hub.mode=subscribe&hub.verify_token=ours&hub.challenge=7%3C1`,
  })
  assert.deepEqual([challenge.statusCode, challenge.body, challenge.headers['content-type']], [200, '7<1', 'text/plain; charset=utf-8'])
})

test('bodies of both types and of ten thousand letters are taken, what cannot be kept is left out, and what is too long, cut or strange is refused', async (t) => {
  const { post, say, report, count } = await opened(t)
  const long = Array.from({ length: 90 }, (_, index) => report('sent', { providerMessageId: `many-${index}` }))
  assert.ok(JSON.stringify(long).length > 10_000)
  assert.equal((await say(...long)).statusCode, 200)
  assert.equal(await count(sql`true`), 90)
  for (const type of ['application/x-www-form-urlencoded', 'application/json; charset=utf-8'])
    assert.equal((await post({ reports: [report('sent')] }, { headers: { 'content-type': type } })).statusCode, 200, type)
  assert.equal(await count(sql`true`), 92)
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  for (const body of ['null', '[]', '{"reports":[]}', '7']) assert.equal((await post(body)).statusCode, 200, body)
  for (const body of ['a=1&b=2', 'ا'.repeat(10_000)]) assert.equal((await post(body, form)).statusCode, 200, body.slice(0, 20))
  assert.equal((await post('', form)).statusCode, 400, 'nothing at all is no report')
  // Cut short, it may come whole the next time; of no type a vendor uses, it is none of theirs.
  for (const body of [' {', '{"reports":'.repeat(1_000)]) assert.equal((await post(body)).statusCode, 400, body.slice(0, 20))
  for (const type of ['text/plain', 'text/html', 'application/octet-stream'])
    assert.equal((await post('{}', { headers: { 'content-type': type } })).statusCode, 415, type)
  await say(
    report('sent', { providerMessageId: 'nul\0' }),
    report('sent', { said: '\ud800' }),
    report('sent', { errorCode: 'x'.repeat(500) }),
    report('sent', { providerMessageId: '' }),
  )
  assert.equal(await count(sql`true`), 92)
  assert.equal((await post('x'.repeat(300_000))).statusCode, 413)
})
