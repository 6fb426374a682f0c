import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '#external-calls'
import { foundIn, toLookUpForm } from './look-up.ts'

const ourId = '0199d1c2-7b5e-7c3a-9f00-aa11bb22cc33'
const ours = { member: 'CorrelationID', value: ourId } as const
const theirs = { member: 'MessageID', value: '42000348806924' } as const
const listed = { MessageID: 42000348806924, CorrelationID: ourId, Status: 'Sent', DLR: '', Recipient: '966551234567' }
const answer = (...messages: unknown[]) => JSON.stringify({ success: true, message: '', errorCode: 'ER-00', data: { messages } })
const found = (messages: unknown[], sought: typeof ours | typeof theirs = ours) =>
  foundIn(200, answer(...messages), sought).map(({ providerMessageId, said, delivery }) => `${providerMessageId} ${said} ${delivery}`)

test('a message is asked after by our id or by theirs, and never by whom it went to', () => {
  assert.deepEqual(Object.fromEntries(toLookUpForm('sid', ours)), { AppSid: 'sid', CorrelationID: ourId, Limit: '10' })
  assert.deepEqual(Object.fromEntries(toLookUpForm('sid', theirs)), { AppSid: 'sid', MessageID: '42000348806924', Limit: '10' })
})

test('the operator’s receipt says more than Unifonic’s own state, where there is one', () => {
  assert.deepEqual(found([listed]), ['42000348806924 Sent sent'])
  assert.deepEqual(found([{ ...listed, DLR: 'Delivered' }]), ['42000348806924 Delivered delivered'])
  assert.deepEqual(found([{ ...listed, DLR: 'Undeliverable' }], theirs), ['42000348806924 Undeliverable undelivered'])
  assert.deepEqual(found([{ ...listed, DLR: 'Strange' }]), ['42000348806924 Strange null'])
})

test('what was not asked after is none of it, even if the list is of everything', () => {
  assert.deepEqual(found([]), [])
  assert.deepEqual(found([{ ...listed, CorrelationID: '' }, { ...listed, CorrelationID: 'another' }, null, 7, {}]), [])
  assert.deepEqual(found([{ ...listed, MessageID: 1 }], theirs), [])
  for (const data of [undefined, null, [], { messages: null }, { messages: {} }])
    assert.deepEqual(foundIn(200, JSON.stringify({ success: 'true', data }), ours), [], JSON.stringify(data))
})

test('a refusal, a page and a server in trouble say nothing of the message', () => {
  for (const [status, text] of [
    [401, '{"success":false,"errorCode":"ER-401"}'],
    [200, '{"success":false,"errorCode":"ER-08"}'],
    [200, '<html>'],
    [503, ''],
  ] as const)
    assert.throws(() => foundIn(status, text, ours), CallFailure)
})
