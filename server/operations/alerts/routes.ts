import type { Database } from '#database'
import { callerOf, type Routes } from '#http'
import { listAlerts } from './queries.ts'
import { alertRules } from './rules/index.ts'
import { Alert, Alerts, BusinessAlert, BusinessAlerts } from './schemas.ts'

const tags = ['operations']

/** What the built-in watch found: all of it for the operator, what concerns them for those who act for a business. */
export function alertRoutes({ database }: { database: Database }): Routes {
  return async (app) => {
    app.addSchema(Alert)
    app.addSchema(BusinessAlert)
    app.get(
      '/v1/ops/alerts',
      {
        config: { access: 'operator' },
        schema: { operationId: 'listAlerts', summary: 'Alerts that hold, and those of a day that ended', tags, response: { 200: Alerts } },
      },
      async () => ({
        items: (await listAlerts(database)).map(({ id, name, severity, labels, since, notifiedAt, resolvedAt }) => ({
          id,
          name,
          severity,
          labels,
          summary: alertRules[name]?.summary ?? { ar: name, en: name },
          runbook: alertRules[name]?.runbook ?? '',
          since: since.toString(),
          notifiedAt: notifiedAt?.toString() ?? null,
          resolvedAt: resolvedAt?.toString() ?? null,
        })),
      }),
    )
    app.get(
      '/v1/me/alerts',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'listMyAlerts',
          summary: 'What those who act for a business should know now; nothing for customers',
          tags,
          response: { 200: BusinessAlerts },
        },
      },
      async (request) => {
        if (callerOf(request).roles.length === 0) return { items: [] }
        const holding = (await listAlerts(database)).filter(({ resolvedAt }) => resolvedAt === null)
        const told = new Set<string>()
        return {
          items: holding.flatMap(({ name, since }) => {
            const words = alertRules[name]?.business
            // Several alerts may come to the same for a business: said once.
            if (!words || told.has(words.en)) return []
            told.add(words.en)
            return { name, words, since: since.toString() }
          }),
        }
      },
    )
  }
}
