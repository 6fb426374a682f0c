import { type BookingNeeds, type Bookings, openBookings } from '../../../server/bookings/index.ts'
import { openAvailability } from '../../../server/availability/index.ts'
import { openCatalog } from '../../../server/catalog/index.ts'
import { type Database, sql } from '../../../server/database/index.ts'
import { type Attempt as Call, createAbsorbed, createAttempt, createSurfaced } from '../../../server/external-calls/index.ts'
import { createLog, createMetrics, Problem, systemClock } from '../../../server/foundation/index.ts'
import { createServer } from '../../../server/http/index.ts'
import { type Notifications, openNotifications } from '../../../server/notifications/index.ts'
import { openPayments, type PaymentGateway, type Payments } from '../../../server/payments/index.ts'
import { openMoyasar } from '../../../server/providers/moyasar/index.ts'
import { taqnyatNotifications } from '../../../server/providers/taqnyat/index.ts'
import { startSimulators } from '../../../simulators/index.ts'
import { settlesAfterMinutes } from './gateway-model.ts'
import type { Lane } from './lane.ts'
import { openMailbox, type Letter } from './mailbox.ts'
import { originMs, setClock } from './movable-clock.ts'

const gatewayKey = `sk_test_${'m'.repeat(40)}`
const hook = { endpointId: 'hook-of-the-model-0123456789', secret: 'the-secret-of-the-model-0123456789' }
/** How long a call is waited for of which we know that nobody will answer it. */
const hangingMs = 50

/** Faults of our own, planted to see them found. */
export interface Planted {
  database?: (real: Database) => Database
  gateway?: (real: PaymentGateway) => PaymentGateway
  call?: (real: Call) => Call
  needs?: (real: BookingNeeds) => BookingNeeds
}

/** The real modules for one run, with the vendors played over HTTP, and one clock for all of them. */
export interface House {
  lane: Lane
  needs: BookingNeeds
  payments: Payments
  bookings: Bookings
  notifications: Notifications
  /** Moves all clocks to so many milliseconds after the run's beginning. */
  moveTo(ms: number): Promise<void>
  /** The instant so many milliseconds after the run's beginning. */
  at(ms: number): Temporal.Instant
  sweep(name: string): Promise<number>
  /** GET as a signed-in customer; the body, or the problem's code. */
  get(accountId: string, path: string): Promise<Record<string, unknown>>
  /** Hands a webhook to the product; the status of its answer. */
  receive(letter: Letter | Record<string, unknown>): Promise<number>
  /** What the gateway sent to our webhook address and nobody handed over yet. */
  letters: Letter[]
  /** The ids of events that were. */
  handedOver: Set<string>
  /** What proves that a webhook comes from the gateway. */
  secret: string
  /** A call to the vendors' controls or to the gateway's own API, past our code. */
  vendor<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>
  /** From now on this call is hopeless. */
  hanging: Set<string>
  commands: number
  close(): Promise<void>
}

