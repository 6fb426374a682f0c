import { Gauge } from 'prom-client'
import type { Database } from '#database'
import type { Clock, Log, Metrics } from '#foundation'
import type { Notifications } from '#notifications'
import { differenceKinds, type Payments } from '#payments'
import { canaryFigures, codeConversion, databaseClock, messageFigures } from './figure-queries.ts'
import { countMissingMessages } from './completeness-queries.ts'

const keptMs = 1_000

export interface GaugeNeeds {
  database: Database
  /** Whose connections are counted. */
  pool: Database['pool']
  clock: Clock
  log: Log
  metrics: Metrics
  notifications: Pick<Notifications, 'counts'>
  payments: Pick<Payments, 'counts' | 'differenceCounts'>
  /** The ways by which canaries are sent. */
  canaryChannels: readonly string[]
}

export interface Gauges {
  /** Never throws: a database that is away is a figure too. */
  refresh(): Promise<void>
}

/** A few figures that are read together. */
interface Part {
  read(): Promise<void>
  figures: Gauge[]
}

/** What only the database knows, read when somebody asks, and at most once a second: every process tells the same. */
export function createGauges(needs: GaugeNeeds): Gauges {
  const { clock, log, metrics } = needs
  const bare = new Set<Gauge>()
  const make = (name: string, help: string, ...labelNames: string[]) => {
    const made: Gauge = new Gauge({ name, help, labelNames, registers: [metrics.registry] })
    if (labelNames.length === 0) bare.add(made)
    return made
  }
  const databaseUp = make('database_up', 'Whether the database answered when these figures were last read.')
  const connections = make('db_client_connection_count', 'Connections of this process to the database.', 'state')
  const mostConnections = make('db_client_connection_max', 'Connections this process may have.')
  const waiting = make('db_client_connection_pending_requests', 'Work of this process that waits for a connection.')
  const parts = [messagePart(needs, make), moneyPart(needs, make), codePart(needs, make), clockPart(needs, make)]

  async function read(): Promise<void> {
    try {
      // One after another: whoever looks on must not take the connections of those who work.
      for (const part of parts) await part.read()
      databaseUp.set(1)
    } catch (error) {
      log.warn({ event: 'figures_unread', err: error }, 'The figures that only the database knows could not be read.')
      // Gone rather than stale: an alarm on absence sees it.
      for (const figure of parts.flatMap(({ figures }) => figures)) {
        figure.reset()
        // One without labels went back to 0, which would say something.
        if (bare.has(figure)) figure.remove()
      }
      databaseUp.set(0)
    }
  }

  let last: { atMs: number; done: Promise<void> } | undefined
  return {
    async refresh() {
      const { pool } = needs
      const nowMs = clock.now().epochMilliseconds
      connections.set({ state: 'idle' }, pool.idleCount)
      connections.set({ state: 'used' }, pool.totalCount - pool.idleCount)
      mostConnections.set(pool.options.max)
      waiting.set(pool.waitingCount)
      if (!last || Math.abs(nowMs - last.atMs) > keptMs) last = { atMs: nowMs, done: read() }
      await last.done
    },
  }
}

type Make = (name: string, help: string, ...labelNames: string[]) => Gauge

function messagePart({ database, notifications, canaryChannels }: GaugeNeeds, make: Make): Part {
  const oldestPending = make(
    'notification_oldest_pending_age_seconds',
    'How long the notification that has waited longest has been waiting.',
    'channel',
  )
  const unresolved = make('notification_unresolved_failed', 'Notifications that failed and that nobody has dealt with.', 'channel')
  const unresolvedAge = make('notification_unresolved_failed_oldest_age_seconds', 'How long the oldest of them has been failed.', 'channel')
  const delivered = make('notification_delivered_ratio', 'Of the messages of a day that any report came for, how many arrived.', 'channel')
  const missing = make('notification_missing', 'Booking changes of the last week without their notification row; must be 0.', 'kind')
  const canarySent = make('canary_last_success_timestamp_seconds', 'When a vendor last took the canary’s message.', 'channel')
  const canaryDelivered = make(
    'canary_last_delivered_timestamp_seconds',
    'When the canary’s message last arrived, by the report.',
    'channel',
  )
  return {
    figures: [oldestPending, unresolved, unresolvedAge, delivered, missing, canarySent, canaryDelivered],
    async read() {
      for (const { channel, oldestPendingAgeSeconds, unresolvedFailed } of await notifications.counts(database)) {
        oldestPending.set({ channel }, oldestPendingAgeSeconds)
        unresolved.set({ channel }, unresolvedFailed)
      }
      delivered.reset()
      for (const { channel, oldestFailedAgeSeconds, deliveredRatio } of await messageFigures(database)) {
        unresolvedAge.set({ channel }, oldestFailedAgeSeconds)
        if (deliveredRatio !== null) delivered.set({ channel }, deliveredRatio)
      }
      for (const row of await countMissingMessages(database)) missing.set({ kind: row.kind }, row.missing)
      if (canaryChannels.length === 0) return
      for (const figure of [canarySent, canaryDelivered]) figure.reset()
      for (const { channel, successAt, deliveredAt } of await canaryFigures(database)) {
        if (!canaryChannels.includes(channel)) continue
        canarySent.set({ channel }, successAt.epochMilliseconds / 1_000)
        if (deliveredAt !== null) canaryDelivered.set({ channel }, deliveredAt.epochMilliseconds / 1_000)
      }
    },
  }
}

function moneyPart({ database, payments }: GaugeNeeds, make: Make): Part {
  const open = make('payment_open', 'Payments and refunds whose end is not known yet.', 'state')
  const openAge = make('payment_open_oldest_age_seconds', 'Age of the oldest of them.', 'state')
  const differences = make('reconciliation_break_open', 'Differences between the gateway and us that nobody has dealt with.', 'kind')
  const lastReconciled = make('reconciliation_last_success_timestamp_seconds', 'When everything was last compared with the gateway’s list.')
  return {
    figures: [open, openAge, differences, lastReconciled],
    async read() {
      const money = await payments.counts(database)
      // States that nothing is in any more are not told.
      for (const figure of [open, openAge]) figure.reset()
      for (const { state, count, oldestAgeSeconds } of money) {
        open.set({ state }, count)
        openAge.set({ state }, oldestAgeSeconds)
      }
      const found = await payments.differenceCounts(database)
      for (const kind of differenceKinds) differences.set({ kind }, found.open.find((row) => row.kind === kind)?.count ?? 0)
      lastReconciled.set((found.lastSuccessAt?.epochMilliseconds ?? 0) / 1_000)
    },
  }
}

function codePart({ database }: GaugeNeeds, make: Make): Part {
  const conversion = make('otp_conversion_ratio', 'Of the codes sent in the last half hour, how many were typed in.', 'country')
  return {
    figures: [conversion],
    async read() {
      const rows = await codeConversion(database)
      conversion.reset()
      for (const { country, ratio } of rows) conversion.set({ country }, ratio)
    },
  }
}

function clockPart({ database }: GaugeNeeds, make: Make): Part {
  const skew = make('clock_skew_seconds', 'How far this process’s clock is from the database’s, either way.')
  const schema = make('schema_version', 'Number of the newest migration of the database.')
  return {
    figures: [skew, schema],
    async read() {
      const askedAtMs = performance.now()
      const before = Date.now()
      const { epochSeconds, schemaVersion } = await databaseClock(database)
      // The answer was made somewhere between asking and hearing.
      const middle = before + (performance.now() - askedAtMs) / 2
      skew.set(Math.abs(middle / 1_000 - epochSeconds))
      schema.set(schemaVersion)
    },
  }
}
