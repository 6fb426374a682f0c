import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { currencies, formatMoney, money, percentOf, sameMoney, toDecimalString } from './money.ts'

const amount = fc.record({ amountMinor: fc.integer({ min: 0, max: 10_000_000_000 }), currency: fc.constantFrom(...currencies) })

test('parts of an amount never exceed the whole', () => {
  fc.assert(
    fc.property(amount, fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 8 }), ({ amountMinor, currency }, wanted) => {
      let left = 100
      const percents = wanted.map((percent) => {
        const taken = Math.min(percent, left)
        left -= taken
        return taken
      })
      const whole = money(amountMinor, currency)
      const sum = percents.reduce((total, percent) => total + percentOf(whole, percent).amountMinor, 0)
      assert.ok(sum <= amountMinor, `${sum} of ${amountMinor}`)
      assert.ok(left > 0 || amountMinor - sum < percents.length)
    }),
  )
})

test('a part is whole, not negative, grows with its percentage and keeps the currency', () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 99 }), ({ amountMinor, currency }, percent) => {
      const whole = money(amountMinor, currency)
      const part = percentOf(whole, percent)
      assert.ok(Number.isSafeInteger(part.amountMinor) && part.amountMinor >= 0)
      assert.ok(part.amountMinor <= percentOf(whole, percent + 1).amountMinor)
      assert.equal(part.currency, currency)
    }),
  )
  assert.deepEqual(percentOf(money(15_001, 'SAR'), 50), { amountMinor: 7_500, currency: 'SAR' })
  assert.deepEqual(percentOf(money(15_000, 'SAR'), 100), { amountMinor: 15_000, currency: 'SAR' })
})

test('what is no whole amount or percentage is refused', () => {
  for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) assert.throws(() => money(bad, 'SAR'), RangeError)
  for (const bad of [-1, 101, 12.5, Number.NaN]) assert.throws(() => percentOf(money(100, 'SAR'), bad), RangeError)
})

test('each currency has its own number of decimals', () => {
  const written = Object.fromEntries(currencies.map((currency) => [currency, toDecimalString(money(123_456, currency))]))
  assert.deepEqual(written, { SAR: '1234.56', AED: '1234.56', QAR: '1234.56', KWD: '123.456', BHD: '123.456', OMR: '123.456' })
  assert.deepEqual(
    [0, 5, 50, 100, -5, -12_345].map((minor) => toDecimalString(money(minor, 'SAR'))),
    ['0.00', '0.05', '0.50', '1.00', '-0.05', '-123.45'],
  )
  assert.equal(toDecimalString(money(7, 'KWD')), '0.007')
})

test('a decimal text says exactly its amount', () => {
  fc.assert(
    fc.property(amount, ({ amountMinor, currency }) => {
      assert.equal(Number(toDecimalString(money(amountMinor, currency)).replace('.', '')), amountMinor)
    }),
  )
})

test('amounts are the same only in the same currency', () => {
  assert.ok(sameMoney(money(100, 'SAR'), money(100, 'SAR')))
  assert.ok(!sameMoney(money(100, 'SAR'), money(100, 'AED')))
  assert.ok(!sameMoney(money(100, 'SAR'), money(101, 'SAR')))
})

test('people read an amount in their language, with Latin digits and no empty decimals', () => {
  assert.match(formatMoney(money(15_000, 'SAR'), 'ar'), /^\D*150\D+ريال سعودي\D*$/)
  assert.match(formatMoney(money(15_050, 'SAR'), 'ar'), /150\.50/)
  assert.match(formatMoney(money(15_000, 'SAR'), 'en'), /^SAR\s150$/)
  assert.match(formatMoney(money(1_234_500, 'KWD'), 'en'), /^KWD\s1,234\.500$/)
})
