import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { whatsAppReports } from './report.ts'

const reader = whatsAppReports({ appSecret: 'app-secret', verifyToken: 'our-own-word' })
const asked = (text: string, signature: string | undefined) =>
  reader.read({ headers: { 'x-hub-signature-256': signature }, rawBody: Buffer.from(text), url: 'https://book.example.sa/x', query: {} })
const signed = (value: unknown) => {
  const text = JSON.stringify(value)
  return asked(text, `sha256=${createHmac('sha256', 'app-secret').update(text).digest('hex')}`)
}
const statuses = (...list: unknown[]) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '1', changes: [{ field: 'messages', value: { statuses: list } }] }],
})

test('the published signature is right, over the raw bytes alone', () => {
  const right = 'sha256=a2ac6607a24977f9757e6d78319ae1660ad42ffeee0ee3f0dff30a92bcf85448'
  assert.deepEqual(asked('{"a":1}', right), { verified: 'signature', reports: [] })
  assert.equal(asked('{"a": 1}', right), 'forged')
  assert.equal(asked('{"a":1}', right.replace('a2', 'a3')), 'forged')
  assert.equal(asked('{"a":1}', right.slice('sha256='.length)), 'forged')
  assert.equal(asked('{"a":1}', undefined), 'forged')
})

test('each status says of which message, when, and why not', () => {
  const answer = signed(
    statuses(
      { id: 'wamid.1', status: 'delivered', timestamp: '1795338900', recipient_id: '966551234567' },
      { id: 'wamid.2', status: 'failed', timestamp: '1795338901', errors: [{ code: 131026, title: 'Message undeliverable' }] },
    ),
  )
  assert.ok(answer !== 'forged')
  assert.deepEqual(answer.reports, [
    {
      providerMessageId: 'wamid.1',
      said: 'delivered',
      delivery: 'delivered',
      errorCode: null,
      permanent: false,
      ourId: null,
      saidAt: Temporal.Instant.from('2026-11-22T09:15:00Z'),
    },
    {
      providerMessageId: 'wamid.2',
      said: 'failed',
      delivery: 'undelivered',
      errorCode: '131026',
      permanent: true,
      ourId: null,
      saidAt: Temporal.Instant.from('2026-11-22T09:15:01Z'),
    },
  ])
})

test('it gives back our id, of which whatever is none is passed over; and of its codes some will never pass', () => {
  const read = (more: object) => {
    const answer = signed(statuses({ id: 'w', status: 'failed', timestamp: '1', ...more }))
    return answer === 'forged' ? assert.fail(answer) : answer.reports[0]
  }
  const ourId = '0199d1c2-7b5e-7c3a-9f00-aa11bb22cc33'
  assert.equal(read({ biz_opaque_callback_data: ourId })?.ourId, ourId)
  for (const data of ['', 'x', `${ourId}0`, 7, null, [ourId]]) assert.equal(read({ biz_opaque_callback_data: data })?.ourId, null)
  const permanent = (code: unknown) => read({ errors: [{ code }] })?.permanent
  assert.deepEqual([131026, '131049', 131000, 130429, 190, 999, 'constructor', null].map(permanent), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})

test('each word has its meaning, and one nobody knows means nothing', () => {
  const said = (status: string) => {
    const answer = signed(statuses({ id: 'w', status, timestamp: '1' }))
    return answer === 'forged' ? assert.fail(answer) : answer.reports[0]?.delivery
  }
  assert.deepEqual(['sent', 'delivered', 'read', 'failed', 'deleted'].map(said), ['sent', 'delivered', 'read', 'undelivered', null])
})

test('whatever else comes signed holds no reports and harms nobody', () => {
  for (const value of [
    null,
    [],
    {},
    { entry: 1 },
    { entry: [null, { changes: [{ value: { statuses: [null, 1, { id: 1 }] } }] }] },
    statuses({ id: '', status: 'sent' }),
  ])
    assert.deepEqual(signed(value), { verified: 'signature', reports: [] }, JSON.stringify(value))
})

test('the vendor’s first question is answered only to who knows our word', () => {
  const ask = (token: unknown, mode = 'subscribe') =>
    reader.challenge?.({ 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': '1158201444' })
  assert.equal(ask('our-own-word'), '1158201444')
  assert.equal(ask('a-guess'), 'forged')
  assert.equal(ask(['our-own-word']), 'forged')
  assert.equal(ask('our-own-word', 'unsubscribe'), 'forged')
})
