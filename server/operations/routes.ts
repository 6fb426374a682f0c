import type { Database } from '#database'
import { callerOf, fromCursor, ref, type Routes, toPage } from '#http'
import type { Notifications as NotificationsDoor, NotificationRow } from '#notifications'
import type { Payments } from '#payments'
import { listSpan } from './list-span.ts'
import { onePayment, presentPayment } from './present-payment.ts'
import { ById, Notification, Notifications, NotificationsQuery, OpsPayment, OpsPayments, PaymentsQuery } from './schemas.ts'

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
  return async (app) => {
    app.addSchema(Notification)
    app.addSchema(OpsPayment)
    app.get(
      '/v1/ops/notifications',
      {
        config,
        schema: {
          operationId: 'listNotifications',
          summary: 'Messages by state, newest first, each with its attempts',
          tags,
          querystring: NotificationsQuery,
          response: { 200: Notifications },
        },
      },
      async ({ query: { status, channel, provider, from, to, cursor, limit = 20 } }) => {
        const rows = await notifications.list(database, {
          status,
          channel,
          provider,
          ...listSpan({ from, to }),
          before: fromCursor(cursor),
          limit: limit + 1,
        })
        return toPage(rows, limit, presentNotification)
      },
    )
    app.post(
      '/v1/ops/notifications/:id/redrive',
      {
        config: repeatable,
        schema: {
          operationId: 'redriveNotification',
          summary: 'Try a failed message once more, now',
          tags,
          params: ById,
          response: { 200: ref(Notification) },
        },
      },
      async (request) => presentNotification(await notifications.redrive(request.params.id, callerOf(request).accountId)),
    )
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

function presentNotification({ attempts, createdAt, sentAt, ...row }: NotificationRow) {
  return {
    ...row,
    attempts: attempts.map(({ startedAt, finishedAt, ...attempt }) => ({
      ...attempt,
      startedAt: startedAt.toString(),
      finishedAt: finishedAt?.toString() ?? null,
    })),
    createdAt: createdAt.toString(),
    sentAt: sentAt?.toString() ?? null,
  }
}
