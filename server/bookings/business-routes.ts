import type { FastifyRequest } from 'fastify'
import { callerOf, problems as common, ref, type Routes } from '#http'
import { managerOf, mayManage, seen } from './access.ts'
import { approve } from './approve.ts'
import { inviteAgain } from './telling/invite-again.ts'
import type { BookingNeeds } from './needs.ts'
import { findBooking } from './queries.ts'
import { Booking, BookingId } from './schemas.ts'
import { viewBooking } from './view.ts'

const tags = ['bookings']
const config = { access: 'account', idempotency: 'required' } as const

/** What is done about a booking in the business's name alone. */
export function businessRoutes(needs: BookingNeeds): Routes {
  const managed = async (request: FastifyRequest, id: string) => {
    const caller = callerOf(request)
    const { booking, standing } = seen(caller, await findBooking(needs.database, id))
    if (!mayManage(standing)) throw common.forbidden()
    return { booking, standing, by: managerOf(caller, standing) }
  }
  return async (app) => {
    app.addSchema(Booking)
    app.post(
      '/v1/bookings/:id/approve',
      {
        config,
        schema: {
          operationId: 'approveBooking',
          summary: 'Say yes, in the business’s name, to a booking that waits for it',
          tags,
          params: BookingId,
          response: { 200: ref(Booking) },
        },
      },
      async (request) => {
        const { booking, standing, by } = await managed(request, request.params.id)
        await approve(needs, by, booking.id)
        const after = await findBooking(needs.database, booking.id)
        if (!after) throw common.not_found()
        return viewBooking(needs, after, standing)
      },
    )
    app.post(
      '/v1/bookings/:id/invite-again',
      {
        config,
        schema: {
          operationId: 'inviteAgain',
          summary: 'Invite the customer of a visit that is over to come again, if they agreed to be',
          tags,
          params: BookingId,
          response: { 200: ref(Booking) },
        },
      },
      async (request) => {
        const { booking, standing, by } = await managed(request, request.params.id)
        await inviteAgain(needs, by, booking.id)
        return viewBooking(needs, booking, standing)
      },
    )
  }
}
