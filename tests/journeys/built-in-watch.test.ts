import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assemble } from '../../server/assembly.ts'
import { readConfig } from '../../server/config.ts'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { startWatchedHouse } from '../support/watched-house.ts'

interface Listed {
  items: { name: string; severity?: string; resolvedAt?: string | null; words?: { ar: string } }[]
}

test('the operator is told of a vendor that is down by another, again after an hour, and when it is over; the pages say so meanwhile', async (t) => {
  const house = await startWatchedHouse(t, {
    NOTIFICATION_FALLBACKS: 'unifonic',
    UNIFONIC_NOTIFICATION_APP_SID: 'app-sid-of-this-test',
    OPERATOR_ALERT_RECIPIENTS: 'sms:+966500000009',
  })
  await house.run('reconcile')
  const texts = async () =>
    (await house.play('GET', `/inbox.json?to=${encodeURIComponent('+966500000009')}`)) as { body: string; from: string }[]
  await house.play('PUT', '/faults', { provider: 'taqnyat', operation: 'send', fault: 'reset' })
  await house.book(6)
  // What may have gone out is not sent by another; that a person has looked at those, so that only the vendor is left to tell of.
  await house.product.house.database.run(
    sql`update notification set acknowledged_at = now(), acknowledged_reason = 'told by phone' where state = 'FAILED'`,
  )
  for (let step = 0; step < 4; step++) {
    await house.look()
    await house.pass(30)
  }
  const [first, ...others] = await texts()
  assert.deepEqual(others, [])
  assert.match(first!.body, /An outside vendor does not answer \(taqnyat\)/)

  for (let step = 0; step < 118; step++) {
    await house.look()
    await house.pass(30)
  }
  assert.equal((await texts()).length, 1, 'not again within the hour')
  for (let step = 0; step < 6; step++) {
    await house.look()
    await house.pass(30)
  }
  assert.equal((await texts()).length, 2)

  const operator = await signIn(house.product, house.product.superuserPhone)
  const customer = await signIn(house.product, '+966551234599')
  const owner = await signIn(house.product, '+966500000002')
  const listed = await operator<Listed>('GET', '/v1/ops/alerts')
  assert.deepEqual(
    listed.body.items.filter(({ resolvedAt }) => resolvedAt === null).map(({ name, severity }) => [name, severity]),
    [['vendor_down', 'page']],
  )
  assert.equal((await customer('GET', '/v1/ops/alerts')).status, 403)
  const mine = async (api: typeof owner) => (await api<Listed>('GET', '/v1/me/alerts')).body.items.map(({ words }) => words?.ar)
  assert.deepEqual(await mine(customer), [])
  assert.deepEqual(await mine(owner), ['أحد المزوّدين الخارجيين لا يجيب حالياً، وقد تتأخر الرسائل أو الدفع. المشغّل على علم ويتابع.'])

  await house.play('DELETE', '/faults')
  await house.book(1)
  for (let step = 0; step < 5; step++) {
    await house.look()
    await house.pass(30)
  }
  const [last] = await texts()
  assert.match(last!.body, /^Thabit – alert over\nOver: An outside vendor does not answer/)
  assert.equal((await texts()).length, 3)
  assert.deepEqual(await mine(owner), [])
})

test('two processes that watch tell once, and what one counted the other sees', async (t) => {
  const house = await startWatchedHouse(t)
  await house.run('reconcile')
  const second = await assemble(
    readConfig({
      DATABASE_URL: house.product.databaseUrl,
      LOG_LEVEL: 'silent',
      TOKEN_SECRET: 'a-token-secret-of-this-test-only-0123456789',
      CODE_SECRET: 'a-code-secret-of-this-test-only-0123456789',
      OTP_PROVIDER: 'unifonic',
      NOTIFICATION_PROVIDER: 'taqnyat',
      UNIFONIC_OTP_APP_SID: 'none',
      TAQNYAT_NOTIFICATION_TOKEN: 'none',
      MOYASAR_SECRET_KEY: `sk_test_${'k'.repeat(40)}`,
      MOYASAR_WEBHOOK_ENDPOINT_ID: 'hook-of-this-test-0123456789',
      MOYASAR_WEBHOOK_SECRET: 'a-webhook-secret-of-this-test-only-0123',
      OPERATOR_ALERT_RECIPIENTS: `webhook:${house.product.simulatorsUrl}/ntfy/operator-of-this-test`,
    }),
    house.clock,
  )
  t.after(() => second.close())
  const both = async () => Promise.all([house.look(), second.watch.run()])
  await both()
  await house.play('PUT', '/faults', { provider: 'taqnyat', operation: 'send', fault: 'http-500' })
  await house.book(20, 4)
  // Only the first process counted these; the second judges first.
  await house.look()
  await second.watch.run()
  for (let step = 0; step < 6; step++) {
    await house.pass(30)
    await both()
  }
  const said = (await house.told()).join('\n')
  assert.equal(said.split('Many messages fail now').length - 1, 1, said)
  const rows = await second.database.rows<{ name: string; count: number }>(
    sql`select name, count(*) as count from alert where resolved_at is null group by name having count(*) > 1`,
  )
  assert.deepEqual(rows, [])
  assert.equal(
    (await second.metrics.registry.getSingleMetric('alert_firing')!.get()).values.some(
      ({ labels }) => (labels as { alert?: string }).alert === 'messages_failing_fast',
    ),
    true,
  )
})

test('the canary takes the customers’ way: written, delivered, reported; no oftener than it should, by any number of processes', async (t) => {
  const house = await startWatchedHouse(t)
  const sent = async () =>
    house.product.house.database.rows<{ state: string; channel: string }>(
      sql`select state, channel from notification where kind = 'canary' order by created_at`,
    )
  await Promise.all([house.run('send-canaries'), house.run('send-canaries')])
  assert.deepEqual(await sent(), [{ state: 'SENT', channel: 'sms' }])
  await house.pass(540)
  await house.run('send-canaries')
  assert.equal((await sent()).length, 1)
  await house.pass(90)
  await house.run('send-canaries')
  assert.equal((await sent()).length, 2)
  const texts = (await house.play('GET', `/inbox.json?to=${encodeURIComponent('+966500000001')}`)) as { body: string }[]
  assert.equal(texts.filter(({ body }) => body.includes('test message')).length, 2)
  const metrics = await (await fetch(`${house.product.url}/metrics`)).text()
  assert.match(metrics, /^canary_last_success_timestamp_seconds\{channel="sms"\} \d/m)
})
