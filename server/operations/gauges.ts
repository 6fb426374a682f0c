import { collectDefaultMetrics, Gauge } from 'prom-client'
import type { Database } from '#database'
import type { Log, Metrics } from '#foundation'
import type { Notifications } from '#notifications'
import { differenceKinds, type Payments } from '#payments'
import { countMissingMessages } from './queries.ts'

const keptMs = 1_000

interface GaugeNeeds {
  database: Database
  log: Log
  metrics: Metrics
  notifications: Pick<Notifications, 'counts'>
  payments: Pick<Payments, 'counts' | 'differenceCounts'>
}

/** What only the database knows, read when somebody asks, and at most once a second: every process tells the same. */
export function createGauges({ database, log, metrics, notifications, payments }: GaugeNeeds): { refresh(): Promise<void> } {
  const registers = [metrics.registry]
  const gauge = (name: string, help: string, ...labelNames: string[]) => new Gauge({ name, help, labelNames, registers })
  collectDefaultMetrics({ register: metrics.registry })

  const databaseUp = gauge('database_up', 'Whether the database answered when these figures were last read.')
  const connections = gauge('db_client_connection_count', 'Connections of this process to the database.', 'state')
  const waiting = gauge('db_client_connection_pending_requests', 'Work of this process that waits for a connection.')
  const oldestPending = gauge(
    'notification_oldest_pending_age_seconds',
    'How long the notification that has waited longest has been waiting.',
    'channel',
  )
  const unresolvedFailed = gauge('notification_unresolved_failed', 'Notifications that failed and that nobody has sent again.', 'channel')
  const missing = gauge('notification_missing', 'Booking changes of the last week without their notification row; must be 0.', 'kind')
  const openMoney = gauge('payment_open', 'Payments and refunds whose end is not known yet.', 'state')
  const openMoneyAge = gauge('payment_open_oldest_age_seconds', 'Age of the oldest of them.', 'state')
  const openDifferences = gauge('reconciliation_break_open', 'Differences between the gateway and us that nobody has dealt with.', 'kind')
  const lastReconciled = gauge(
    'reconciliation_last_success_timestamp_seconds',
    'When everything was last compared with the gateway’s list.',
  )
  const fromDatabase = [oldestPending, unresolvedFailed, missing, openMoney, openMoneyAge, openDifferences, lastReconciled]

  async function read(): Promise<void> {
    try {
      for (const { channel, oldestPendingAgeSeconds, unresolvedFailed: failed } of await notifications.counts(database)) {
        oldestPending.set({ channel }, oldestPendingAgeSeconds)
        unresolvedFailed.set({ channel }, failed)
      }
      for (const row of await countMissingMessages(database)) missing.set({ kind: row.kind }, row.missing)
      const money = await payments.counts(database)
      // States that nothing is in any more are not told.
      for (const figure of [openMoney, openMoneyAge]) figure.reset()
      for (const { state, count, oldestAgeSeconds } of money) {
        openMoney.set({ state }, count)
        openMoneyAge.set({ state }, oldestAgeSeconds)
      }
      const { open, lastSuccessAt } = await payments.differenceCounts(database)
      for (const kind of differenceKinds) openDifferences.set({ kind }, open.find((row) => row.kind === kind)?.count ?? 0)
      lastReconciled.set((lastSuccessAt?.epochMilliseconds ?? 0) / 1_000)
      databaseUp.set(1)
    } catch (error) {
      log.warn({ event: 'figures_unread', err: error }, 'The figures that only the database knows could not be read.')
      // Gone rather than stale: an alarm on absence sees it.
      for (const figure of fromDatabase) figure.reset()
      databaseUp.set(0)
    }
  }

  let last: { atMs: number; done: Promise<void> } | undefined
  return {
    async refresh() {
      const { pool } = database
      connections.set({ state: 'idle' }, pool.idleCount)
      connections.set({ state: 'used' }, pool.totalCount - pool.idleCount)
      waiting.set(pool.waitingCount)
      if (!last || performance.now() - last.atMs > keptMs) last = { atMs: performance.now(), done: read() }
      await last.done
    },
  }
}
