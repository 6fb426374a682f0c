import { randomBytes } from 'node:crypto'
import { type Database, openDatabase, sql } from '../../../server/database/index.ts'
import { startSimulators } from '../../../simulators/index.ts'
import { loadDemoData } from '../../../start/demo-data.ts'
import { freePort } from '../../../start/ports.ts'
import { type CatalogService, slotsOf } from '../../support/customer.ts'
import { testDatabase } from '../../support/postgres.ts'
import { signIn } from './patience.ts'
import { type RunningHouse, startHouse } from './running-house.ts'

export interface Person {
  phone: string
  accessToken: string
}

/** What can be taken: a service and times at which it is free in an untouched database. */
export interface Offer {
  businessSlug: string
  serviceId: string
  /** Whoever wants a time wants this one's. */
  resourceId: string
  /** Each far enough from the others that none overlaps the next; soon enough that cancelling returns half. */
  starts: string[]
}

/** A place where one run after another happens: a database and an address of its own, and somebody to take over from the dead. */
export interface Lane {
  database: Database
  url: string
  people: [Person, Person]
  /** Whose business sells the last of these three. */
  owner: Person
  operator: Person
  paid: Offer
  free: Offer
  owned: Offer
  env(simulatorsUrl: string): Record<string, string>
  /** Empties what a run left behind. */
  clean(): Promise<void>
  /** A process that has loaded these sources and waits; while it lives its own life the next one is made ready. */
  victim(rewritten: string): RunningHouse
  /** The process that takes over; in a long run a new one each time. */
  successor(): RunningHouse
  close(): Promise<void>
}

export const gatewayKey = `sk_test_${'k'.repeat(40)}`
export const webhookSecret = 'a-webhook-secret-of-this-test-only-0123'
export const webhookPath = '/v1/webhooks/moyasar/hook-of-this-test-0123456789'

export const unifonicReportPath = '/v1/webhooks/unifonic/reports-of-this-test-0123456789'
export const reportPath = '/v1/webhooks/taqnyat/reports-of-this-test-0123456789'

export async function openLane({ freshSuccessors = false } = {}): Promise<Lane> {
  const created = await testDatabase()
  const { ownerPhone, superuserPhone } = await loadDemoData({ databaseUrl: created.url })
  const settings = {
    poolSize: 4,
    poolWaitMs: 20_000,
    statementTimeoutMs: 10_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 10_000,
  }
  const database = openDatabase({ url: created.url, ...settings }, () => {})
  const port = await freePort(0)
  const url = `http://127.0.0.1:${port}`
  const env = (simulatorsUrl: string) => environment(created.url, port, simulatorsUrl)

  let successor = startHouse()
  let waiting: { rewritten: string; house: RunningHouse } | undefined
  const simulators = await startSimulators({ port: 0 })
  await successor.tell({ do: 'open', env: env(simulators.url), timers: false })
  const people: [Person, Person] = [await signIn(url, simulators.url, newPhone()), await signIn(url, simulators.url, newPhone())]
  const paid = await offerOf(url, 'diriyah-padel', (service) => service.requiresPayment)
  const free = await offerOf(url, 'rawnaq-salon', (service) => !service.requiresPayment)
  const owned = await offerOf(url, 'rawnaq-salon', (service) => service.requiresPayment)
  const owner = await signIn(url, simulators.url, ownerPhone)
  const operator = await signIn(url, simulators.url, superuserPhone)
  await successor.tell({ do: 'close' })
  await simulators.close()

  return {
    database,
    url,
    people,
    owner,
    operator,
    paid,
    free,
    owned,
    env,
    clean: () => clean(database),
    victim(rewritten) {
      const { house } = waiting?.rewritten === rewritten ? waiting : { house: startHouse(rewritten) }
      if (waiting && waiting.house !== house) void waiting.house.kill()
      waiting = { rewritten, house: startHouse(rewritten) }
      return house
    },
    successor() {
      if (freshSuccessors || !successor.isAlive()) {
        void successor.kill()
        successor = startHouse()
      }
      return successor
    },
    async close() {
      await Promise.all([successor.kill(), waiting?.house.kill()])
      await database.close()
      await created.drop()
    },
  }
}

