import type { Sweep } from '#jobs'
import type { PaymentNeeds } from './needs.ts'
import { takeDue } from './queries.ts'
import { reconcileWhenDue } from './reconcile.ts'
import { sendRefunds } from './send-refunds.ts'
import { settle } from './settle.ts'
import { processWebhooks } from './webhooks.ts'

const leaseMs = 60_000

/** What happens to money without anyone asking. Each is safe to run twice and in many processes. */
export function paymentSweeps(needs: PaymentNeeds): Sweep[] {
  let fresh = true
  return [
    { name: 'process-webhooks', everyMs: 500, run: () => processWebhooks(needs) },
    { name: 'settle-payments', everyMs: 1_000, run: () => settleDue(needs) },
    { name: 'send-refunds', everyMs: 2_000, run: () => sendRefunds(needs) },
    {
      name: 'reconcile',
      everyMs: 60_000,
      longestMs: 660_000,
      async run() {
        await reconcileWhenDue(needs, fresh)
        fresh = false
        return 0
      },
    },
  ]
}

/** Settles what is due, a few at a time: taken in one short statement, asked about outside it. */
async function settleDue(needs: PaymentNeeds): Promise<number> {
  const due = await takeDue(needs.database, 4, leaseMs)
  await Promise.all(
    due.map(({ id }) =>
      settle(needs, id, 'sweep').catch((error: unknown) => {
        needs.log.error(
          { event: 'payment_unsettled', err: error, payment: id },
          'A payment could not be settled and will be asked about again.',
        )
      }),
    ),
  )
  return due.length
}
