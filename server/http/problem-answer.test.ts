import assert from 'node:assert/strict'
import { connect, type AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Type } from 'typebox'
import { allProblems } from '#foundation'
import { bearer, smallServer } from '../../tests/support/small-server.ts'
import { Body, problems } from './index.ts'

const server = (t: TestContext) =>
  smallServer(t, async (app) => {
    const config = { access: 'public' } as const
    app.get('/v1/things', { config }, () => ({ items: [] }))
    app.post('/v1/things', { config, schema: { body: Body({ name: Type.Optional(Type.String()) }) } }, () => ({}))
    app.get('/v1/things/:id/sheet.ics', { config }, () => ({}))
    app.get('/v1/slow', { config }, () => {
      throw problems.busy({ alternatives: [1] }, 1.2)
    })
    app.get('/v1/broken', { config }, () => {
      throw new Error('password of admin is hunter2: select * from account')
    })
    app.get('/v1/locked', { config }, () => {
      throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
    })
  })

interface Told {
  type: string
  title: string
  status: number
  code: string
  instance?: string
}

test('a problem says its type, status, code and request, and its title in the caller’s language', async (t) => {
  const app = await server(t)
  const english = 'The service is busy. Try again in a moment.'
  const arabic = 'الخدمة مشغولة الآن. حاول بعد لحظات.'
  const wishes: [string | undefined, string][] = [
    [undefined, arabic],
    ['', arabic],
    ['*', arabic],
    ['ar', arabic],
    ['ar-SA,en;q=0.9', arabic],
    ['fr-FR', arabic],
    ['fr;q=1, en;q=0.2', english],
    ['en', english],
    ['EN-gb', english],
    ['en;q=0.4, ar;q=0.5', arabic],
    ['ar;q=0.4, en;q=0.5', english],
    ['ar;q=0, en;q=0.1', english],
    ['en;q=0', arabic],
    ['en;q=x', english],
    ['en;q=...', arabic],
    [`${'x,'.repeat(5_000)}en`, arabic],
  ]
  for (const [wish, title] of wishes) {
    const answer = await app.inject({ url: '/v1/slow', headers: wish === undefined ? {} : { 'accept-language': wish } })
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(answer.headers['retry-after'], '2')
    assert.match(String(answer.headers['vary']), /Accept-Language/i)
    const { instance, ...rest } = answer.json<Told>()
    assert.equal(instance, answer.headers['x-request-id'])
    assert.deepEqual(
      rest,
      { type: 'https://thabit.dev/problems/busy', title, status: 503, code: 'busy', alternatives: [1] },
      `Accept-Language: ${wish?.slice(0, 30)}`,
    )
  }
})

test('what nobody foresaw is a 500 that tells nothing', async (t) => {
  const app = await server(t)
  const answer = await app.inject({ url: '/v1/broken', headers: { 'accept-language': 'en' } })
  assert.equal(answer.statusCode, 500)
  const { instance, ...rest } = answer.json<Told>()
  assert.ok(instance)
  assert.deepEqual(rest, {
    type: 'https://thabit.dev/problems/internal',
    title: 'Something failed on our side. Nothing saved was lost.',
    status: 500,
    code: 'internal',
  })
})

test('a database that is away is told as busy, with when to come again', async (t) => {
  const answer = await (await server(t)).inject('/v1/locked')
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['retry-after'], '2')
  assert.ok(!answer.body.includes('5432'))
})

test('an unknown address is 404, a known one with another method 405 with those it takes', async (t) => {
  const app = await server(t)
  for (const url of [
    '/v1/nothing',
    '/v1',
    '/v1/things/1',
    '/v1/things/',
    '/v1/%ff',
    '/v1/things/%',
    `/v1/things/${'x'.repeat(300)}/sheet.ics`,
  ]) {
    const answer = await app.inject({ url, headers: { 'accept-language': 'en' } })
    assert.equal(answer.statusCode, 404, url)
    assert.equal(answer.json<Told>().code, 'not_found')
    assert.equal(answer.json<Told>().title, 'There is no such thing here.')
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(answer.headers['x-request-id'], answer.json<Told>().instance)
  }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const) {
    const answer = await app.inject({ method: method as 'PUT', url: '/v1/things' })
    assert.equal(answer.statusCode, 405, method)
    assert.equal(answer.json<Told>().code, 'method_not_allowed')
    assert.deepEqual(new Set(String(answer.headers['allow']).split(', ')), new Set(['GET', 'HEAD', 'POST']))
  }
  assert.equal((await app.inject({ method: 'POST', url: '/v1/things/1/sheet.ics' })).statusCode, 405)
  assert.equal((await app.inject({ method: 'POST', url: '/v1/things/1/sheetXics' })).statusCode, 404)
  assert.equal((await app.inject({ method: 'POST', url: '/v1/nothing', payload: { a: 1 } })).statusCode, 404)
})

