import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '#external-calls'
import { fromAnswer, toBody } from './wire.ts'

const to = '+966551234567'
const answer = (members: Record<string, unknown>) =>
  JSON.stringify({
    statusCode: 201,
    messageId: 6937614257,
    cost: '0.0500',
    currency: 'SAR',
    totalCount: 1,
    msgLength: 1,
    accepted: '[966551234567,]',
    rejected: '[]',
    ...members,
  })

function failing(status: number, text: string): string {
  try {
    fromAnswer(status, text, to)
  } catch (error) {
    assert.ok(error instanceof CallFailure, String(error))
    const { outcome, cause, errorType } = error.facts
    return [outcome, cause, errorType].filter(Boolean).join(' ')
  }
  return assert.fail('It was taken for accepted.')
}

test('a number goes without its plus sign', () => {
  assert.deepEqual(JSON.parse(toBody({ sender: 'Thabit' }, { to, text: 'رمز' })), {
    recipients: ['966551234567'],
    body: 'رمز',
    sender: 'Thabit',
  })
})

test('a number among the accepted was taken; the list is text with a comma too many', () => {
  assert.deepEqual(fromAnswer(201, answer({}), to), { providerMessageId: '6937614257' })
  assert.deepEqual(fromAnswer(201, answer({ accepted: ['966551234567'], rejected: [] }), to), { providerMessageId: '6937614257' })
})

test('a number rejected inside a 201 was refused', () => {
  assert.equal(failing(201, answer({ accepted: '[]', rejected: '[966551234567,]' })), 'refused permanent rejected')
})

test('a number in neither list, or only as a part of another, is unknown', () => {
  assert.equal(failing(201, answer({ accepted: '[]' })), 'unknown unknown_status')
  assert.equal(failing(201, answer({ accepted: '[9665512345678,]' })), 'unknown unknown_status')
  assert.equal(failing(200, '{}'), 'unknown unknown_status')
})

test('a plain 400 does not blame the number', () => {
  assert.equal(failing(400, '{"statusCode":400,"message":"…"}'), 'refused configuration http_4xx')
})

test('the vendor’s own numbers say whose fault it was', () => {
  for (const code of [2, 3, 14, 101, 102, 104])
    assert.equal(failing(400, JSON.stringify({ statusCode: code })), 'refused configuration http_4xx')
  assert.equal(failing(400, '{"statusCode":15}'), 'refused permanent http_4xx')
  assert.equal(failing(401, '{"statusCode":401}'), 'refused configuration http_4xx')
  assert.equal(failing(429, '<html>'), 'refused temporary http_429')
})

test('HTML, a cut answer and the vendor’s own trouble are unknown', () => {
  assert.equal(failing(201, '<html>'), 'unknown bad_body')
  assert.equal(failing(201, answer({}).slice(0, 30)), 'unknown bad_body')
  assert.equal(failing(500, '{"statusCode":500}'), 'unknown http_5xx')
})
