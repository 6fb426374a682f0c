import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { currencies, money } from '#foundation'
import { type PaymentPolicy, paymentTerms } from './payment-terms.ts'

const riyals = (amount: number) => money(amount * 100, 'SAR')

test('the four ways to sell: all now, a part now, nothing now, nothing at all', () => {
  const price = riyals(240)
  assert.deepEqual(paymentTerms(price, { kind: 'full' }), { kind: 'full', dueNow: price, dueAtPlace: riyals(0) })
  assert.deepEqual(paymentTerms(price, { kind: 'deposit', depositPercent: 30 }), {
    kind: 'deposit',
    dueNow: riyals(72),
    dueAtPlace: riyals(168),
  })
  assert.deepEqual(paymentTerms(price, { kind: 'deposit', depositMinor: 5_000 }), {
    kind: 'deposit',
    dueNow: riyals(50),
    dueAtPlace: riyals(190),
  })
  assert.deepEqual(paymentTerms(price, { kind: 'at_place' }), { kind: 'at_place', dueNow: riyals(0), dueAtPlace: price })
  assert.deepEqual(paymentTerms(riyals(0), { kind: 'free' }), { kind: 'free', dueNow: riyals(0), dueAtPlace: riyals(0) })
})

test('a percentage is rounded down, and the rest of the coin is paid at the place', () => {
  const { dueNow, dueAtPlace } = paymentTerms(money(9_999, 'SAR'), { kind: 'deposit', depositPercent: 33 })
  assert.deepEqual([dueNow.amountMinor, dueAtPlace.amountMinor], [3_299, 6_700])
})

test('a deposit of nothing or of everything is no deposit, and what has a price is not free', () => {
  for (const policy of [
    { kind: 'deposit', depositMinor: 0 },
    { kind: 'deposit', depositMinor: -1 },
    { kind: 'deposit', depositMinor: 24_000 },
    { kind: 'deposit', depositPercent: 0 },
    { kind: 'deposit', depositPercent: 100 },
    { kind: 'free' },
  ] satisfies PaymentPolicy[]) {
    assert.throws(() => paymentTerms(riyals(240), policy), RangeError, JSON.stringify(policy))
  }
})

test('whatever the price and the policy, the parts are whole, not negative, and sum to the price', () => {
  const price = fc.record({
    amountMinor: fc.oneof(fc.integer({ min: 100, max: 2_000 }), fc.integer({ min: 100, max: 10_000_000_000 })),
    currency: fc.constantFrom(...currencies),
  })
  const percent = fc.integer({ min: 1, max: 99 }).map((depositPercent): PaymentPolicy => ({ kind: 'deposit', depositPercent }))
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      price,
      percent,
      part,
      fc.constantFrom<PaymentPolicy>({ kind: 'full' }, { kind: 'at_place' }),
      (whole, byPercent, share, plain) => {
        const depositMinor = Math.min(whole.amountMinor - 1, Math.max(1, Math.floor(share * whole.amountMinor)))
        for (const policy of [byPercent, plain, { kind: 'deposit', depositMinor } as const]) {
          const { kind, dueNow, dueAtPlace } = paymentTerms(whole, policy)
          assert.equal(dueNow.amountMinor + dueAtPlace.amountMinor, whole.amountMinor)
          assert.ok(Number.isSafeInteger(dueNow.amountMinor) && dueNow.amountMinor >= 0 && dueAtPlace.amountMinor >= 0)
          assert.deepEqual([dueNow.currency, dueAtPlace.currency, kind], [whole.currency, whole.currency, policy.kind])
          if (kind === 'deposit') assert.ok(dueNow.amountMinor > 0 && dueAtPlace.amountMinor > 0)
        }
      },
    ),
    { numRuns: 500 },
  )
})
