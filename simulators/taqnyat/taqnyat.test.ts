import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTrial } from '../trial.ts'

const bearer = { authorization: 'Bearer token' }
const good = { recipients: ['966551234567'], body: 'Hello', sender: 'Thabit' }

test('a text is taken with 201 and lists that are strings, trailing comma and all', async (t) => {
  const { control } = await startTrial(t)
  const { status, body } = await control('POST', '/v1/messages', good, bearer)
  const { messageId, ...rest } = body
  assert.equal(status, 201)
  assert.ok(Number.isSafeInteger(messageId))
  assert.deepEqual(rest, {
    statusCode: 201,
    cost: '0.0500',
    currency: 'SAR',
    totalCount: 1,
    msgLength: 1,
    accepted: '[966551234567,]',
    rejected: '[]',
  })
  const [message] = (await control<{ to: string; from: string }[]>('GET', '/inbox.json')).body
  assert.deepEqual([message?.to, message?.from], ['+966551234567', 'Thabit'])
})

test('a number ending in 000 is refused inside the 201 and gets nothing', async (t) => {
  const { control } = await startTrial(t)
  const { status, body } = await control('POST', '/v1/messages', { ...good, recipients: ['966551234000', '966551234567'] }, bearer)
  assert.deepEqual([status, body['accepted'], body['rejected'], body['totalCount']], [201, '[966551234567,]', '[966551234000,]', 2])
  assert.equal((await control<unknown[]>('GET', '/inbox.json')).body.length, 1)
})

test('bad input is 400, a bad token 401, another method 405', async (t) => {
  const { control } = await startTrial(t)
  for (const change of [
    { recipients: [] },
    { recipients: '966551234567' },
    { recipients: ['+966551234567'] },
    { body: '' },
    { sender: undefined },
  ]) {
    const { status, body } = await control('POST', '/v1/messages', { ...good, ...change }, bearer)
    assert.deepEqual([status, body['statusCode']], [400, 400], JSON.stringify(change))
  }
  assert.equal((await control('POST', '/v1/messages', good)).status, 401)
  assert.equal((await control('POST', '/v1/messages', good, { authorization: 'Bearer wrong-token' })).status, 401)
  assert.equal((await control('PUT', '/v1/messages', good, bearer)).status, 405)
})

test('balance and status answer', async (t) => {
  const { control } = await startTrial(t)
  assert.equal((await control('GET', '/account/balance', undefined, bearer)).body['currency'], 'SAR')
  assert.equal((await control('GET', '/system/status', undefined, bearer)).status, 200)
})
