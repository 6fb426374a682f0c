import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTrial } from '../trial.ts'

type Answer = {
  success: boolean | string
  errorCode: string
  data: { MessageID: number; messages: { MessageID: number; Recipient: string; MessageBody: string; CorrelationID: string }[] }
}
const good = { AppSid: 'app', Recipient: '966551234567', Body: 'رمز التحقق: 123456', SenderID: 'Thabit', CorrelationID: 'c-1' }

test('a text is taken as form, JSON or query, and lands in the inbox', async (t) => {
  const { url, control } = await startTrial(t)
  const path = `${url}/rest/SMS/messages`
  const replies = [
    await fetch(path, { method: 'POST', body: new URLSearchParams(good) }),
    await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(good) }),
    await fetch(`${path}?${new URLSearchParams(good).toString()}`, { method: 'POST' }),
  ]
  for (const reply of replies) {
    const { success, errorCode, data } = (await reply.json()) as Answer
    assert.deepEqual([reply.status, success, errorCode], [200, true, 'ER-00'])
    assert.match(String(data.MessageID), /^42\d{12}$/)
  }
  const { body } = await control<Record<string, string>[]>('GET', '/inbox.json')
  assert.equal(body.length, 3)
  const { receivedAt, ...message } = body[0] ?? {}
  assert.deepEqual(message, { channel: 'sms', to: '+966551234567', from: 'Thabit', body: good.Body })
  assert.match(receivedAt ?? '', /^\d{4}-.*Z$/)
})

test('each wrong parameter has its own status or code, and nothing is delivered', async (t) => {
  const { control } = await startTrial(t)
  const cases: [Record<string, unknown>, number, string][] = [
    [{ AppSid: undefined }, 402, 'ER-402'],
    [{ AppSid: 'wrong-app-sid' }, 401, 'ER-401'],
    [{ Recipient: undefined }, 422, 'ER-422'],
    [{ Recipient: '+966551234567' }, 410, 'ER-410'],
    [{ Recipient: '00966551234567' }, 410, 'ER-410'],
    [{ Recipient: '96655123' }, 200, 'ER-04'],
    [{ Recipient: '9665512345678901' }, 200, 'ER-03'],
    [{ Recipient: '966112345678' }, 200, 'ER-02'],
    [{ Body: undefined }, 421, 'ER-421'],
    [{ Body: ' ' }, 449, 'ER-06'],
    [{ SenderID: 'longer than eleven' }, 440, 'ER-440'],
    [{ CorrelationID: 'not good!' }, 456, 'ER-456'],
  ]
  for (const [change, status, code] of cases) {
    const { body, status: got } = await control<Answer>('POST', '/rest/SMS/messages', { ...good, ...change })
    assert.deepEqual([got, body.success, body.errorCode], [status, false, code], JSON.stringify(change))
  }
  assert.deepEqual((await control<unknown[]>('GET', '/inbox.json')).body, [])
})

test('a repeat within the window is refused only when the switch is on', async (t) => {
  const { control, switches, advance } = await startTrial(t)
  const send = async () => (await control<Answer>('POST', '/rest/SMS/messages', good)).body.errorCode
  assert.deepEqual([await send(), await send()], ['ER-00', 'ER-00'])
  await switches({ duplicateDetection: true }, 'unifonic')
  assert.equal(await send(), 'ER-09')
  await advance(2)
  assert.equal(await send(), 'ER-00')
})

test('success can be a text, as some accounts saw it', async (t) => {
  const { control, switches } = await startTrial(t)
  await switches({ successAsText: true }, 'unifonic')
  assert.equal((await control<Answer>('POST', '/rest/SMS/messages', good)).body.success, 'true')
})

test('a text whose answer was lost is found by its CorrelationID', async (t) => {
  const { control, fault } = await startTrial(t)
  await fault({ provider: 'unifonic', operation: 'send', fault: 'after-work', times: 1 })
  await assert.rejects(control('POST', '/rest/SMS/messages', good))
  const find = async (CorrelationID: string) =>
    (await control<Answer>('POST', '/rest/SMS/Messages/GetMessagesDetails', { AppSid: 'app', CorrelationID })).body.data.messages
  const [found] = await find('c-1')
  assert.deepEqual([found?.Recipient, found?.MessageBody, found?.CorrelationID], ['966551234567', good.Body, 'c-1'])
  assert.deepEqual(await find('c-2'), [])
})
