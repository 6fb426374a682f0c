import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '#external-calls'
import { fromAnswer, toForm } from './wire.ts'

const accepted = {
  success: true,
  message: '',
  errorCode: 'ER-00',
  data: {
    MessageID: 42000348806924,
    CorrelationID: '',
    Status: 'Sent',
    NumberOfUnits: 1,
    Cost: 0,
    Balance: 0,
    Recipient: '966551234567',
    TimeCreated: '2026-09-06 14:06:25.979',
    CurrencyCode: '',
  },
}
const refusal = (errorCode: string | number) => JSON.stringify({ success: false, message: 'Dest num is too short', errorCode, data: {} })

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

test('a number goes without its plus sign, and the credential in the form', () => {
  const form = toForm({ credential: 'sid', sender: 'Thabit' }, { to: '+966551234567', text: 'رمز 123456' })
  assert.deepEqual(Object.fromEntries(form), {
    AppSid: 'sid',
    SenderID: 'Thabit',
    Recipient: '966551234567',
    Body: 'رمز 123456',
    responseType: 'JSON',
  })
})

test('an accepted message gives its id as text', () => {
  assert.deepEqual(fromAnswer(200, JSON.stringify(accepted)), { providerMessageId: '42000348806924' })
})

test('success may be the word "true"', () => {
  assert.deepEqual(fromAnswer(200, JSON.stringify({ ...accepted, success: 'true' })), { providerMessageId: '42000348806924' })
})

test('queued is accepted too', () => {
  assert.deepEqual(fromAnswer(200, JSON.stringify({ ...accepted, data: { MessageID: 1, Status: 'Queued' } })), { providerMessageId: '1' })
})

test('a failure with status 200 is a failure', () => {
  assert.equal(failing(200, refusal('ER-04')), 'refused permanent rejected')
})

test('whose fault a refusal is follows from its code', () => {
  for (const code of ['ER-02', 'ER-03', 'ER-04', 'ER-05', 'ER-06', 410, 482])
    assert.match(failing(200, refusal(code)), /^refused permanent/, String(code))
  for (const code of ['ER-01', 'ER-07', 'ER-08', 401, 402, 403, 480])
    assert.match(failing(200, refusal(code)), /^refused configuration/, String(code))
  for (const code of [429, 599, 'ER-429']) assert.match(failing(200, refusal(code)), /^refused temporary/, String(code))
})

test('a status speaks when the body does not', () => {
  assert.equal(failing(401, ''), 'refused configuration http_4xx')
  assert.equal(failing(429, '<html>slow down</html>'), 'refused temporary http_429')
  assert.equal(failing(546, '{}'), 'refused configuration http_5xx')
})

test('a duplicate is unknown: the first try may have gone through', () => {
  assert.equal(failing(200, refusal('ER-09')), 'unknown rejected')
  assert.equal(failing(409, refusal('')), 'unknown rejected')
})

test('what we do not know is unknown, never success', () => {
  assert.equal(failing(200, refusal('ER-77')), 'unknown unknown_status')
  assert.equal(failing(200, JSON.stringify({ success: true, errorCode: 'ER-77', data: {} })), 'unknown unknown_status')
  assert.equal(failing(200, JSON.stringify({ ...accepted, data: { MessageID: 1, Status: 'Dancing' } })), 'unknown unknown_status')
  assert.equal(failing(200, '{}'), 'unknown unknown_status')
  assert.equal(failing(200, 'null'), 'unknown bad_body')
  assert.equal(failing(200, '<html>'), 'unknown bad_body')
  assert.equal(failing(200, JSON.stringify(accepted).slice(0, 40)), 'unknown bad_body')
  assert.equal(failing(502, '<html>'), 'unknown http_5xx')
})

test('a vendor in trouble that says it did nothing refused for now', () => {
  assert.equal(failing(503, refusal('')), 'refused temporary http_5xx')
})

test('success in the body of a failing status is not success', () => {
  assert.equal(failing(500, JSON.stringify(accepted)), 'unknown http_5xx')
})
