import type { Database } from '#database'
import type { Log, Metrics } from '#foundation'
import type { Routes } from '#http'
import type { Sweep } from '#jobs'
import type { Notifications } from '#notifications'
import type { Payments } from '#payments'
import { createGauges } from './gauges.ts'
import { healthRoutes } from './health-routes.ts'
import { watchInvariants } from './invariants.ts'
import { moneyRoutes } from './money-routes.ts'
import { createReadiness } from './readiness.ts'
import { operatorRoutes } from './routes.ts'

export interface OperationsNeeds {
  database: Database
  log: Log
  metrics: Metrics
  notifications: Notifications
  payments: Payments
}

/** What those who run the house see and do. */
export interface Operations {
  routes: Routes
  sweeps: Sweep[]
  /** From now on `/readyz` sends new requests elsewhere; what is under way is not touched. */
  drain(): void
}

export function openOperations(needs: OperationsNeeds): Operations {
  const readiness = createReadiness(needs)
  const health = healthRoutes({ metrics: needs.metrics, gauges: createGauges(needs), readiness })
  const operator = operatorRoutes(needs)
  const money = moneyRoutes(needs)
  return {
    async routes(app) {
      await app.register(health)
      // In one scope: they share the shape of a payment.
      await app.register(async (scope, options) => {
        await operator(scope, options)
        await money(scope, options)
      })
    },
    sweeps: [watchInvariants(needs)],
    drain: () => readiness.drain(),
  }
}
