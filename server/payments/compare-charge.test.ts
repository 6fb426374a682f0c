import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareCharge, type OursOfCharge } from './compare-charge.ts'
import type { GatewayCharge } from './gateway.ts'

const charge = (change: Partial<GatewayCharge> = {}): GatewayCharge => ({
  id: 'c',
  status: 'paid',
  amount: { amountMinor: 15_000, currency: 'SAR' },
  refundedMinor: 0,
  feeMinor: 0,
  failureReason: null,
  pageRef: null,
  attemptId: null,
  ...change,
})
const ours = (change: Partial<OursOfCharge> = {}): OursOfCharge => ({
  paid: { amountMinor: 15_000, currency: 'SAR' },
  refundedMinor: 0,
  refundOpenMinor: 0,
  ...change,
})

test('a charge agrees when amount, currency and what went back do, whatever its status is called', () => {
  assert.equal(compareCharge(ours(), charge()), null)
  assert.equal(compareCharge(ours({ refundedMinor: 5_000 }), charge({ status: 'refunded', refundedMinor: 5_000 })), null)
  assert.equal(compareCharge(ours({ refundedMinor: 15_000 }), charge({ status: 'voided' })), null)
})

test('a refund whose outcome is open may or may not show', () => {
  for (const refundedMinor of [0, 5_000]) assert.equal(compareCharge(ours({ refundOpenMinor: 5_000 }), charge({ refundedMinor })), null)
  assert.equal(compareCharge(ours({ refundOpenMinor: 5_000 }), charge({ refundedMinor: 5_001 }))?.kind, 'refund_differs')
})

test('each difference has its kind and both amounts', () => {
  const kinds = [
    [ours(), charge({ status: 'failed' }), 'paid_here_not_there', 15_000, 0],
    [ours(), charge({ status: 'pending' }), 'paid_here_not_there', 15_000, 0],
    [ours(), charge({ status: 'unrecognised' }), 'paid_here_not_there', 15_000, 0],
    [ours(), charge({ amount: { amountMinor: 14_000, currency: 'SAR' } }), 'amount_differs', 15_000, 14_000],
    [ours(), charge({ amount: { amountMinor: 15_000, currency: 'AED' } }), 'amount_differs', 15_000, 15_000],
    [ours({ refundedMinor: 5_000 }), charge(), 'refund_differs', 5_000, 0],
    [ours(), charge({ status: 'voided' }), 'refund_differs', 0, 15_000],
    [ours({ paid: null, refundedMinor: 7_000 }), charge({ refundedMinor: 1 }), 'refund_differs', 7_000, 1],
  ] as const
  for (const [mine, theirs, kind, oursMinor, theirsMinor] of kinds)
    assert.deepEqual(compareCharge(mine, theirs), { kind, oursMinor, theirsMinor })
})
