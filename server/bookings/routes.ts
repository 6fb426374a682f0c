import type { FastifyRequest } from 'fastify'
import { callerOf, fromCursor, problems as common, ref, type Routes, toPage } from '#http'
import { book } from './book.ts'
import { toCalendar } from './calendar.ts'
import { managerOf, seen } from './access.ts'
import { cancel, cancelByBusiness, cancelPreview, cancelPreviewOfBusiness } from './cancel.ts'
import type { BookingNeeds } from './needs.ts'
import { pay } from './money/pay.ts'
import { type BookingRow, findBooking, listBookings } from './queries.ts'
import { reschedule, rescheduleByBusiness } from './reschedule.ts'
import {
  Booking,
  BookingId,
  Bookings,
  Calendar,
  CancelPreview,
  Cancellation,
  ListQuery,
  NewBooking,
  NewTime,
  StartedPayment,
} from './schemas.ts'
import { viewBooking, viewBookings } from './view.ts'

const tags = ['bookings']
const asAccount = { access: 'account' } as const
const withKey = { access: 'account', idempotency: 'required' } as const

export function bookingRoutes(needs: BookingNeeds): Routes {
  const who = (request: FastifyRequest) => ({ accountId: callerOf(request).accountId, locale: request.locale })
  const keyOf = (request: FastifyRequest) => String(request.headers['idempotency-key'])
  const look = async (request: FastifyRequest, id: string) => seen(callerOf(request), await findBooking(needs.database, id))
  // Read again for its clock and names: what is answered is what stands.
  const fresh = async (request: FastifyRequest, id: string) => {
    const { booking, standing } = await look(request, id)
    return viewBooking(needs, booking, standing)
  }
  const own = async (id: string, accountId: string): Promise<BookingRow> => {
    const booking = await findBooking(needs.database, id)
    if (booking?.accountId !== accountId) throw common.not_found()
    return booking
  }

  return async (app) => {
    app.addSchema(Booking)
    app.post(
      '/v1/bookings',
      {
        config: withKey,
        schema: { operationId: 'createBooking', summary: 'Take a time', tags, body: NewBooking, response: { 201: ref(Booking) } },
      },
      async (request, reply) => {
        const { startsAt, ...ask } = request.body
        const booking = await book(needs, who(request), { ...ask, startsAt: Temporal.Instant.from(startsAt) }, keyOf(request))
        reply.code(201)
        return viewBooking(needs, booking)
      },
    )
    app.get(
      '/v1/bookings',
      {
        config: asAccount,
        schema: {
          operationId: 'listBookings',
          summary: 'My bookings, newest first',
          tags,
          querystring: ListQuery,
          response: { 200: Bookings },
        },
      },
      async (request) => {
        const { cursor, limit = 20 } = request.query
        const { items: rows, nextCursor } = toPage(
          await listBookings(needs.database, callerOf(request).accountId, fromCursor(cursor), limit),
          limit,
          (row) => row,
        )
        return { items: await viewBookings(needs, rows), nextCursor }
      },
    )
    app.get(
      '/v1/bookings/:id',
      {
        config: asAccount,
        schema: {
          operationId: 'getBooking',
          summary: 'One booking of mine, or of my business',
          tags,
          params: BookingId,
          response: { 200: ref(Booking) },
        },
      },
      async (request) => fresh(request, request.params.id),
    )
    app.post(
      '/v1/bookings/:id/payments',
      {
        config: withKey,
        schema: {
          operationId: 'startPayment',
          summary: 'Start paying a held booking',
          tags,
          params: BookingId,
          response: { 201: StartedPayment },
        },
      },
      async (request, reply) => {
        const { id, status, amount, redirectUrl, expiresAt } = await pay(needs, who(request), request.params.id, keyOf(request))
        reply.code(201)
        return { id, status, amount, redirectUrl, expiresAt: expiresAt.toString() }
      },
    )
    app.post(
      '/v1/bookings/:id/reschedule',
      {
        config: withKey,
        schema: {
          operationId: 'rescheduleBooking',
          summary: 'Move a confirmed booking: as its customer by what was promised, as its business freely',
          tags,
          params: BookingId,
          body: NewTime,
          response: { 200: ref(Booking) },
        },
      },
      async (request) => {
        const { startsAt, resourceId } = request.body
        const { booking, standing } = await look(request, request.params.id)
        const place = { startsAt: Temporal.Instant.from(startsAt), resourceId }
        // Whoever booked it moves it as a customer, by what was promised, even where they work.
        if (standing.customer) await reschedule(needs, booking.accountId, booking.id, place)
        else await rescheduleByBusiness(needs, managerOf(callerOf(request), standing), booking.id, place)
        return fresh(request, request.params.id)
      },
    )
    app.get(
      '/v1/bookings/:id/cancel-preview',
      {
        config: asAccount,
        schema: {
          operationId: 'previewCancellation',
          summary: 'What cancelling now would give back',
          tags,
          params: BookingId,
          response: { 200: CancelPreview },
        },
      },
      async (request) => {
        const { booking, standing } = await look(request, request.params.id)
        if (standing.customer) return cancelPreview(needs, booking.accountId, booking.id)
        return cancelPreviewOfBusiness(needs, managerOf(callerOf(request), standing), booking.id)
      },
    )
    app.post(
      '/v1/bookings/:id/cancel',
      {
        config: withKey,
        schema: {
          operationId: 'cancelBooking',
          summary: 'Cancel a booking: as its customer by the policy, as its business with all that was paid going back',
          tags,
          params: BookingId,
          body: Cancellation,
          response: { 200: ref(Booking) },
        },
      },
      async (request) => {
        const { booking, standing } = await look(request, request.params.id)
        // Whoever booked it cancels as a customer, by the policy, even where they work.
        if (standing.customer) await cancel(needs, booking.accountId, booking.id, request.body.reason)
        else await cancelByBusiness(needs, managerOf(callerOf(request), standing), booking.id, request.body.reason)
        return fresh(request, booking.id)
      },
    )
    app.get(
      '/v1/bookings/:id/calendar.ics',
      {
        config: asAccount,
        schema: { operationId: 'getCalendar', summary: 'The booking for a calendar', tags, params: BookingId, response: { 200: Calendar } },
      },
      async (request, reply) => {
        const view = await viewBooking(needs, await own(request.params.id, callerOf(request).accountId))
        return reply
          .type('text/calendar; charset=utf-8')
          .header('content-disposition', `attachment; filename="${view.reference}.ics"`)
          .send(toCalendar(view, request.locale, needs.publicUrl))
      },
    )
  }
}
