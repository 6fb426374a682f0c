import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '#external-calls'
import { fromAnswer, toForm } from './wire.ts'

const taken = {
  sid: 'SM0123456789abcdef0123456789abcdef',
  status: 'queued',
  num_segments: '1',
  price: null,
  price_unit: 'USD',
  error_code: null,
  error_message: null,
}
const refusal = (code: number, status: number) =>
  JSON.stringify({ code, message: 'No.', more_info: `https://www.twilio.com/docs/errors/${code}`, status })

function failing(status: number, text: string): string {
  try {
    fromAnswer(status, text)
  } catch (error) {
    assert.ok(error instanceof CallFailure, String(error))
    const { outcome, cause, errorType } = error.facts
    return [outcome, cause, errorType].filter(Boolean).join(' ')
  }
  return assert.fail('It was taken for accepted.')
}

test('a number keeps its plus sign; where to report and how long to try are said when wished', () => {
  const message = { to: '+966551234567', text: 'رمز 123456', from: 'Thabit' }
  assert.deepEqual(Object.fromEntries(toForm(message)), { To: '+966551234567', From: 'Thabit', Body: 'رمز 123456' })
  const more = Object.fromEntries(toForm({ ...message, statusCallback: 'https://book.example.sa/x', validForSeconds: 300 }))
  assert.deepEqual([more['StatusCallback'], more['ValidityPeriod']], ['https://book.example.sa/x', '300'])
})

test('a taken message gives its sid, in every state in which it may still arrive', () => {
  for (const status of ['queued', 'accepted', 'scheduled', 'sending', 'sent', 'delivered'])
    assert.deepEqual(fromAnswer(201, JSON.stringify({ ...taken, status })), { providerMessageId: taken.sid })
})

test('whose fault a refusal is follows from its code', () => {
  for (const code of [21211, 21610, 21614, 21617, 21602])
    assert.equal(failing(400, refusal(code, 400)), 'refused permanent http_4xx', String(code))
  for (const code of [21408, 21606, 21612, 21659, 21212, 30002, 30007])
    assert.equal(failing(400, refusal(code, 400)), 'refused configuration http_4xx', String(code))
  assert.equal(failing(400, refusal(21611, 400)), 'refused temporary http_4xx')
  assert.equal(failing(401, refusal(20003, 401)), 'refused configuration http_4xx')
  assert.equal(failing(404, refusal(20404, 404)), 'refused configuration http_4xx')
  assert.equal(failing(429, refusal(20429, 429)), 'refused temporary http_429')
})

test('a message that is turned down in the very answer was refused', () => {
  const failed = (error_code: number | null) => JSON.stringify({ ...taken, status: 'failed', error_code })
  assert.equal(failing(201, failed(30005)), 'refused permanent rejected')
  assert.equal(failing(201, failed(null)), 'refused temporary rejected')
})

test('a refusal for a reason we do not know is for a person of ours, and names its code', () => {
  assert.equal(failing(400, refusal(29999, 400)), 'refused configuration http_4xx')
  assert.equal(failing(403, '<html>'), 'refused configuration http_4xx')
  assert.equal(failing(429, '<html>'), 'refused temporary http_429')
})

test('what we do not know is unknown, never success', () => {
  assert.equal(failing(201, JSON.stringify({ ...taken, status: 'dancing' })), 'unknown unknown_status')
  assert.equal(failing(201, JSON.stringify({ ...taken, sid: null })), 'unknown unknown_status')
  assert.equal(failing(201, '{}'), 'unknown unknown_status')
  assert.equal(failing(201, '<html>'), 'unknown bad_body')
  assert.equal(failing(201, JSON.stringify(taken).slice(0, 30)), 'unknown bad_body')
  assert.equal(failing(500, JSON.stringify(taken)), 'unknown http_5xx')
  assert.equal(failing(503, refusal(20503, 503)), 'unknown http_5xx')
})
