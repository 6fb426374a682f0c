import type { Database } from '#database'
import type { Clock, Metrics } from '#foundation'
import { listAlerts } from './alerts/queries.ts'
import { canaryFigures } from './figure-queries.ts'
import type { Gauges } from './gauges.ts'
import { buildVersion } from './process-gauges.ts'
import type { Readiness } from './readiness.ts'

interface StatusNeeds {
  database: Database
  clock: Clock
  metrics: Metrics
  gauges: Gauges
  readiness: Readiness
}

export type ReadStatus = () => Promise<Status>

type Ages = Record<string, number>

/** What a person wants to know at a glance. Null: it could not be read, because the database is away. */
export interface Status {
  now: string
  build: { version: string; node: string; upSeconds: number }
  ready: string
  database: { up: boolean; schemaVersion: number | null; clockSkewSeconds: number | null; pendingRequests: number }
  circuits: { provider: string; purpose: string; state: 'closed' | 'half_open' | 'open' }[]
  oldestAgeSeconds: { pendingMessage: Ages; failedMessage: Ages; openMoney: Ages }
  sweeps: { worker: string; lastFinishedAt: string }[]
  canaries: { channel: string; lastSuccessAt: string; lastDeliveredAt: string | null }[] | null
  alerts: { name: string; severity: string; since: string }[] | null
}

const circuitStates = ['closed', 'half_open', 'open'] as const
const startedAtMs = performance.now()

export function createStatus({ database, clock, metrics, gauges, readiness }: StatusNeeds): ReadStatus {
  const values = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values ?? []
  const one = async (name: string): Promise<number | null> => (await values(name))[0]?.value ?? null
  const by = async (name: string, label: string): Promise<Ages> =>
    Object.fromEntries((await values(name)).map((row) => [String((row.labels as Record<string, unknown>)[label]), row.value]))
  const labelsOf = (row: { labels: object }) => row.labels as Record<string, string>
  const iso = (seconds: number) => new Date(seconds * 1_000).toISOString()

  return async () => {
    await gauges.refresh()
    const up = (await one('database_up')) === 1
    return {
      now: clock.now().toString(),
      build: { version: buildVersion, node: process.versions.node, upSeconds: Math.round((performance.now() - startedAtMs) / 1_000) },
      ready: (await readiness.unready()) ?? 'ready',
      database: {
        up,
        schemaVersion: await one('schema_version'),
        clockSkewSeconds: await one('clock_skew_seconds'),
        pendingRequests: (await one('db_client_connection_pending_requests')) ?? 0,
      },
      circuits: (await values('circuit_state')).map((row) => ({
        provider: labelsOf(row)['provider'] ?? '',
        purpose: labelsOf(row)['purpose'] ?? '',
        state: circuitStates[row.value] ?? 'open',
      })),
      oldestAgeSeconds: {
        pendingMessage: await by('notification_oldest_pending_age_seconds', 'channel'),
        failedMessage: await by('notification_unresolved_failed_oldest_age_seconds', 'channel'),
        openMoney: await by('payment_open_oldest_age_seconds', 'state'),
      },
      sweeps: (await values('worker_last_loop_timestamp_seconds')).map((row) => ({
        worker: labelsOf(row)['worker'] ?? '',
        lastFinishedAt: iso(row.value),
      })),
      canaries: up
        ? (await canaryFigures(database)).map(({ channel, successAt, deliveredAt }) => ({
            channel,
            lastSuccessAt: successAt.toString(),
            lastDeliveredAt: deliveredAt?.toString() ?? null,
          }))
        : null,
      alerts: up
        ? (await listAlerts(database))
            .filter(({ resolvedAt }) => resolvedAt === null)
            .map(({ name, severity, since }) => ({ name, severity, since: since.toString() }))
        : null,
    }
  }
}
