import type { FastifyRequest } from 'fastify'
import type { Database } from '#database'
import { callerOf, ref, type Routes } from '#http'
import type { Difference as DifferenceRow, OpenMoney as OpenMoneyRows, Payments, ReconciliationRow } from '#payments'
import { Adoption, Difference, OpenMoney, OpenPayment, OpenRefund, Reason, Reconciliation, RefundWish } from './money-schemas.ts'
import { onePayment, presentPayment } from './present-payment.ts'
import { ById, OpsPayment } from './schemas.ts'

const tags = ['operations']
const reads = { access: 'operator' } as const
const moves = { access: 'operator', idempotency: 'required' } as const
/** Less than a client's patience; what is left is compared by the sweep. */
const budgetMs = 12_000

/** Money whose end is open, and what the operator may do about it. Every act has its reason and is in the audit log. */
export function moneyRoutes({ database, payments }: { database: Database; payments: Payments }): Routes {
  const decisionOf = (request: FastifyRequest, reason: string) => ({ by: callerOf(request).accountId, reason: reason.trim() })
  return async (app) => {
    for (const schema of [OpenPayment, OpenRefund, Difference, Reconciliation]) app.addSchema(schema)
    app.get(
      '/v1/ops/money',
      {
        config: reads,
        schema: { operationId: 'getOpenMoney', summary: 'All money whose end is open', tags, response: { 200: OpenMoney } },
      },
      async () => presentMoney(await payments.openMoney(database)),
    )
    app.post(
      '/v1/ops/payments/:id/refund',
      {
        config: moves,
        schema: {
          operationId: 'refundPayment',
          summary: 'Give back a part or all of what a payment brought',
          tags,
          params: ById,
          body: RefundWish,
          response: { 200: ref(OpsPayment) },
        },
      },
      async (request) => {
        const { amountMinor, reason } = request.body
        await payments.refund(request.params.id, {
          ...decisionOf(request, reason),
          amountMinor,
          clientKey: String(request.headers['idempotency-key']),
        })
        return presentPayment(await onePayment(database, payments, request.params.id))
      },
    )
    app.post(
      '/v1/ops/differences/:id/adopt',
      {
        config: moves,
        schema: {
          operationId: 'adoptDifference',
          summary: 'Take the gateway’s word into our books',
          tags,
          params: ById,
          body: Adoption,
          response: { 200: ref(Difference) },
        },
      },
      async (request) => {
        const { reason, bookingReference } = request.body
        return presentDifference(await payments.adopt(request.params.id, { ...decisionOf(request, reason), bookingReference }))
      },
    )
    app.post(
      '/v1/ops/differences/:id/refund',
      {
        config: moves,
        schema: {
          operationId: 'refundDifference',
          summary: 'Give the money of a difference back',
          tags,
          params: ById,
          body: Reason,
          response: { 200: ref(Difference) },
        },
      },
      async (request) => presentDifference(await payments.returnDifference(request.params.id, decisionOf(request, request.body.reason))),
    )
    app.post(
      '/v1/ops/differences/:id/write-off',
      {
        config: moves,
        schema: {
          operationId: 'writeOffDifference',
          summary: 'Leave a difference as it is, for a reason',
          tags,
          params: ById,
          body: Reason,
          response: { 200: ref(Difference) },
        },
      },
      async (request) => presentDifference(await payments.writeOff(request.params.id, decisionOf(request, request.body.reason))),
    )
    app.post(
      '/v1/ops/reconciliation',
      {
        config: { access: 'operator', idempotency: 'optional' },
        schema: {
          operationId: 'reconcile',
          summary: 'Compare the gateway’s list with ours now',
          tags,
          response: { 200: ref(Reconciliation) },
        },
      },
      async (request) => presentRun(await payments.reconcile({ by: callerOf(request).accountId, budgetMs })),
    )
  }
}

function presentMoney({ payments, refunds, differences, counts, lastReconciliation }: OpenMoneyRows) {
  return {
    payments: payments.map(({ createdAt, since, nextCheckAt, asked, ...row }) => ({
      ...row,
      createdAt: createdAt.toString(),
      since: since.toString(),
      nextCheckAt: nextCheckAt?.toString() ?? null,
      asked: asked.map(({ askedAt, ...ask }) => ({ ...ask, askedAt: askedAt.toString() })),
    })),
    refunds: refunds.map(({ createdAt, nextTryAt, ...row }) => ({
      ...row,
      createdAt: createdAt.toString(),
      nextTryAt: nextTryAt?.toString() ?? null,
    })),
    differences: differences.map(presentDifference),
    counts,
    lastReconciliation: lastReconciliation && presentRun(lastReconciliation),
  }
}

function presentDifference({ openedAt, resolvedAt, acts, ...row }: DifferenceRow) {
  return { ...row, acts: [...acts], openedAt: openedAt.toString(), resolvedAt: resolvedAt?.toString() ?? null }
}

function presentRun({ startedAt, finishedAt, fromAt, toAt, ...row }: ReconciliationRow) {
  return {
    ...row,
    startedAt: startedAt.toString(),
    finishedAt: finishedAt?.toString() ?? null,
    fromAt: fromAt.toString(),
    toAt: toAt.toString(),
  }
}
