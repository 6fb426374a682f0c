/** The whole product for one test: the real house on a database of its own, with the vendors played over HTTP. */
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { assemble, type House } from '../../server/assembly.ts'
import { sql } from '../../server/database/index.ts'
import { readConfig } from '../../server/config.ts'
import type { Clock } from '../../server/foundation/index.ts'
import { startSimulators } from '../../simulators/index.ts'
import { tellVendors } from '../../start/tell-vendors.ts'
import { loadDemoData } from '../../start/demo-data.ts'
import { testDatabase } from './postgres.ts'

export type Product = {
  url: string
  simulatorsUrl: string
  /** The slugs of the demo businesses. */
  businesses: string[]
  superuserPhone: string
  databaseUrl: string
  house: House
  /** Ends it before its test does; harmless when repeated. */
  stop: () => Promise<void>
}

type TestContext = { after: (run: () => Promise<void>) => void }

const superuserPhone = '+966500000001'
const gatewayKey = `sk_test_${'k'.repeat(40)}`
export const webhookSecret = 'a-webhook-secret-of-this-test-only-0123'
export const webhookEndpoint = 'hook-of-this-test-0123456789'

interface ProductOptions {
  /** Settings beside those below, or what they are once it is known where the vendors are played. */
  env?: Record<string, string> | ((simulatorsUrl: string) => Record<string, string>)
  clock?: Clock
  /** Whether what runs by the passing of time does; else the test runs it at times of its own choosing. */
  sweeps?: boolean
  /** Whether owners and staff get messages too; false where a test counts those of one customer. */
  staffTold?: boolean
}

/** Starts it on free ports; `env` overrides any setting of the house. Ends with the test. */
export async function startProduct(
  t: TestContext,
  { env = {}, clock, sweeps = true, staffTold = true }: ProductOptions = {},
): Promise<Product> {
  const database = await testDatabase()
  const simulators = await startSimulators({ port: 0 })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = readConfig({
    DATABASE_URL: database.url,
    PORT: String(port),
    PUBLIC_URL: url,
    LOG_LEVEL: 'error',
    TOKEN_SECRET: 'a-token-secret-of-this-test-only-0123456789',
    CODE_SECRET: 'a-code-secret-of-this-test-only-0123456789',
    CODE_RESEND_MS: '1000',
    CODE_LIMIT_PHONE_PER_DAY: '1000',
    CODE_LIMIT_ADDRESS_PER_HOUR: '100000',
    CODE_LIMIT_TOTAL_PER_HOUR: '100000',
    CODE_LIMIT_UNUSED_PER_RANGE: '100000',
    CODE_PROOF_AFTER: '0',
    CODE_SPEND_CAP_PER_DAY: '100000000',
    CODE_SPEND_CAP_PER_COUNTRY: '*=100000000',
    OTP_PROVIDER: 'unifonic',
    NOTIFICATION_PROVIDER: 'taqnyat',
    UNIFONIC_BASE_URL: simulators.url,
    UNIFONIC_OTP_APP_SID: 'app-sid-of-this-test',
    TAQNYAT_BASE_URL: simulators.url,
    TAQNYAT_NOTIFICATION_TOKEN: 'token-of-this-test',
    // Set up and not asked, until a test names them among its fallbacks.
    TWILIO_BASE_URL: simulators.url,
    TWILIO_ACCOUNT_SID: 'AC-of-this-test',
    TWILIO_NOTIFICATION_API_KEY: 'SK-of-this-test:secret',
    WHATSAPP_BASE_URL: `${simulators.url}/v23.0`,
    WHATSAPP_PHONE_NUMBER_ID: '1',
    WHATSAPP_ACCESS_TOKEN: 'token-of-this-test',
    SMTP_URL: simulators.smtpUrl,
    SMTP_FROM: 'Thabit <bookings@thabit.test>',
    MOYASAR_BASE_URL: simulators.url,
    MOYASAR_SECRET_KEY: gatewayKey,
    MOYASAR_WEBHOOK_ENDPOINT_ID: webhookEndpoint,
    MOYASAR_WEBHOOK_SECRET: webhookSecret,
    ...(typeof env === 'function' ? env(simulators.url) : env),
  })
  await loadDemoData({ databaseUrl: database.url })
  const house = await assemble(config, clock)
  let stopping: Promise<void> | undefined
  const stop = () =>
    (stopping ??= (async () => {
      await house.close()
      await simulators.close()
      await database.drop()
    })())
  t.after(stop)
  if (!staffTold)
    await house.database.run(sql`
      insert into messaging_choice (business_id, staff_told) select id, false from business
      on conflict (business_id) do update set staff_told = false`)
  await house.makeSuperuser(superuserPhone)
  await (sweeps ? house.listen() : house.app.listen({ host: config.host, port }))
  await tellGatewayWhereToCall(simulators.url, `${url}/v1/webhooks/moyasar/${webhookEndpoint}`)
  await tellVendors(simulators.url, url, config)
  const { items } = (await (await fetch(`${url}/v1/businesses`)).json()) as { items: { slug: string }[] }
  return {
    url,
    simulatorsUrl: simulators.url,
    businesses: items.map(({ slug }) => slug),
    superuserPhone,
    databaseUrl: database.url,
    house,
    stop,
  }
}

async function tellGatewayWhereToCall(simulatorsUrl: string, url: string): Promise<void> {
  const answer = await fetch(`${simulatorsUrl}/v1/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${gatewayKey}:`).toString('base64')}` },
    body: JSON.stringify({ http_method: 'post', url, shared_secret: webhookSecret }),
  })
  if (!answer.ok) throw new Error(`The gateway did not take the webhook: ${answer.status} ${await answer.text()}`)
}

/** The newest text a phone got, waited for; `holds` says which. */
export async function messageTo(simulatorsUrl: string, phone: string, holds: (body: string) => boolean = () => true): Promise<string> {
  const until = Date.now() + 10_000
  for (;;) {
    const messages = (await (await fetch(`${simulatorsUrl}/inbox.json?to=${encodeURIComponent(phone)}`)).json()) as { body: string }[]
    const found = messages.find(({ body }) => holds(body))
    if (found) return found.body
    if (Date.now() > until) throw new Error(`No such message came to the phone; it has ${messages.length}.`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** The newest one-time code a phone got. */
export async function codeFor(simulatorsUrl: string, phone: string): Promise<string> {
  const body = await messageTo(simulatorsUrl, phone, (text) => /(?<!\d)\d{6}(?!\d)/.test(text))
  return /(?<!\d)\d{6}(?!\d)/.exec(body)?.[0] ?? ''
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
