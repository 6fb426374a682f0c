import { callerOf, ref, type Routes } from '#http'
import type { BookingNeeds } from '../needs.ts'
import { unreached } from './unreached.ts'
import { BusinessSlug, Unreached, UnreachedQuery } from './unreached-schemas.ts'

export function unreachedRoutes(needs: BookingNeeds): Routes {
  return async (app) => {
    app.addSchema(Unreached)
    app.get(
      '/v1/businesses/:slug/unreached',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'listUnreached',
          summary: 'The customers of one day, tomorrow by default, whom no message told of their time: for the business to call',
          tags: ['bookings'],
          params: BusinessSlug,
          querystring: UnreachedQuery,
          response: { 200: ref(Unreached) },
        },
      },
      (request) => unreached(needs, callerOf(request), request.params.slug, request.query.day),
    )
  }
}
