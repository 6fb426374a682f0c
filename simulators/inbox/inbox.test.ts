import assert from 'node:assert/strict'
import { test } from 'node:test'
import { segments } from '../segments.ts'
import { openStore } from '../store.ts'
import type { Trial } from '../trial.ts'
import { startTrial } from '../trial.ts'
import { openInbox } from './inbox.ts'

const send = ({ control }: Trial, Recipient: string, Body: string) =>
  control('POST', '/rest/SMS/messages', { AppSid: 'a', Recipient, Body })

test('a phone is found in every spelling a query can carry, newest first, and is always answered with its plus', async (t) => {
  const trial = await startTrial(t)
  await send(trial, '966551234567', 'first')
  await send(trial, '966500000001', 'other')
  await send(trial, '966551234567', 'second')
  for (const spelled of ['+966551234567', '%2B966551234567', '%20966551234567', '966551234567', '00966551234567']) {
    const { body } = await trial.control<{ to: string; body: string }[]>('GET', `/inbox.json?to=${spelled}`)
    assert.deepEqual(
      body.map((message) => [message.to, message.body]),
      [
        ['+966551234567', 'second'],
        ['+966551234567', 'first'],
      ],
      spelled,
    )
  }
  assert.equal((await trial.control<unknown[]>('GET', '/inbox.json')).body.length, 3)
  assert.deepEqual((await trial.control<unknown[]>('GET', '/inbox.json?to=nobody')).body, [])
})

test('the inbox keeps the newest five hundred', () => {
  const inbox = openInbox({ store: openStore(), clock: { now: () => 0 } })
  for (let index = 1; index <= 502; index += 1) inbox.receive({ channel: 'sms', to: '+966551234567', from: 'T', body: String(index) })
  const bodies = inbox.messages().map(({ body }) => body)
  assert.deepEqual([bodies.length, bodies[0], bodies.at(-1)], [500, '502', '3'])
})

test('parts are counted as operators bill them', () => {
  const count = (text: string): [string, number] => [segments(text).encoding, segments(text).parts]
  assert.deepEqual(count('a'.repeat(160)), ['GSM-7', 1])
  assert.deepEqual(count('a'.repeat(161)), ['GSM-7', 2])
  assert.deepEqual(count('a'.repeat(307)), ['GSM-7', 3])
  assert.deepEqual(count('€'.repeat(80)), ['GSM-7', 1])
  assert.deepEqual(count('€'.repeat(81)), ['GSM-7', 2])
  assert.deepEqual(count('ب'.repeat(70)), ['UCS-2', 1])
  assert.deepEqual(count('ب'.repeat(71)), ['UCS-2', 2])
  assert.deepEqual(count('😀'.repeat(35)), ['UCS-2', 1])
  assert.deepEqual(count('😀'.repeat(67)), ['UCS-2', 3])
  assert.deepEqual(count('رمز التحقق: 123456'), ['UCS-2', 1])
})

test('the page shows phones and codes in both languages, escapes what it was sent, and plans faults from plain forms', async (t) => {
  const trial = await startTrial(t)
  await send(trial, '966551234567', 'رمز التحقق: 482913 <script>alert(1)</script>')
  const arabic = String((await trial.control('GET', '/')).body['text'])
  assert.match(arabic, /<html lang="ar" dir="rtl">/)
  assert.match(arabic, /\+966551234567[\s\S]*data-copy="482913"/)
  assert.match(arabic, /جزء واحد/)
  assert.ok(!arabic.includes('<script>alert'))
  assert.match(String((await trial.control('GET', '/?lang=en')).body['text']), /<html lang="en" dir="ltr">[\s\S]*Copy code/)
  const form = (path: string, fields: Record<string, string>) =>
    fetch(trial.url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  assert.equal(
    (await form('/faults/plan?lang=en', { target: 'sms/send', fault: 'hang', times: '2' })).headers.get('location'),
    '/?lang=en#faults',
  )
  assert.deepEqual((await trial.control('GET', '/faults')).body['faults'], [
    { provider: 'sms', operation: 'send', fault: 'hang', times: 2 },
  ])
  await form('/faults/clear', {})
  assert.deepEqual((await trial.control('GET', '/faults')).body['faults'], [])
})

test('each message says by which channel it came, a mail its subject; only an SMS has parts', async (t) => {
  const { url, control } = await startTrial(t)
  const template = { name: 'x', language: { code: 'ar' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'أهلًا' }] }] }
  await control(
    'POST',
    '/v23.0/1/messages',
    { messaging_product: 'whatsapp', to: '966551234567', type: 'template', template },
    { authorization: 'Bearer t' },
  )
  for (const [language, word] of [
    ['ar', 'واتساب'],
    ['en', 'WhatsApp'],
  ]) {
    const page = await (await fetch(`${url}/?lang=${language}`)).text()
    const conversation = page.slice(page.indexOf('id="conversations"'), page.indexOf('id="faults"'))
    assert.match(conversation, new RegExp(`<span class="tag whatsapp">${word}</span>`))
    assert.ok(!/جزء|part\b/.test(conversation))
  }
})