export async function openHouse(
  lane: Lane,
  { refusedCardFailsPage, planted }: { refusedCardFailsPage: boolean; planted: Planted },
): Promise<House> {
  let nowMs = originMs
  await lane.empty()
  await lane.database.run(sql`select ${setClock(originMs)}`)
  const simulators = await startSimulators({ port: 0, clock: { now: () => nowMs } })
  const mailbox = await openMailbox()
  const vendor: House['vendor'] = async (method, path, body) => {
    const answer = await fetch(simulators.url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${gatewayKey}:`).toString('base64')}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as never
  }
  await vendor('POST', '/v1/webhooks', { http_method: 'post', url: mailbox.url, shared_secret: hook.secret })
  const invoiceAfterRefusedCard = refusedCardFailsPage ? 'failed' : 'initiated'
  await vendor('PUT', '/play/moyasar/switches', {
    webhookBeforeAnswer: true,
    invoiceAfterRefusedCard,
    voidWindowMinutes: settlesAfterMinutes,
  })

  const database = planted.database?.(lane.database) ?? lane.database
  const log = createLog({ level: 'silent' })
  const metrics = createMetrics()
  const hanging = new Set<string>()
  // Breakers have tests of their own; here every call is to be made.
  const plain = createAttempt({ clock: systemClock, metrics, circuit: { failuresToOpen: Infinity, openMs: 1 } })
  const impatient: Call = (name, run) => plain(hanging.has(name.operation) ? { ...name, timeoutMs: hangingMs } : name, run)
  const attempt = planted.call?.(impatient) ?? impatient
  const provider = taqnyatNotifications({ baseUrl: simulators.url, credential: 'token', sender: 'Thabit' })
  const notifications = openNotifications({
    database,
    log,
    metrics,
    attempt,
    providers: [provider],
    settings: { delivery: 'queue', timeoutMs: 20_000 },
  })
  const catalog = openCatalog({ database })
  const gateway = openMoyasar({ baseUrl: simulators.url, secretKey: gatewayKey })
  const payments = openPayments({
    database,
    log,
    metrics,
    surfaced: createSurfaced(attempt),
    gateway: planted.gateway?.(gateway) ?? gateway,
    settings: { timeoutMs: 20_000, webhookEndpointId: hook.endpointId, webhookSecrets: [hook.secret], live: false },
  })
  const needs: BookingNeeds = {
    database,
    log,
    metrics,
    catalog,
    payments,
    notifications,
    // Delivered by the sweep alone, when a command says so.
    absorbed: createAbsorbed(() => {}),
    availability: openAvailability({ database, catalog }),
    accounts: {
      contactOf: async () => ({ phone: '+966551234567', locale: 'ar', name: null, email: null, marketingConsent: false }),
      membersOf: async () => [],
      namesOf: async () => new Map<string, string>(),
    },
    publicUrl: 'http://localhost',
    settings: { minutes: 15, pageMinutes: 10, perAccount: 3, endingMinutes: 5 },
  }
  const bookings = openBookings(planted.needs?.(needs) ?? needs)
  payments.joinPayable(bookings.payable)
  notifications.whenSending((told) => bookings.stillHolds(told))
  const authenticate = async (token: string) => ({ accountId: token, sessionId: token, roles: [] })
  const app = await createServer({ database, log, metrics, authenticate, trustedProxies: 0, secure: false }, [payments.routes])
  const sweeps = new Map([...payments.sweeps, ...bookings.sweeps, ...notifications.sweeps].map((sweep) => [sweep.name, sweep]))

  return {
    lane,
    needs: planted.needs?.(needs) ?? needs,
    payments,
    bookings,
    notifications,
    letters: mailbox.letters,
    handedOver: new Set(),
    secret: hook.secret,
    hanging,
    vendor,
    commands: 0,
    at: (ms) => Temporal.Instant.fromEpochMilliseconds(originMs + ms),
    async moveTo(ms) {
      nowMs = originMs + ms
      await lane.database.run(sql`select ${setClock(nowMs)}`)
    },
    async sweep(name) {
      const sweep = sweeps.get(name)
      if (!sweep) throw new Error(`No sweep is called ${name}.`)
      return sweep.run()
    },
    async get(accountId, path) {
      const answer = await app.inject({ url: path, headers: { authorization: `Bearer ${accountId}` } })
      return answer.json<Record<string, unknown>>()
    },
    async receive(letter) {
      return (await app.inject({ method: 'POST', url: `/v1/webhooks/moyasar/${hook.endpointId}`, payload: letter })).statusCode
    },
    async close() {
      await app.close()
      await mailbox.close()
      await simulators.close()
    },
  }
}

/** What an act of the product answered, or the code of the problem it told. */
export async function outcomeOf<T>(act: Promise<T>): Promise<T | string> {
  try {
    return await act
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}
