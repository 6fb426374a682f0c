import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { until } from '../support/notifications-house.ts'
import { type Product, startProduct } from '../support/product.ts'

const phone = '+966551234567'

/** A second server on the same database and the same vendors, in a process of its own that can be killed. */
async function anotherServer(t: TestContext, { databaseUrl, simulatorsUrl }: Product): Promise<{ url: string; kill(): Promise<void> }> {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      PORT: '0',
      LOG_LEVEL: 'error',
      TOKEN_SECRET: 'a-token-secret-of-another-server-0123456789',
      CODE_SECRET: 'a-code-secret-of-another-server-0123456789',
      OTP_PROVIDER: 'unifonic',
      NOTIFICATION_PROVIDER: 'taqnyat',
      NOTIFICATION_TIMEOUT_MS: '20000',
      UNIFONIC_BASE_URL: simulatorsUrl,
      UNIFONIC_OTP_APP_SID: 'app-sid-of-this-test',
      TAQNYAT_BASE_URL: simulatorsUrl,
      TAQNYAT_NOTIFICATION_TOKEN: 'token-of-this-test',
      MOYASAR_BASE_URL: simulatorsUrl,
      MOYASAR_SECRET_KEY: `sk_test_${'k'.repeat(40)}`,
      MOYASAR_WEBHOOK_ENDPOINT_ID: 'hook-of-another-server-0123456789',
      MOYASAR_WEBHOOK_SECRET: 'a-webhook-secret-of-another-server-0123',
    },
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  t.after(kill)
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  await until(async () => /http:\S+/.test(printed), 20_000)
  return { url: /http:\S+/.exec(printed)![0], kill }
}

test('a server killed while the vendor keeps it waiting leaves a booking that stands and a message that another server sends', async (t) => {
  const product = await startProduct(t, { staffTold: false })
  const { database } = product.house
  const server = await anotherServer(t, product)
  const customer = await signIn({ ...product, url: server.url }, phone)
  const offer = await offerWhere(product, ({ requiresPayment }) => !requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  const fault = (method: string, body?: unknown) =>
    fetch(`${product.simulatorsUrl}/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  await fault('PUT', { provider: 'taqnyat', operation: 'send', fault: 'hang' })

  const lost = customer('POST', '/v1/bookings', {
    businessSlug: offer.slug,
    serviceId: offer.service.id,
    startsAt: slots.at(-1)!.startsAt,
  }).catch(() => 'the answer never came')
  const attempts = () =>
    database.rows<{ result: string | null; errorType: string | null }>(
      sql`select result, error_type from notification_attempt order by started_at`,
    )
  await until(async () => (await attempts()).length === 1)
  await server.kill()
  assert.equal(await lost, 'the answer never came')
  await fault('DELETE')
  const state = async () =>
    database.row<{ booking: string; notification: string }>(
      sql`select (select status from booking) as booking, (select state from notification) as notification`,
    )
  assert.deepEqual(await state(), { booking: 'confirmed', notification: 'PENDING' })

  // The lease is not waited for: it is made to have run out.
  await database.run(sql`update notification set lease_until = now(), next_attempt_at = now() - interval '1 hour'`)
  await until(async () => (await state())?.notification === 'SENT', 15_000)
  assert.deepEqual(await attempts(), [
    { result: 'unknown', errorType: 'interrupted' },
    { result: 'ok', errorType: null },
  ])
  const inbox = (await (await fetch(`${product.simulatorsUrl}/inbox.json?to=${encodeURIComponent(phone)}`)).json()) as { body: string }[]
  assert.equal(inbox.filter(({ body }) => body.includes('تم تأكيد حجزك')).length, 1)
})
