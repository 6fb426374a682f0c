import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, startTrial } from '../trial.ts'

test('a text is queued with 201 and no price yet, and found by its number', async (t) => {
  const { url, control } = await startTrial(t)
  const path = '/2010-04-01/Accounts/AC1/Messages.json'
  const send = (fields: Record<string, string>, headers = basic('AC1', 'token')) =>
    fetch(url + path, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ To: '+966551234567', From: 'Thabit', Body: 'Hi', ...fields }),
    })
  const made = await send({})
  const { sid, status, price } = (await made.json()) as { sid: string; status: string; price: null }
  assert.match(sid, /^SM[0-9a-f]{32}$/)
  assert.deepEqual([made.status, status, price], [201, 'queued', null])
  const found = await control<{ messages: { sid: string }[] }>('GET', `${path}?To=+966551234567`, undefined, basic('AC1', 'token'))
  assert.equal(found.body.messages[0]?.sid, sid)
  const code = async (fields: Record<string, string>, headers?: Record<string, string>) => {
    const refused = await send(fields, headers)
    return [refused.status, ((await refused.json()) as { code: number }).code]
  }
  assert.deepEqual(await code({}, basic('AC1', '')), [401, 20003])
  assert.deepEqual(await code({}, basic('AC2', 'token')), [401, 20003])
  assert.deepEqual(await code({ To: '0551234567' }), [400, 21211])
  assert.deepEqual(await code({ To: '+15005550009' }), [400, 21614])
  assert.deepEqual(await code({ From: '+15005550007' }), [400, 21606])
  assert.equal((await control<unknown[]>('GET', '/inbox.json')).body.length, 1)
})
