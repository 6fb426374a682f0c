import type { Catalog, OfferedService } from '#catalog'
import type { Database } from '#database'
import { problems, type Routes } from '#http'
import { findSlots, maxDays } from './find-slots.ts'
import { Slots, SlotsQuery, Slug } from './schemas.ts'

export function availabilityRoutes({ database, catalog }: { database: Database; catalog: Pick<Catalog, 'offeredService'> }): Routes {
  return async (app) => {
    app.get(
      '/v1/businesses/:slug/slots',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'listSlots',
          summary: `Free times of a service, ${maxDays} days at most`,
          tags: ['availability'],
          params: Slug,
          querystring: SlotsQuery,
          response: { 200: Slots },
        },
      },
      async (request) => {
        const { serviceId, branchId, resourceId } = request.query
        const { from, to } = readDates(request.query)
        const offered = await catalog.offeredService(database, {
          businessSlug: request.params.slug,
          serviceId,
          ...(branchId !== undefined && { branchId }),
        })
        if (!offered || !mayChoose(offered, resourceId)) throw problems.not_found()
        const slots = await findSlots(database, offered, { from, to, resourceId })
        return {
          zone: offered.branch.zone,
          slots: slots.map(({ startsAt, endsAt, resourceIds }) => ({
            startsAt: startsAt.toString(),
            endsAt: endsAt.toString(),
            resourceIds,
          })),
        }
      },
    )
  }
}

function readDates(query: { from: string; to: string }): { from: Temporal.PlainDate; to: Temporal.PlainDate } {
  const from = Temporal.PlainDate.from(query.from)
  const to = Temporal.PlainDate.from(query.to)
  const days = from.until(to, { largestUnit: 'days' }).days
  if (days < 0) throw problems.invalid_request({ errors: [{ pointer: '#query/to', code: 'before_from' }] })
  if (days >= maxDays) throw problems.invalid_request({ errors: [{ pointer: '#query/to', code: 'range_too_long' }] })
  return { from, to }
}

function mayChoose({ service }: OfferedService, resourceId: string | undefined): boolean {
  return (
    resourceId === undefined ||
    service.requirements.some(({ choosable, resources }) => choosable && resources.some(({ id }) => id === resourceId))
  )
}
