import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { sumMoney } from './payable-money.ts'
import { dispositions, paymentStates } from './payment-states.ts'
import { refundStates } from './refund-states.ts'

const attempt = (id: string, amountMinor: number, disposition: (typeof dispositions)[number] | null = 'applied') =>
  ({
    id,
    state: disposition === null ? 'redirected' : 'paid',
    disposition,
    amountMinor,
    gatewayChargeId: disposition === null ? null : `charge of ${id}`,
  }) as const
const refund = (
  paymentId: string,
  amountMinor: number,
  state: (typeof refundStates)[number],
  gatewayChargeId = `charge of ${paymentId}`,
) => ({ paymentId, amountMinor, state, gatewayChargeId, givenUp: false })
const minor = (sums: ReturnType<typeof sumMoney>) =>
  Object.fromEntries(Object.entries(sums).map(([name, { amountMinor }]) => [name, amountMinor]))

test('what was paid is what was taken, wherever it went afterwards', () => {
  const attempts = [attempt('open', 12_000, null), attempt('first', 12_000), attempt('second', 12_000, 'refund_due')]
  const refunds = [refund('second', 12_000, 'refunded'), refund('first', 2_000, 'due'), refund('first', 1_000, 'failed')]
  assert.deepEqual(minor(sumMoney(attempts, refunds, 'SAR')), {
    paid: 24_000,
    refunded: 12_000,
    refundDue: 3_000,
    kept: 9_000,
    applied: 12_000,
    returnable: 9_000,
  })
})

test('a second card on the same page came in and goes back, and takes nothing from what may be returned', () => {
  const sums = sumMoney([attempt('first', 12_000)], [refund('first', 12_000, 'refunded', 'another charge')], 'SAR')
  assert.deepEqual(minor(sums), { paid: 24_000, refunded: 12_000, refundDue: 0, kept: 12_000, applied: 12_000, returnable: 12_000 })
})

test('a refund that was given up is owed no more and may not go a second time', () => {
  const sums = sumMoney([attempt('first', 12_000)], [{ ...refund('first', 5_000, 'failed'), givenUp: true }], 'SAR')
  assert.deepEqual(minor(sums), { paid: 12_000, refunded: 0, refundDue: 0, kept: 12_000, applied: 12_000, returnable: 7_000 })
})

test('whatever was paid and returned, the parts sum to the whole', () => {
  const amount = fc.integer({ min: 1, max: 1_000_000 })
  const state = fc.constantFrom(...paymentStates)
  const world = fc.array(
    fc.record({
      amount,
      state,
      disposition: fc.constantFrom(...dispositions),
      refunds: fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), state: fc.constantFrom(...refundStates) }), {
        maxLength: 4,
      }),
      extra: fc.option(amount),
    }),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(world, (made) => {
      const attempts = made.map((one, at) => ({
        id: String(at),
        state: one.state,
        disposition: one.state === 'paid' ? one.disposition : null,
        amountMinor: one.amount,
        gatewayChargeId: one.state === 'paid' ? `charge of ${at}` : null,
      }))
      const refunds = made.flatMap((one, at) => {
        if (one.state !== 'paid') return []
        let left = one.amount
        const own = one.refunds.map(({ share, state: refundState }) => {
          const part = Math.floor(left * share)
          left -= part
          return refund(String(at), part, refundState)
        })
        return one.extra === null ? own : [...own, refund(String(at), one.extra, 'due', 'another')]
      })
      const { paid, refunded, refundDue, kept, applied, returnable } = minor(sumMoney(attempts, refunds, 'SAR')) as Record<string, number>
      assert.equal(refunded! + refundDue! + kept!, paid)
      assert.ok(kept! >= 0 && returnable! >= 0 && returnable! <= applied! && returnable! <= kept!)
    }),
    { numRuns: 300 },
  )
})
