import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holdsCardNumber } from './card-number.ts'

test('a card number is seen however it is written', () => {
  for (const text of [
    '4111111111111111',
    'my card is 4111 1111 1111 1111 12/29',
    '4111-1111-1111-1111',
    '4201.3201.1111.1010',
    '3400 000009 00000',
    '371111111111114',
    'رقم بطاقتي ٤١١١١١١١١١١١١١١١ شكرًا',
    '\u06f4\u06f1\u06f1\u06f1 \u06f1\u06f1\u06f1\u06f1 \u06f1\u06f1\u06f1\u06f1 \u06f1\u06f1\u06f1\u06f1',
    '41111111\u200b11111111',
    '４１１１１１１１１１１１１１１１',
    '6200000000000005',
    'x4111111111111111x',
  ]) {
    assert.equal(holdsCardNumber(text), true, text)
  }
})

test('what people do write is let through: phones, references, dates, amounts, account numbers', () => {
  for (const text of [
    'اتصل بي على ٠٥٥١٢٣٤٥٦٧ أو 00966551234567',
    '+966 55 123 4567, order 12345',
    'SA0380000000608010167519',
    '2026-10-02 10:00 – 2026-10-03 11:30',
    '4111111111111112',
    '0000000000000000',
    '1234 5678 9012',
    '',
  ]) {
    assert.equal(holdsCardNumber(text), false, text)
  }
})

test('of sixteen digits at random, no more than a tenth are taken for a card', () => {
  let taken = 0
  for (let index = 0; index < 2_000; index++) if (holdsCardNumber(String(1_000_000_000_000_000 + index * 4_503_599_627_371))) taken += 1
  assert.ok(taken > 0 && taken < 200, `${taken} of 2,000`)
})
