import { callerOf, problems as common, ref, type Routes } from '#http'
import type { PaymentNeeds } from './needs.ts'
import { findPayment } from './queries.ts'
import { Payment, PaymentId, WebhookBody, WebhookEndpoint, WebhookKept, WebhookQuery } from './schemas.ts'
import { settleForCustomer } from './settle.ts'
import { standingOf, toView } from './view.ts'
import { receiveWebhook } from './webhooks.ts'

const tags = ['payments']

export function paymentRoutes(needs: PaymentNeeds): Routes {
  const { database } = needs
  return async (app) => {
    app.addSchema(Payment)
    app.get(
      '/v1/payments/:id',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'getPayment',
          summary: 'Where a payment of mine stands, the gateway asked first',
          tags,
          params: PaymentId,
          response: { 200: ref(Payment) },
        },
      },
      async (request) => {
        const { id } = request.params
        const payment = await findPayment(database, id)
        if (!payment || !(await needs.payable().ownedBy(database, payment.payableId, callerOf(request).accountId))) throw common.not_found()
        await settleForCustomer(needs, id)
        const { status, disposition, redirectUrl, amount } = toView(await standingOf(database, id))
        const bookingId = (await needs.payable().describe(database, [payment.payableId])).get(payment.payableId)?.bookingId ?? null
        return { id, bookingId, status, disposition, redirectUrl, amount }
      },
    )
    app.post(
      `/v1/webhooks/${needs.gateway.name}/:endpointId`,
      {
        config: { access: 'public' },
        schema: {
          operationId: 'receivePaymentWebhook',
          summary: 'The gateway’s hint that something happened',
          tags,
          params: WebhookEndpoint,
          querystring: WebhookQuery,
          body: WebhookBody,
          response: { 200: WebhookKept },
        },
      },
      async (request) => {
        await receiveWebhook(needs, request.params.endpointId, request.body)
        return { received: true }
      },
    )
  }
}
