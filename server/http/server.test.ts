import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Type } from 'typebox'
import { createLog } from '#foundation'
import { bearer, smallNeeds, smallServer } from '../../tests/support/small-server.ts'
import { Body, ref, TextPair } from './index.ts'

test('one line is logged for a request, and nothing that was said in it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thabit-log-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'log')
  const app = await smallServer(
    t,
    async (routes) => {
      routes.post(
        '/v1/codes/:id',
        {
          config: { access: 'account' },
          schema: { querystring: Type.Object({ q: Type.String() }), body: Body({ phone: Type.String(), code: Type.String() }) },
        },
        () => ({ accessToken: 'tok-3141' }),
      )
    },
    smallNeeds(t, { log: createLog({ level: 'trace', file }) }),
  )
  await app.inject({
    method: 'POST',
    url: '/v1/codes/secret-id?q=secret-query',
    headers: { ...bearer('token-of-one'), cookie: 'thabit=secret-cookie' },
    payload: { phone: '+966551234567', code: '271828' },
  })
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.equal(lines.length, 1)
  assert.deepEqual(
    [lines[0]!['method'], lines[0]!['route'], lines[0]!['status'], lines[0]!['account']],
    ['POST', '/v1/codes/:id', 200, '00000000-0000-4000-8000-000000000001'],
  )
  assert.doesNotMatch(readFileSync(file, 'utf8'), /966551234567|271828|secret-|token-of-one|tok-3141/)
})

test('requests are counted by route, and unknown addresses as one', async (t) => {
  const needs = smallNeeds(t)
  const app = await smallServer(t, async (routes) => void routes.get('/v1/things/:id', { config: { access: 'public' } }, () => ({})), needs)
  for (const url of ['/v1/things/1', '/v1/things/2', '/v1/other/1', '/v1/other/2']) await app.inject(url)
  const { values } = await needs.metrics.httpRequests.get()
  const counts = values
    .filter(({ metricName }) => metricName?.endsWith('_count'))
    .map(({ labels, value }) => [labels['http_route'], labels['http_response_status_code'], value])
  assert.deepEqual(counts, [
    ['/v1/things/:id', 200, 2],
    ['unknown', 404, 2],
  ])
})

test('a client’s address is what our own proxies say, and no further', async (t) => {
  for (const [trustedProxies, forwarded, ip] of [
    [0, '203.0.113.9', '127.0.0.1'],
    [1, '203.0.113.9', '203.0.113.9'],
    [1, '6.6.6.6, 203.0.113.9', '203.0.113.9'],
    [2, '6.6.6.6, 203.0.113.9, 10.0.0.1', '203.0.113.9'],
  ] as const) {
    const app = await smallServer(
      t,
      async (routes) => void routes.get('/v1/ip', { config: { access: 'public' } }, (request) => ({ ip: request.ip })),
      smallNeeds(t, { trustedProxies }),
    )
    assert.deepEqual(
      (await app.inject({ url: '/v1/ip', headers: { 'x-forwarded-for': forwarded } })).json(),
      { ip },
      `${trustedProxies} ${forwarded}`,
    )
  }
})

test('an answer holds the fields of its schema and no others', async (t) => {
  const Person = Type.Object({ name: ref(TextPair), phone: Type.Optional(Type.String()) })
  const app = await smallServer(t, async (routes) => {
    routes.get(
      '/v1/person',
      { config: { access: 'public' }, schema: { response: { 200: Person } } },
      () => ({ name: { ar: 'ن', en: 'N', secret: 1 }, codeHmac: 'x' }) as never,
    )
  })
  assert.deepEqual((await app.inject('/v1/person')).json(), { name: { ar: 'ن', en: 'N' } })
})

test('the contract names every route with its key, its token and its problems', async (t) => {
  const app = await smallServer(t, async (routes) => {
    routes.post(
      '/v1/things',
      {
        config: { access: 'account', idempotency: 'required' },
        schema: { operationId: 'makeThing', body: Body({ name: Type.String() }), response: { 201: ref(TextPair) } },
      },
      () => ({ ar: '', en: '' }),
    )
    routes.get('/v1/open', { config: { access: 'public' }, schema: { operationId: 'seeOpen' } }, () => ({}))
    routes.get('/livez', () => ({}))
  })
  interface Described {
    security?: unknown
    parameters?: { in: string; name: string; required: boolean }[]
    responses: Record<string, { content?: object }>
  }
  const document = (await app.inject('/openapi.json')).json<{ openapi: string; paths: Record<string, Record<string, Described>> }>()
  assert.match(document.openapi, /^3\.1/)
  assert.deepEqual(Object.keys(document.paths), ['/v1/things', '/v1/open'])
  const made = document.paths['/v1/things']!['post']!
  assert.deepEqual(made.security, [{ accessToken: [] }])
  assert.deepEqual(
    made.parameters?.map(({ in: where, name, required }) => [where, name, required]),
    [['header', 'idempotency-key', true]],
  )
  assert.deepEqual(Object.keys(made.responses), ['201', '4XX', '5XX'])
  assert.deepEqual(Object.keys(made.responses['4XX']!.content ?? {}), ['application/problem+json'])
  assert.equal(document.paths['/v1/open']!['get']!.security, undefined)
  assert.equal((await app.inject('/docs/')).statusCode, 200)
})

test('over https the browser is told to stay there, over http not', async (t) => {
  for (const secure of [true, false]) {
    const app = await smallServer(t, async () => {}, smallNeeds(t, { secure }))
    const { headers } = await app.inject('/v1/nothing')
    assert.equal(headers['strict-transport-security'], secure ? 'max-age=31536000; includeSubDomains' : undefined)
  }
})
