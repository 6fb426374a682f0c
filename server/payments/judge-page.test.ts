import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayCharge, GatewayPage } from './gateway.ts'
import { judgePage } from './judge-page.ts'

const amount = { amountMinor: 15_000, currency: 'SAR' } as const
const attempt = { id: 'attempt', amount, gatewayRef: 'page', gatewayChargeId: null }
const page = (change: Partial<GatewayPage> = {}): GatewayPage => ({
  ref: 'page',
  url: 'https://example.com',
  status: 'open',
  amount,
  attemptId: 'attempt',
  charges: [],
  ...change,
})
const charge = (status: GatewayCharge['status'], change: Partial<GatewayCharge> = {}): GatewayCharge => ({
  id: status,
  status,
  amount,
  refundedMinor: 0,
  feeMinor: 0,
  failureReason: null,
  pageRef: null,
  attemptId: null,
  ...change,
})
const says = (change: Partial<GatewayPage>, of: Partial<typeof attempt> | { gatewayChargeId: string } = {}) =>
  judgePage({ ...attempt, ...of }, page(change)).says

test('a page means what its charges say first', () => {
  assert.equal(says({}), 'open')
  assert.equal(says({ charges: [charge('failed')] }), 'open')
  assert.equal(says({ status: 'paid', charges: [charge('paid'), charge('failed')] }), 'paid')
  assert.equal(says({ status: 'expired', charges: [charge('paid')] }), 'paid', 'money on a page whose time is over is money')
  assert.equal(says({ status: 'cancelled', charges: [charge('pending')] }), 'open', 'a card at its bank may still pay')
  assert.equal(says({ status: 'expired', charges: [charge('authorised')] }), 'open', 'authorised is not paid')
  assert.equal(says({ status: 'expired', charges: [charge('failed')] }), 'expired')
  assert.equal(says({ status: 'failed' }), 'failed')
  assert.equal(says({ status: 'cancelled' }), 'failed')
})

test('a word nobody knows decides nothing', () => {
  assert.equal(says({ status: 'unrecognised' }), 'unclear')
  assert.equal(says({ status: 'paid', charges: [charge('unrecognised')] }), 'unclear')
  assert.equal(says({ status: 'expired', charges: [charge('unrecognised')] }), 'unclear')
  assert.equal(says({ status: 'paid' }), 'unclear', 'paid by no charge we could ever return')
})

test('what is not ours goes to a person', () => {
  assert.equal(says({ ref: 'other', attemptId: 'other' }), 'differs')
  assert.equal(says({ ref: 'other', charges: [charge('pending')] }), 'differs', 'somebody is about to pay on a page we do not go on with')
  assert.equal(says({ ref: 'other', status: 'paid', charges: [charge('paid')] }), 'differs', 'somebody paid there')
  assert.equal(says({ attemptId: 'other' }), 'differs')
  assert.equal(says({ attemptId: null }), 'differs')
  assert.equal(says({ amount: { ...amount, amountMinor: 15_001 } }), 'differs')
  assert.equal(says({ amount: { ...amount, currency: 'KWD' } }), 'differs')
  assert.equal(
    says({ status: 'paid', charges: [charge('paid', { amount: { ...amount, amountMinor: 12_000 } })] }),
    'differs',
    'a discount we did not give',
  )
  assert.equal(
    says({ status: 'paid', charges: [charge('refunded', { refundedMinor: 5_000 })] }),
    'differs',
    'partly returned before we knew of it',
  )
})

test('a second page of one attempt on which nobody pays concerns nobody', () => {
  assert.equal(says({ ref: 'other' }), 'spare')
  assert.equal(says({ ref: 'other', status: 'cancelled', charges: [charge('failed')] }), 'spare')
})

test('money that came and went back before we knew is no payment, and our own charge stays ours after its refund', () => {
  assert.equal(says({ status: 'paid', charges: [charge('voided')] }), 'returned')
  assert.equal(says({ status: 'paid', charges: [charge('refunded', { refundedMinor: 15_000 })] }), 'returned')
  assert.equal(says({ status: 'paid', charges: [charge('refunded', { refundedMinor: 15_000 })] }, { gatewayChargeId: 'refunded' }), 'paid')
})

test('a second card that paid the same page is told apart from the first', () => {
  const truth = judgePage(
    { ...attempt, gatewayChargeId: 'first' },
    page({ status: 'paid', charges: [charge('paid', { id: 'second' }), charge('paid', { id: 'first' })] }),
  )
  assert.deepEqual(truth.says === 'paid' && [truth.charge.id, truth.extras.map(({ id }) => id)], ['first', ['second']])
})
