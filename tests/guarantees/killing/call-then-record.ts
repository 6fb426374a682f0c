// Another order of the same steps, for comparison: the gateway first, the customer second, our own note of it last.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { audit, sql, transaction } from '../../../server/database/index.ts'
import type { PaymentView, StartAsk } from '../../../server/payments/index.ts'
import type { PaymentNeeds } from '../../../server/payments/needs.ts'
import type { Change } from './fault-points.ts'

/** The page is made and the customer sent to it; the row follows in the background, as soon as there is time. */
export async function callThenRecord(needs: PaymentNeeds, ask: StartAsk): Promise<PaymentView> {
  const { gateway, settings } = needs
  const id = randomUUID()
  const page = await needs.surfaced({ provider: gateway.name, operation: 'create-invoice', timeoutMs: settings.timeoutMs }, (signal) =>
    gateway.createPage({ ...ask, attemptId: id }, signal),
  )
  void record(needs, ask, id, page)
  const now = Temporal.Now.instant()
  return {
    id,
    status: 'redirected',
    disposition: null,
    redirectUrl: page.url,
    amount: ask.amount,
    refunded: null,
    expiresAt: ask.expiresAt,
    createdAt: now,
  }
}

async function record(needs: PaymentNeeds, ask: StartAsk, id: string, page: { ref: string; url: string }): Promise<void> {
  await pause(25)
  await transaction(needs.database, async (tx) => {
    await needs.payable().lock(tx, ask.payableId)
    await tx.run(sql`
      insert into payment (id, business_id, payable_id, client_key, provider, gateway_ref, amount_minor, currency, state, redirect_url, expires_at, next_check_at)
      values (${id}, ${ask.businessId}, ${ask.payableId}, ${ask.clientKey}, ${needs.gateway.name}, ${page.ref}, ${ask.amount.amountMinor}, ${ask.amount.currency},
        'redirected', ${page.url}, ${ask.expiresAt}, now() + interval '2 seconds')`)
    await audit(tx, { actorKind: 'customer', action: 'payment.redirected', subject: 'payment', subjectId: id, businessId: ask.businessId })
  })
}

export const here = 'tests/guarantees/killing/call-then-record.ts'

export const paymentRecordedLast: Change[] = [
  { path: 'server/payments/index.ts', from: /^import /m, to: `import { callThenRecord } from '../../${here}'\nimport ` },
  { path: 'server/payments/index.ts', from: /async start\(ask\) \{.*?\n {4}\},/s, to: 'start: (ask) => callThenRecord(needs, ask),' },
]

/** The same with refunds: sent to the gateway first, written down as sent afterwards. */
const refunds = 'server/payments/send-refunds.ts'
export const refundRecordedLast: Change[] = [
  { path: refunds, from: /\n {2}const sent = await markSent\(needs, refund, charge, way\)\n.*?\n(?= {2}try)/s, to: '\n' },
  {
    path: refunds,
    from: /const after = await send\(needs, sent, way\)\n/,
    to: 'const after = await send(needs, refund, way)\n    const sent = await markSent(needs, refund, charge, way)\n    if (!sent) return\n',
  },
  {
    path: refunds,
    from: /await recordFailure\(needs, sent, way, error\.facts\)/,
    to: 'await recordFailure(needs, (await markSent(needs, refund, charge, way)) ?? refund, way, error.facts)',
  },
]
