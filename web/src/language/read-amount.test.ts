import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAmount } from './read-amount.ts'

test('an amount is read in any digits, with as many decimals as its currency has', () => {
  for (const [written, currency, minor] of [
    ['50', 'SAR', 5_000],
    ['50.25', 'SAR', 5_025],
    ['50.5', 'SAR', 5_050],
    [' ٥٠٫٢٥ ', 'SAR', 5_025],
    ['50,25', 'SAR', 5_025],
    ['1.005', 'KWD', 1_005],
    ['0.01', 'SAR', 1],
  ] as const) {
    assert.equal(readAmount(written, currency), minor, written)
  }
})

test('what is no amount is not guessed at', () => {
  for (const written of ['', '0', '-5', 'abc', '1.234', '1.2.3', '1e3', '99999999999', '.5'])
    assert.equal(readAmount(written, 'SAR'), null, written)
})
