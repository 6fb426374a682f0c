import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '#external-calls'
import { fromAnswer, toBody } from './wire.ts'

const message = {
  id: 'our-id',
  to: '+966551234567',
  locale: 'ar' as const,
  template: { name: 'thabit_booking_confirmed', parameters: ['رونق', 'قصّ'] },
}
const accepted = (message_status?: string) =>
  JSON.stringify({
    messaging_product: 'whatsapp',
    contacts: [{ input: '966551234567', wa_id: '966551234567' }],
    messages: [{ id: 'wamid.1', ...(message_status !== undefined && { message_status }) }],
  })
const refusal = (code: number | string, more: object = {}) =>
  JSON.stringify({ error: { message: 'No', type: 'OAuthException', code, fbtrace_id: 'x', ...more } })

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

test('a message is a template in its language, its values in their order, and our id comes along', () => {
  assert.deepEqual(JSON.parse(toBody(message)), {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '966551234567',
    type: 'template',
    template: {
      name: 'thabit_booking_confirmed',
      language: { code: 'ar' },
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'رونق' },
            { type: 'text', text: 'قصّ' },
          ],
        },
      ],
    },
    biz_opaque_callback_data: 'our-id',
  })
})

test('a value is one line, as templates want it; a template without values has none', () => {
  const sent = (parameters: string[]) =>
    (
      JSON.parse(toBody({ ...message, locale: 'en', template: { name: 'x', parameters } })) as {
        template: { language: unknown; components: unknown[] }
      }
    ).template
  assert.deepEqual(sent([' a\n\tb     c ']).components, [{ type: 'body', parameters: [{ type: 'text', text: 'a b c' }] }])
  assert.deepEqual(sent([]), { name: 'x', language: { code: 'en' }, components: [] })
})

test('an accepted message gives its id, one that is held for a look too', () => {
  for (const state of [undefined, 'accepted', 'held_for_quality_assessment'])
    assert.deepEqual(fromAnswer(200, accepted(state)), { providerMessageId: 'wamid.1' })
})

test('whose fault a refusal is follows from its code', () => {
  for (const code of [1, 2, 4, 17, 80007, 130429, 131000, 131016, 131056, 131057])
    assert.match(failing(400, refusal(code)), /^refused temporary/, String(code))
  for (const code of [0, 190, 10, 200, 299, 131005, 131031, 131042, 368, 130497, 132001, 132015, 132016])
    assert.match(failing(400, refusal(code)), /^refused configuration/, String(code))
  for (const code of [100, 131008, 131009, 131021, 131051, 132000, 132005, 132007, 132012])
    assert.match(failing(400, refusal(code)), /^refused permanent/, String(code))
})

test('what this channel cannot do for this person is permanent, so that another channel is tried', () => {
  for (const code of [131026, 131047, 131048, 131049]) assert.equal(failing(400, refusal(code)), 'refused permanent http_4xx', String(code))
})

test('a code we do not know is ours to look at, unless the vendor says it will pass', () => {
  assert.equal(failing(400, refusal(999_999)), 'refused configuration http_4xx')
  assert.equal(failing(400, refusal(999_999, { is_transient: true })), 'refused temporary http_4xx')
  assert.equal(failing(403, '<html>'), 'refused configuration http_4xx')
  assert.equal(failing(429, '<html>'), 'refused temporary http_429')
})

test('an error inside a 200 is an error, and what we do not know is unknown', () => {
  assert.equal(failing(200, refusal(131026)), 'refused permanent rejected')
  assert.equal(failing(200, refusal('toString')), 'unknown unknown_status')
  assert.equal(failing(200, accepted('paused')), 'unknown unknown_status')
  assert.equal(failing(200, '{"messages":[]}'), 'unknown unknown_status')
  assert.equal(failing(200, '{"messages":[null]}'), 'unknown unknown_status')
  assert.equal(failing(200, '<html>'), 'unknown bad_body')
  assert.equal(failing(200, accepted().slice(0, 40)), 'unknown bad_body')
  assert.equal(failing(500, ''), 'unknown http_5xx')
})
