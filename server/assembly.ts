import type { FastifyInstance } from 'fastify'
import { openAccounts } from '#accounts'
import { openAvailability } from '#availability'
import { openBookings } from '#bookings'
import { openCatalog } from '#catalog'
import { type Database, openDatabase } from '#database'
import { createAbsorbed, createAttempt, createSurfaced, waitAtMost } from '#external-calls'
import { type Clock, createLog, createMetrics, type Log, type Metrics, systemClock } from '#foundation'
import { createServer, forgetOldKeys } from '#http'
import { startSweeps, type Sweep, type Sweeps } from '#jobs'
import { openDeliveryReports, openNotifications } from '#notifications'
import { openOperations } from '#operations'
import { openPayments } from '#payments'
import type { Config } from './config.ts'
import { openMoyasar } from './providers/moyasar/index.ts'
import { openTraceExport } from './providers/otlp/index.ts'
import { operatorLines } from './providers/operator-lines.ts'
import { deliveryReportReaders, notificationProviders, otpProvider } from './providers/chosen-vendors.ts'

/** The whole house, built and not yet open. */
export interface House {
  app: FastifyInstance
  database: Database
  log: Log
  metrics: Metrics
  /** Everything that runs by the passing of time, for those who run it at times of their own choosing. */
  sweeps: readonly Sweep[]
  /** Judges the alert rules; among the sweeps unless a setting says that Prometheus does. */
  watch: Sweep
  makeSuperuser(writtenPhone: string): Promise<{ accountId: string; phone: string; created: boolean }>
  /** Answers requests and runs the sweeps. Resolves with the address it listens on. */
  listen(): Promise<{ url: string }>
  /** Runs the sweeps alone: another process answers requests. */
  work(): void
  /** Says at `/readyz` that it is leaving and still answers for one pause between probes, each connection for the last time. */
  drain(): Promise<void>
  /** Answers what is under way, starts nothing more, and gives everything back. */
  close(): Promise<void>
}

/** Builds everything by hand, top to bottom, and joins what must not know each other. The only place that picks vendors. */
export async function assemble(config: Config, clock: Clock = systemClock): Promise<House> {
  const log = createLog(config.log)
  const metrics = createMetrics()
  const database = openDatabase(config.database, (error) =>
    log.warn({ event: 'database_connection_lost', err: error }, 'An idle database connection was cut.'),
  )
  const secure = config.publicUrl.startsWith('https:')

  // Started last; until then there is nothing to wake.
  let sweeps: Sweeps | undefined

  const traces = config.traces
    ? openTraceExport({
        ...config.traces,
        onEnd: (result, count) => metrics.spans.inc({ result }, count),
        onFailure: (error) => log.warn({ event: 'traces_unsent', err: error }, 'The collector did not take our traces.'),
      })
    : undefined
  const spans = traces?.spans
  const attempt = createAttempt({ clock, metrics, spans })
  const surfaced = createSurfaced(attempt)
  const providers = notificationProviders(config)
  const notifications = openNotifications({
    database,
    log,
    metrics,
    attempt,
    providers,
    settings: config.notifications,
  })
  const deliveryReports = openDeliveryReports({
    database,
    log,
    metrics,
    sources: deliveryReportReaders(config),
    wake: (sweep) => sweeps?.wake(sweep),
    publicUrl: config.publicUrl,
  })
  const absorbed = createAbsorbed(
    (tx, id, call) => notifications.promised(tx, id, call),
    (tx, call) => notifications.readdress(tx, call),
  )

  const accounts = openAccounts({
    database,
    clock,
    log,
    metrics,
    surfaced,
    secure,
    otpProvider: otpProvider(config),
    settings: { codes: config.codes, sessions: config.sessions },
    publicUrl: config.publicUrl,
  })
  const catalog = openCatalog({ database })
  const availability = openAvailability({ database, catalog })
  const payments = openPayments({
    database,
    log,
    metrics,
    surfaced,
    gateway: openMoyasar(config.moyasar),
    wake: (sweep) => sweeps?.wake(sweep),
    settings: { ...config.moyasar, live: config.moyasar.secretKey.startsWith('sk_live_') },
  })
  const bookings = openBookings({
    database,
    log,
    metrics,
    absorbed,
    accounts,
    catalog,
    availability,
    payments,
    notifications,
    publicUrl: config.publicUrl,
    settings: config.hold,
  })
  // Money settles for bookings, and messages are checked against them, without knowing what a booking is.
  payments.joinPayable(bookings.payable)
  // A canary is about nothing that could have changed.
  notifications.whenReaching((db, phone) => accounts.personAt(db, phone))
  notifications.whenSending(async (told) => (told.kind === 'canary' ? null : bookings.stillHolds(told)))
  // The watch must see when nobody else gets a connection any more.
  const watchDatabase = openDatabase({ ...config.database, poolSize: 2 }, () => {})
  const operations = openOperations({
    database,
    watchDatabase,
    clock,
    log,
    metrics,
    surfaced,
    absorbed,
    notifications,
    payments,
    operatorLines: operatorLines(config, providers),
    publicUrl: config.publicUrl,
    settings: config.operator,
  })

  const modules = [deliveryReports, accounts, catalog, availability, payments, bookings, operations]
  const app = await createServer(
    {
      database,
      log,
      metrics,
      spans,
      authenticate: accounts.authenticate,
      trustedProxies: config.trustedProxies,
      secure,
      draining: () => operations.draining(),
    },
    modules.map(({ routes }) => routes),
  )
  await app.ready()

  const housekeeping: Sweep = { name: 'forget-idempotency-keys', everyMs: 600_000, run: () => forgetOldKeys(database) }
  const allSweeps = [
    housekeeping,
    ...accounts.sweeps,
    ...notifications.sweeps,
    ...deliveryReports.sweeps,
    ...payments.sweeps,
    ...bookings.sweeps,
    ...operations.sweeps,
  ]
  const work = () => void (sweeps ??= startSweeps(allSweeps, { log, metrics, spans, clock }))

  return {
    app,
    database,
    log,
    metrics,
    sweeps: allSweeps,
    watch: operations.watch,
    makeSuperuser: (writtenPhone) => accounts.makeSuperuser(writtenPhone),
    work,
    async listen() {
      const url = await app.listen({ host: config.host, port: config.port })
      work()
      log.info({ event: 'open', url }, 'open')
      return { url }
    },
    async drain() {
      operations.drain()
      await waitAtMost(config.operator.drainMs, new Promise(() => {}))
    },
    async close() {
      operations.drain()
      await Promise.all([app.close(), sweeps?.stop()])
      await notifications.close()
      await traces?.flush()
      await Promise.all([database.close(), watchDatabase.close()])
      operations.close()
      log.info({ event: 'closed' }, 'closed')
    },
  }
}
