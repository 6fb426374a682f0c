import { randomUUID } from 'node:crypto'
import { openAvailability } from '../../server/availability/index.ts'
import type { BookingNeeds } from '../../server/bookings/needs.ts'
import { payableOf } from '../../server/bookings/confirm.ts'
import { openCatalog } from '../../server/catalog/index.ts'
import { type Database, openDatabase, sql } from '../../server/database/index.ts'
import { createAbsorbed, createAttempt, createSurfaced } from '../../server/external-calls/index.ts'
import { createLog, createMetrics, systemClock } from '../../server/foundation/index.ts'
import { openNotifications } from '../../server/notifications/index.ts'
import { openPayments, type Payments } from '../../server/payments/index.ts'
import { openMoyasar } from '../../server/providers/moyasar/index.ts'
import { startSimulators } from '../../simulators/index.ts'
import { loadDemoData } from '../../start/demo-data.ts'
import { testDatabase } from './postgres.ts'

type TestContext = { after(run: () => Promise<void> | void): void }

/** The modules behind bookings on a database of their own, with the gateway played over HTTP; without the server before them. */
export interface BookingsHouse {
  needs: BookingNeeds
  payments: Payments
  simulatorsUrl: string
  /** The same house on a database that lost a guard. */
  weaken(around: (database: Database) => Database): BookingsHouse
  newCustomer(): Promise<string>
}

export async function startBookingsHouse(t: TestContext, { poolSize = 30 } = {}): Promise<BookingsHouse> {
  const { url } = await testDatabase(t)
  await loadDemoData({ databaseUrl: url })
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const settings = { poolSize, poolWaitMs: 20_000, statementTimeoutMs: 10_000, lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 10_000 }
  const database = openDatabase({ url, ...settings }, () => {})
  t.after(() => database.close())
  return houseOn(database, simulators.url)
}

function houseOn(database: Database, simulatorsUrl: string): BookingsHouse {
  const log = createLog({ level: 'silent' })
  const metrics = createMetrics()
  const attempt = createAttempt({ clock: systemClock, metrics })
  const provider = { name: 'told', channel: 'sms' as const, send: async () => ({ providerMessageId: randomUUID() }) }
  const notifications = openNotifications({
    database,
    log,
    metrics,
    attempt,
    providers: [provider],
    settings: { delivery: 'queue', timeoutMs: 2_000 },
  })
  const catalog = openCatalog({ database })
  const payments = openPayments({
    database,
    log,
    metrics,
    surfaced: createSurfaced(attempt),
    gateway: openMoyasar({ baseUrl: simulatorsUrl, secretKey: `sk_test_${'a'.repeat(40)}` }),
    settings: { timeoutMs: 8_000, webhookEndpointId: 'none', webhookSecrets: ['none'], live: false },
  })
  const needs: BookingNeeds = {
    database,
    log,
    metrics,
    catalog,
    payments,
    notifications,
    absorbed: createAbsorbed(() => {}),
    availability: openAvailability({ database, catalog }),
    accounts: {
      contactOf: async () => ({ phone: '+966551234567', locale: 'ar', name: null, email: null, marketingConsent: false }),
      membersOf: async () => [],
      namesOf: async () => new Map<string, string>(),
    },
    publicUrl: 'http://localhost',
    settings: { minutes: 15, pageMinutes: 10, perAccount: 100, endingMinutes: 5 },
  }
  payments.joinPayable(payableOf(needs))
  notifications.whenSending(async () => null)
  return {
    needs,
    payments,
    simulatorsUrl,
    weaken: (around) => houseOn(around(database), simulatorsUrl),
    async newCustomer() {
      const row = await database.row<{ id: string }>(sql`insert into account (display_name) values ('Noura') returning id`)
      if (!row) throw new Error('An insert that returns gives a row.')
      return row.id
    },
  }
}

/** The metric's count over all labels. */
export async function counted(metric: { get(): Promise<{ values: { value: number }[] }> }): Promise<number> {
  return (await metric.get()).values.reduce((sum, { value }) => sum + value, 0)
}
