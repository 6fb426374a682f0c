import { callerOf, ref, type Routes } from '#http'
import { dayOf } from './day.ts'
import { BusinessDay, DayQuery } from './day-schemas.ts'
import type { BookingNeeds } from '../needs.ts'
import { BusinessSlug } from './unreached-schemas.ts'

export function dayRoutes(needs: BookingNeeds): Routes {
  return async (app) => {
    app.addSchema(BusinessDay)
    app.get(
      '/v1/businesses/:slug/day',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'getBusinessDay',
          summary: 'The bookings of a business on one day, today by default, and what waits for its yes',
          tags: ['bookings'],
          params: BusinessSlug,
          querystring: DayQuery,
          response: { 200: ref(BusinessDay) },
        },
      },
      (request) => dayOf(needs, callerOf(request), request.params.slug, request.query.day),
    )
  }
}
