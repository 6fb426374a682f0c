import type { Database } from '#database'
import { fromCursor, ref, type Routes, toPage } from '#http'
import type { Notifications as NotificationsDoor } from '#notifications'
import type { Payments } from '#payments'
import { messageRoutes } from './message-routes.ts'
import { onePayment, presentPayment } from './present-payment.ts'
import { ById, OpsPayment, OpsPayments, PaymentsQuery } from './schemas.ts'

const tags = ['operations']
const config = { access: 'operator' } as const
const repeatable = { access: 'operator', idempotency: 'optional' } as const

interface OperatorNeeds {
  database: Database
  notifications: NotificationsDoor
  payments: Payments
}

/** What the operator looks at and does: messages that did not arrive, money whose end is open. */
export function operatorRoutes({ database, notifications, payments }: OperatorNeeds): Routes {
  return async (app, options) => {
    await messageRoutes({ database, notifications })(app, options)
    app.addSchema(OpsPayment)
    app.get(
      '/v1/ops/payments',
      {
        config,
        schema: {
          operationId: 'listPayments',
          summary: 'Payments by state, newest first',
          tags,
          querystring: PaymentsQuery,
          response: { 200: OpsPayments },
        },
      },
      async ({ query: { state, cursor, limit = 20 } }) =>
        toPage(await payments.list(database, { state, before: fromCursor(cursor), limit: limit + 1 }), limit, presentPayment),
    )
    app.post(
      '/v1/ops/payments/:id/settle',
      {
        config: repeatable,
        schema: {
          operationId: 'settlePayment',
          summary: 'Ask the gateway about a payment now',
          tags,
          params: ById,
          response: { 200: ref(OpsPayment) },
        },
      },
      async ({ params: { id } }) => {
        await onePayment(database, payments, id)
        await payments.settle(id, 'operator')
        return presentPayment(await onePayment(database, payments, id))
      },
    )
  }
}
