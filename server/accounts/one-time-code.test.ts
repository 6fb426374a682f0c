import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CodeSubject, hashCode, isCode, newCode, readCode } from './one-time-code.ts'

const subject: CodeSubject = { purpose: 'sign-in', phone: '+966551234567', challengeId: '0198c0de-0000-4000-8000-000000000001' }

test('codes are spread evenly over all six digits, leading zeros included', () => {
  const counts = Array<number>(60).fill(0)
  const total = 10_000
  for (let nth = 0; nth < total; nth++) {
    const code = newCode()
    assert.match(code, /^\d{6}$/)
    for (let place = 0; place < 6; place++) counts[place * 10 + Number(code[place])]! += 1
  }
  const expected = total / 10
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // 54 degrees of freedom: an even spread passes this once in about a million runs.
  assert.ok(chiSquare < 125, `chi square ${chiSquare}`)
})

test('a code is read in Latin, Arabic-Indic and Persian digits, with spaces and direction marks', () => {
  for (const written of ['012345', '٠١٢٣٤٥', '۰۱۲۳۴۵', ' 012 345 ', '012-345', '\u200f٠١٢٣٤٥\u200e'])
    assert.equal(readCode(written), '012345')
})

test('what is not six digits is no code', () => {
  for (const written of ['', '12345', '1234567', '12345a', 'OR 1=1', '①②③④⑤⑥', '１２３４５６']) assert.equal(readCode(written), null)
})

test('a code fits its own phone, challenge and secret, and no other', () => {
  const stored = hashCode('secret', subject, '123456')
  assert.ok(isCode(['secret'], stored, subject, '123456'))
  assert.ok(!isCode(['secret'], stored, subject, '123457'))
  assert.ok(!isCode(['other'], stored, subject, '123456'))
  assert.ok(!isCode(['secret'], stored, { ...subject, phone: '+966551234568' }, '123456'))
  assert.ok(!isCode(['secret'], stored, { ...subject, challengeId: '0198c0de-0000-4000-8000-000000000002' }, '123456'))
})

test('a code made just before the secret changed is still good', () => {
  assert.ok(isCode(['new secret', 'former secret'], hashCode('former secret', subject, '123456'), subject, '123456'))
})
