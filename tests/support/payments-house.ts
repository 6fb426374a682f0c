import { randomUUID } from 'node:crypto'
import { type Database, openDatabase, sql, type Transaction } from '../../server/database/index.ts'
import { createAttempt, createSurfaced } from '../../server/external-calls/index.ts'
import { createLog, createMetrics, type Metrics, systemClock } from '../../server/foundation/index.ts'
import { openPayments, type Payable, type PaymentGateway, type Payments, type StartAsk } from '../../server/payments/index.ts'
import { openMoyasar } from '../../server/providers/moyasar/index.ts'
import { startSimulators } from '../../simulators/index.ts'
import { testDatabase } from './postgres.ts'

type TestContext = { after(run: () => Promise<void> | void): void }

export const gatewayKey = `sk_test_${'k'.repeat(40)}`
export const webhookSecret = 'a-webhook-secret-of-this-test-only-0123'
export const webhookEndpointId = 'hook-of-this-test-0123456789'

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What was decided about money that came: how the payable of the tests looks at it. */
type Decision = Awaited<ReturnType<Payable['paid']>>

export interface PaymentsHouse {
  simulatorsUrl: string
  database: Database
  metrics: Metrics
  payments: Payments
  /** How often each payable was told that it is paid. */
  told: Map<string, number>
  /** What the payable says of the next money; applied when nobody says. */
  decide(decision: Decision): void
  /** A new thing to pay for, and a wish to pay 150 SAR for it. */
  ask(change?: Partial<StartAsk>): StartAsk
  fault(fault: { operation: string; fault: string; times?: number; delayMs?: number }): Promise<void>
  clearFaults(): Promise<void>
  switches(values: Record<string, unknown>): Promise<void>
  /** Moves the gateway's own clock forward. */
  advanceGateway(ms: number): Promise<void>
  /** As if the attempt had come into its state that much earlier, and whoever was calling had died. */
  older(paymentId: string, seconds: number): Promise<void>
  /** The customer pays on the gateway's page. */
  play(
    redirectUrl: string | null,
    how?: { card?: string; threeDs?: 'approve' | 'reject' | 'leave' },
  ): Promise<{ paymentStatus: string; invoiceStatus: string; paymentId: string; challengeUrl: string | null }>
  /** How much of a charge the gateway says went back: all of one that was voided. */
  returned(chargeId: string): Promise<number>
  /** A call to the gateway's own API, past our code. */
  gateway<T>(method: string, path: string, body?: Record<string, unknown>): Promise<T>
  state(paymentId: string): Promise<{
    state: string
    disposition: string | null
    gatewayRef: string | null
    failureReason: string | null
    nextCheckAt: Temporal.Instant | null
    checks: number
  }>
  /** Makes everything due now that waits for its time, and runs every sweep until it finds nothing to do. */
  passTime(): Promise<void>
  /** The same house with another gateway, deadline or database. */
  with(change: { gateway?: (real: PaymentGateway) => PaymentGateway; database?: Database; payable?: (real: Payable) => Payable }): Payments
}

/** Payments on a database of their own, with the real adapter speaking to the played gateway, and a payable that only counts. */
export async function startPaymentsHouse(t: TestContext, { timeoutMs = 1_000, poolSize = 10 } = {}): Promise<PaymentsHouse> {
  const { url } = await testDatabase(t)
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const database = openDatabase(
    { url, poolSize, poolWaitMs: 5_000, statementTimeoutMs: 5_000, lockTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(() => database.close())
  const log = createLog({ level: 'silent' })
  const metrics = createMetrics()
  const businessId = randomUUID()
  await database.run(
    sql`insert into business (id, slug, name_ar, name_en, currency) values (${businessId}, ${`b-${businessId}`}, 'صالون', 'Salon', 'SAR')`,
  )

  const told = new Map<string, number>()
  let decision: Decision = { disposition: 'applied' }
  const payable: Payable = {
    lock: async (tx: Transaction, payableId) => void (await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${payableId}, 1))`)),
    paid: async (_tx, { payableId }) => {
      told.set(payableId, (told.get(payableId) ?? 0) + 1)
      return decision
    },
    returned: async () => {},
    ownedBy: async () => true,
    // The tests' things to pay for go by their id, and each costs 150 SAR.
    named: async (_db, reference) =>
      isId.test(reference) ? { payableId: reference, businessId, due: { amountMinor: 15_000, currency: 'SAR' } } : null,
    describe: async (_db, payableIds) => new Map(payableIds.map((id) => [id, { bookingId: id, bookingReference: 'ABC123' }])),
  }
  const real = openMoyasar({ baseUrl: simulators.url, secretKey: gatewayKey })
  const open: PaymentsHouse['with'] = (change) => {
    // No circuit breaker between two faults of one test.
    const attempt = createAttempt({ clock: systemClock, metrics, circuit: { failuresToOpen: 1_000, openMs: 1 } })
    const payments = openPayments({
      database: change.database ?? database,
      log,
      metrics,
      surfaced: createSurfaced(attempt),
      gateway: change.gateway?.(real) ?? real,
      settings: { timeoutMs, webhookEndpointId, webhookSecrets: [webhookSecret], live: false },
    })
    payments.joinPayable(change.payable?.(payable) ?? payable)
    return payments
  }
  const payments = open({})

  const send = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    const answer = await fetch(`${simulators.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }
  const gateway: PaymentsHouse['gateway'] = (method, path, body) =>
    send(method, `/v1${path}`, body, { authorization: `Basic ${Buffer.from(`${gatewayKey}:`).toString('base64')}` })
  return {
    simulatorsUrl: simulators.url,
    database,
    metrics,
    payments,
    told,
    decide: (next) => void (decision = next),
    ask: (change = {}) => ({
      businessId,
      payableId: randomUUID(),
      clientKey: randomUUID(),
      amount: { amountMinor: 15_000, currency: 'SAR' },
      description: 'Haircut',
      expiresAt: Temporal.Now.instant().add({ minutes: 10 }),
      returnUrl: 'http://localhost/bookings/1?returned=1',
      ...change,
    }),
    fault: (fault) => send('PUT', '/faults', { provider: 'moyasar', ...fault }),
    clearFaults: () => send('DELETE', '/faults'),
    switches: (values) => send('PUT', '/play/moyasar/switches', values),
    advanceGateway: (ms) => send('POST', '/play/clock', { advanceMs: ms }),
    older: async (id, seconds) =>
      void (await database.run(
        sql`update payment set updated_at = updated_at - ${seconds} * interval '1 second', calling_until = null where id = ${id}`,
      )),
    play: (redirectUrl, how = {}) => send('POST', '/play/moyasar', { redirectUrl, ...how }),
    gateway,
    async returned(chargeId) {
      const { status, amount, refunded } = await gateway<{ status: string; amount: number; refunded: number }>(
        'GET',
        `/payments/${chargeId}`,
      )
      return status === 'voided' ? amount : refunded
    },
    async state(paymentId) {
      const row = await database.row<Awaited<ReturnType<PaymentsHouse['state']>>>(
        sql`select state, disposition, gateway_ref, failure_reason, next_check_at, checks from payment where id = ${paymentId}`,
      )
      if (!row) throw new Error(`There is no payment ${paymentId}.`)
      return row
    },
    async passTime() {
      await database.run(sql`update payment set next_check_at = now() where next_check_at is not null`)
      await database.run(sql`update refund set next_try_at = now() where next_try_at is not null`)
      await database.run(sql`update webhook_event set next_try_at = now() where processed_at is null`)
      for (const sweep of payments.sweeps) while ((await sweep.run()) > 0);
    },
    with: open,
  }
}
