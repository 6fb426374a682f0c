import { callerOf, problems as common, ref, type Routes } from '#http'
import { managerOf, mayManage, mayRefund, seen } from '../access.ts'
import { bookingMoney, presentRefund } from './booking-money.ts'
import { BookingMoney, NewRefund, Refund } from './money-schemas.ts'
import type { BookingNeeds } from '../needs.ts'
import { markNoShow } from '../no-show.ts'
import { findBooking } from '../queries.ts'
import { refundBooking } from './refund.ts'
import { Booking, BookingId } from '../schemas.ts'
import { viewBooking } from '../view.ts'

const tags = ['bookings']

/** What is seen and done about one booking's money: by its customer, its business and the operator. */
export function bookingMoneyRoutes(needs: BookingNeeds): Routes {
  const { database, payments } = needs
  return async (app) => {
    app.addSchema(Refund)
    app.addSchema(BookingMoney)
    app.addSchema(Booking)
    app.get(
      '/v1/bookings/:id/money',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'getBookingMoney',
          summary: 'One booking’s money: attempts, refunds, and who did what',
          tags,
          params: BookingId,
          response: { 200: ref(BookingMoney) },
        },
      },
      async (request) => {
        const { booking, standing } = seen(callerOf(request), await findBooking(database, request.params.id))
        return bookingMoney(needs, booking, standing)
      },
    )
    app.post(
      '/v1/bookings/:id/refunds',
      {
        config: { access: 'account', idempotency: 'required' },
        schema: {
          operationId: 'refundBooking',
          summary: 'Give back a part or all of what was paid, in the business’s name',
          tags,
          params: BookingId,
          body: NewRefund,
          response: { 201: ref(Refund) },
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const { booking, standing } = seen(caller, await findBooking(database, request.params.id))
        if (!mayRefund(standing)) throw common.forbidden()
        const { actorKind } = managerOf(caller, standing)
        const refundId = await refundBooking(
          needs,
          { actorKind, actorId: caller.accountId },
          booking.id,
          request.body,
          String(request.headers['idempotency-key']),
        )
        const made = (await payments.moneyOf(database, booking.orderId, booking.currency)).refunds.find(({ id }) => id === refundId)
        if (!made) throw new Error(`The refund ${refundId} was made and cannot be found.`)
        reply.code(201)
        return presentRefund(made)
      },
    )
    app.post(
      '/v1/bookings/:id/no-show',
      {
        config: { access: 'account', idempotency: 'required' },
        schema: {
          operationId: 'markNoShow',
          summary: 'Note in the business’s name that the customer did not come',
          tags,
          params: BookingId,
          response: { 200: ref(Booking) },
        },
      },
      async (request) => {
        const caller = callerOf(request)
        const { booking, standing } = seen(caller, await findBooking(database, request.params.id))
        if (!mayManage(standing)) throw common.forbidden()
        await markNoShow(needs, managerOf(caller, standing), booking.id)
        const after = await findBooking(database, booking.id)
        if (!after) throw common.not_found()
        return viewBooking(needs, after, standing)
      },
    )
  }
}
