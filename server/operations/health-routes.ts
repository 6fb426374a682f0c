import { problems as common, type Routes } from '#http'
import { problems } from './errors.ts'
import type { createReadiness } from './readiness.ts'
import type { createGauges } from './gauges.ts'
import type { Metrics } from '#foundation'

interface HealthNeeds {
  metrics: Metrics
  gauges: ReturnType<typeof createGauges>
  readiness: ReturnType<typeof createReadiness>
}

/** For those who run the house: is this process alive, may requests be sent to it, and what does it count. */
export function healthRoutes({ metrics, gauges, readiness }: HealthNeeds): Routes {
  return async (app) => {
    // Answers as long as the event loop turns. It asks no database: a database that is away must not restart every server.
    app.get('/livez', async () => ({ status: 'alive' }))
    app.get('/readyz', async () => {
      const reason = await readiness.unready()
      if (reason) throw problems.not_ready({ reason }, 1)
      return { status: 'ready' }
    })
    app.get('/metrics', async (request, reply) => {
      if (Object.keys(request.query as object).length > 0) throw common.invalid_request()
      await gauges.refresh()
      return reply
        .type(metrics.registry.contentType)
        .header('cache-control', 'no-store')
        .send(await metrics.registry.metrics())
    })
  }
}