/** A Saudi mobile number nobody else of this run has. */
export function newPhone(): string {
  return `+9665${String(50_000_000 + (randomBytes(4).readUInt32BE() % 49_999_999)).padStart(8, '0')}`
}

export function environment(databaseUrl: string, port: number, simulatorsUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: '6',
    PORT: String(port),
    // The same for every process and lane: it is what tokens are issued under.
    PUBLIC_URL: 'http://thabit.test',
    LOG_LEVEL: 'silent',
    TOKEN_SECRET: 'a-token-secret-of-this-test-only-0123456789',
    ACCESS_TOKEN_MINUTES: '60',
    CODE_SECRET: 'a-code-secret-of-this-test-only-0123456789',
    // Everybody in a lane is at one address, and leaves codes unused when killed.
    CODE_LIMIT_ADDRESS_PER_HOUR: '100000',
    CODE_LIMIT_UNUSED_PER_RANGE: '100000',
    CODE_PROOF_AFTER: '0',
    OTP_PROVIDER: 'unifonic',
    NOTIFICATION_PROVIDER: 'taqnyat',
    UNIFONIC_BASE_URL: simulatorsUrl,
    UNIFONIC_WEBHOOK_ENDPOINT_ID: unifonicReportPath.split('/').at(-1) ?? '',
    UNIFONIC_OTP_APP_SID: 'app-sid-of-this-test',
    TAQNYAT_BASE_URL: simulatorsUrl,
    TAQNYAT_NOTIFICATION_TOKEN: 'token-of-this-test',
    TAQNYAT_WEBHOOK_ENDPOINT_ID: reportPath.split('/').at(-1) ?? '',
    // Asked only in the stories that name them.
    UNIFONIC_NOTIFICATION_APP_SID: 'other-app-sid-of-this-test',
    SMTP_FROM: 'thabit@bookings.test',
    MOYASAR_BASE_URL: simulatorsUrl,
    MOYASAR_SECRET_KEY: gatewayKey,
    MOYASAR_TIMEOUT_MS: '3000',
    MOYASAR_WEBHOOK_ENDPOINT_ID: webhookPath.split('/').at(-1) ?? '',
    MOYASAR_WEBHOOK_SECRET: webhookSecret,
  }
}

export async function offerOf(url: string, businessSlug: string, fits: (service: CatalogService) => boolean, most = 4): Promise<Offer> {
  const { items } = (await (await fetch(`${url}/v1/businesses/${businessSlug}/services`)).json()) as { items: CatalogService[] }
  const service = items.find(fits)
  if (!service) throw new Error(`${businessSlug} sells no such service.`)
  const resourceId = service.resources[0]?.id ?? ''
  const { slots } = await slotsOf(url, { slug: businessSlug, service }, resourceId)
  const hoursAhead = (startsAt: string) => (Date.parse(startsAt) - Date.now()) / 3_600_000
  const soon = slots
    .map(({ startsAt }) => startsAt)
    .filter((startsAt) => hoursAhead(startsAt) > 14 && (most > 4 || hoursAhead(startsAt) < 46))
  const starts = soon.filter((_, at) => at % 4 === 0).slice(0, most)
  if (starts.length < Math.min(most, 4)) throw new Error(`${businessSlug} has only ${starts.length} times in the next two days.`)
  return { businessSlug, serviceId: service.id, resourceId, starts }
}

/** What a run finds and leaves as it is: who sells what and when, and who people are. */
const given = new Set(
  `schema_migration account login_identifier role_grant session refresh_token
   business branch resource service requirement requirement_resource opening_rule special_day closure`.split(/\s+/),
)

/** Waits until the dead have left the database, then empties it; an audit entry and the books are final for the server, not for its test. */
async function clean(database: Database): Promise<void> {
  await database.run(sql`
    select pg_terminate_backend(pid, 2000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`)
  const tables = await database.rows<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const emptied = tables.filter(({ name }) => !given.has(name)).map(({ name }) => `delete from ${name};`)
  const client = await database.pool.connect()
  try {
    await client.query(`set session_replication_role = replica; ${emptied.join(' ')} set session_replication_role = origin`)
  } finally {
    client.release()
  }
}