test('a body that is not JSON we can read is refused for what it is', async (t) => {
  const app = await server(t)
  const post = (payload: string | undefined, headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/v1/things', headers, ...(payload !== undefined && { payload }) })
  const json = { 'content-type': 'application/json' }
  const cases: [string | undefined, Record<string, string>, number, string][] = [
    ['{"name":', json, 400, 'invalid_request'],
    ['', json, 400, 'invalid_request'],
    ['{"name":NaN}', json, 400, 'invalid_request'],
    ["{'name':1}", json, 400, 'invalid_request'],
    ['{"__proto__":{"name":"x"}}', json, 400, 'invalid_request'],
    ['{"constructor":{"prototype":{"name":"x"}}}', json, 400, 'invalid_request'],
    ['null', json, 400, 'invalid_request'],
    ['[]', json, 400, 'invalid_request'],
    ['"text"', json, 400, 'invalid_request'],
    [undefined, {}, 400, 'invalid_request'],
    [`{"name":"${'x'.repeat(70_000)}"}`, json, 413, 'payload_too_large'],
    ['name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['{}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['<a/>', { 'content-type': 'text/xml' }, 415, 'unsupported_media_type'],
    ['{}', { 'content-type': 'nonsense' }, 415, 'unsupported_media_type'],
  ]
  for (const [payload, headers, status, code] of cases) {
    const answer = await post(payload, headers)
    assert.equal(answer.statusCode, status, `${payload?.slice(0, 40)} as ${headers['content-type']}`)
    assert.equal(answer.json<Told>().code, code)
  }
  assert.equal((await post('{"name":"x"}', { 'content-type': 'application/json; charset=utf-8' })).statusCode, 200)
})

test('what is no HTTP is told so as a problem, and the connection is closed', async (t) => {
  const app = await server(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const say = (words: string) =>
    new Promise<string>((resolve, reject) => {
      let heard = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(words))
      socket.setTimeout(5_000, () => socket.destroy(new Error('The connection stays open.')))
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
      socket.on('error', reject)
      socket.on('close', () => resolve(heard))
    })
  const both = await Promise.all([
    say('nonsense\r\n\r\n'),
    say('GET / HTTP/1.1\r\nhost: x\r\n\u0001: y\r\n\r\n'),
    say('POST /v1/things HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    say(`GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(40_000)}\r\n\r\n`),
  ])
  for (const [index, heard] of both.entries()) {
    assert.match(heard, index === 3 ? /^HTTP\/1\.1 431 / : /^HTTP\/1\.1 400 /)
    assert.match(heard, /application\/problem\+json/)
    assert.equal(
      (JSON.parse(heard.slice(heard.indexOf('\r\n\r\n') + 4)) as Told).code,
      index === 3 ? 'headers_too_large' : 'invalid_request',
    )
  }
})

test('every problem of the catalogue has a sentence in both languages and a status a client can act on', () => {
  assert.ok(allProblems().size >= 15)
  for (const [code, { status, title }] of allProblems()) {
    assert.match(code, /^[a-z]+(_[a-z]+)*$/)
    assert.ok(status >= 400 && status <= 599, code)
    assert.match(title.ar, /[\u0600-\u06ff]/, code)
    assert.match(title.en, /^[A-Z].*[.!?]$/, code)
  }
})

test('the name of a request is ours, whatever the caller calls it', async (t) => {
  const app = await server(t)
  const answer = await app.inject({ url: '/v1/nothing', headers: { ...bearer('token-of-one'), 'x-request-id': 'forged\u0000' } })
  assert.notEqual(answer.headers['x-request-id'], 'forged\u0000')
})
