import { randomUUID } from 'node:crypto'
import type { Call } from '../answers.ts'
import type { Route } from '../server.ts'
import { authenticate } from './authenticate.ts'
import { type Gateway, nowIso } from './objects.ts'
import { filtered, paged } from './paging.ts'
import { readPayment } from './read-payments.ts'
import { answer, notFound } from './refusals.ts'

interface Line {
  id: string
  type: 'chargeback'
  payment_id: string
  amount: number
  currency: string
}

interface Settlement {
  id: string
  status: string
  metadata: null
  amount: number
  currency: string
  created_at: string
  updated_at: string
  lines: Line[]
}

/** What was paid out, as far as it matters here: a chargeback is no event and no object of its own, only a line of a settlement. */
export function settlementRoutes(gateway: Gateway): Route[] {
  const { store, switches } = gateway
  const guarded =
    (handle: (call: Call) => ReturnType<typeof answer>) =>
    (call: Call): ReturnType<typeof answer> => {
      const caller = authenticate(call, switches)
      return 'refused' in caller ? caller.refused : handle(call)
    }
  return [
    {
      method: 'GET',
      path: '/v1/settlements',
      handle: guarded((call) => {
        const all = store.all<Settlement>('settlement').toReversed()
        return answer(
          200,
          paged(
            'settlements',
            filtered(all, call).map(({ lines, ...row }) => ({ ...row, settlement_count: lines.length })),
            call,
          ),
        )
      }),
    },
    {
      method: 'GET',
      path: '/v1/settlements/:id/lines',
      handle: guarded((call) => {
        const found = store.get<Settlement>('settlement', call.params['id'] ?? '')
        return found ? answer(200, paged('lines', found.lines, call)) : notFound(switches)
      }),
    },
    {
      // The payer's bank took the money back.
      method: 'POST',
      path: '/play/moyasar/chargebacks',
      handle: (call) => {
        const kept = readPayment(gateway, String(call.fields['paymentId']))
        if (kept === undefined) return notFound(switches)
        const { id: payment_id, amount, currency } = kept.payment
        const at = nowIso(gateway)
        const lines: Line[] = [{ id: randomUUID(), type: 'chargeback', payment_id, amount: -amount, currency }]
        const made: Settlement = {
          id: randomUUID(),
          status: 'paid',
          metadata: null,
          amount: -amount,
          currency,
          created_at: at,
          updated_at: at,
          lines,
        }
        store.put('settlement', made.id, made)
        return answer(200, made)
      },
    },
  ]
}
