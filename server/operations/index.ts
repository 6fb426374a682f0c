import type { Database } from '#database'
import type { Absorbed, Surfaced } from '#external-calls'
import type { Clock, Locale, Log, Metrics } from '#foundation'
import type { Routes } from '#http'
import type { Sweep } from '#jobs'
import { channels, notificationKinds, type Notifications } from '#notifications'
import type { Payments } from '#payments'
import { alertRoutes } from './alerts/routes.ts'
import { type CanaryNeeds, sendCanaries } from './alerts/canary.ts'
import { createGauges } from './gauges.ts'
import { healthRoutes } from './health-routes.ts'
import { watchInvariants } from './invariants.ts'
import { moneyRoutes } from './money-routes.ts'
import { processGauges, watchEventLoop } from './process-gauges.ts'
import { previewRoutes } from './preview-routes.ts'
import { createReadiness } from './readiness.ts'
import { operatorRoutes } from './routes.ts'
import { createStatus } from './status.ts'
import { createTellOperator, type OperatorLine } from './alerts/tell-operator.ts'
import { watchAlerts } from './alerts/watch.ts'

export type { AlertNotice, OperatorLine } from './alerts/tell-operator.ts'
export { type AlertName, type AlertRule, alertAreas, alertRules } from './alerts/rules/index.ts'
export { durationText, toPromql } from './alerts/promql.ts'

export interface OperationsNeeds {
  database: Database
  /** Connections of the watch's own: it must see when all others are taken. */
  watchDatabase: Database
  clock: Clock
  log: Log
  metrics: Metrics
  surfaced: Surfaced
  absorbed: Absorbed
  notifications: Notifications
  payments: Payments
  operatorLines: readonly OperatorLine[]
  publicUrl: string
  settings: { watch: boolean; locale: Locale; canary: CanaryNeeds['canary'] }
}

/** What those who run the house see and do. */
export interface Operations {
  routes: Routes
  sweeps: Sweep[]
  watch: Sweep
  /** From now on `/readyz` sends new requests elsewhere; what is under way is not touched. */
  drain(): void
  draining(): boolean
  close(): void
}

export function openOperations(needs: OperationsNeeds): Operations {
  const { settings, metrics } = needs
  const loop = watchEventLoop()
  const readiness = createReadiness({ ...needs, loop })
  const gauges = createGauges({
    ...needs,
    database: needs.watchDatabase,
    pool: needs.database.pool,
    canaryChannels: settings.canary.recipients.map(({ channel }) => channel),
  })
  processGauges({ metrics, loop })
  beginAtNought(metrics)
  const health = healthRoutes({ ...needs, gauges, readiness, readStatus: createStatus({ ...needs, gauges, readiness }) })
  const operator = operatorRoutes(needs)
  const money = moneyRoutes(needs)
  const alerts = alertRoutes(needs)
  const tell = createTellOperator({ ...needs, lines: needs.operatorLines, locale: settings.locale })
  const watch = watchAlerts({ ...needs, database: needs.watchDatabase, gauges, tell })
  return {
    async routes(app) {
      await app.register(health)
      await app.register(alerts)
      await app.register(previewRoutes)
      // In one scope: they share the shape of a payment.
      await app.register(async (scope, options) => {
        await operator(scope, options)
        await money(scope, options)
      })
    },
    sweeps: [
      watchInvariants(needs),
      sendCanaries({ ...needs, canary: settings.canary, locale: settings.locale }),
      ...(settings.watch ? [watch] : []),
    ],
    watch,
    drain: () => readiness.drain(),
    draining: () => readiness.draining(),
    close: () => loop.stop(),
  }
}

/** A counter that has not counted yet is nothing to Prometheus, which then misses its first step. */
function beginAtNought({ notificationsEnded, bookings }: Metrics): void {
  for (const channel of channels)
    for (const kind of notificationKinds)
      for (const state of ['SENT', 'FAILED'] as const) notificationsEnded.inc({ channel, kind, state }, 0)
  for (const from of ['new', 'held'] as const) bookings.inc({ from, to: 'confirmed' }, 0)
}
