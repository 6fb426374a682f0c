import type { Clock, Metrics } from '#foundation'
import { problems as common, type Routes } from '#http'
import { problems } from './errors.ts'
import type { Gauges } from './gauges.ts'
import type { Readiness } from './readiness.ts'
import type { ReadStatus } from './status.ts'

interface HealthNeeds {
  clock: Clock
  metrics: Metrics
  gauges: Gauges
  readiness: Readiness
  readStatus: ReadStatus
}

/** A sweep that is so much later than it should be will not come back by itself. */
const hopelessSeconds = 300

/** For those who run the house: is this process alive, may requests be sent to it, and what does it count. */
export function healthRoutes({ clock, metrics, gauges, readiness, readStatus }: HealthNeeds): Routes {
  async function stuckSweep(): Promise<string | null> {
    const nowSeconds = clock.now().epochMilliseconds / 1_000
    const { values } = await metrics.sweepsDue.get()
    const stuck = values.find(({ value }) => nowSeconds - value > hopelessSeconds)
    return stuck === undefined ? null : String(stuck.labels.worker)
  }
  return async (app) => {
    // Answers as long as the event loop turns and the sweeps do. It asks no database: one that is away must not restart every server.
    app.get('/livez', async () => {
      const worker = await stuckSweep()
      if (worker !== null) throw problems.not_alive({ worker })
      return { status: 'alive' }
    })
    app.get('/startupz', async () => {
      if (!(await readiness.started())) throw problems.not_ready({ reason: 'starting' }, 1)
      return { status: 'started' }
    })
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
    app.get('/statusz', { config: { access: 'operator' } }, async (_request, reply) => {
      void reply.header('cache-control', 'no-store')
      return readStatus()
    })
  }
}
