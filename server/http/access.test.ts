import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { bearer, smallNeeds, smallServer } from '../../tests/support/small-server.ts'
import { callerOf, createServer } from './index.ts'

const server = (t: TestContext) =>
  smallServer(t, async (app) => {
    app.get('/v1/open', { config: { access: 'public' } }, (request) => ({ known: request.caller !== null }))
    app.get('/v1/mine', { config: { access: 'account' } }, (request) => ({ id: callerOf(request).accountId }))
    app.get('/v1/ops/all', { config: { access: 'operator' } }, () => ({ all: true }))
  })

test('a route of the contract that does not say who may call it stops the start', async (t) => {
  await assert.rejects(
    createServer(smallNeeds(t), [async (app) => void app.get('/v1/forgotten', () => ({}))]),
    /GET \/v1\/forgotten does not say who may call it/,
  )
})

test('a route that keeps answers by account cannot be public', async (t) => {
  await assert.rejects(
    createServer(smallNeeds(t), [
      async (app) => void app.post('/v1/open', { config: { access: 'public', idempotency: 'optional' } }, () => ({})),
    ]),
    /POST \/v1\/open keeps answers by account/,
  )
})

test('a public route asks for no token and learns nothing from one', async (t) => {
  const app = await server(t)
  for (const headers of [{}, bearer('token-of-one'), bearer('nonsense')]) {
    const answer = await app.inject({ url: '/v1/open', headers })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { known: false })
  }
})

test('without a token that proves something, a route of an account answers 401', async (t) => {
  const app = await server(t)
  const bad = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer nonsense',
    'Basic token-of-one',
    'token-of-one',
    'Bearer token-of-one token-of-one',
    `Bearer ${'x'.repeat(5_000)}`,
    'Bearer token-of-one\u00a0',
    "Bearer ' or 1=1",
  ]
  for (const authorization of bad) {
    for (const url of ['/v1/mine', '/v1/ops/all']) {
      const answer = await app.inject({ url, headers: authorization === undefined ? {} : { authorization } })
      assert.equal(answer.statusCode, 401, `${authorization} at ${url}`)
      assert.equal(answer.json<{ code: string }>().code, 'unauthenticated')
    }
  }
})

test('a token opens the account’s routes and not the operator’s', async (t) => {
  const app = await server(t)
  const mine = await app.inject({ url: '/v1/mine', headers: bearer('token-of-one') })
  assert.deepEqual(mine.json(), { id: '00000000-0000-4000-8000-000000000001' })
  const ops = await app.inject({ url: '/v1/ops/all', headers: bearer('token-of-one') })
  assert.equal(ops.statusCode, 403)
  assert.equal(ops.json<{ code: string }>().code, 'forbidden')
  const operator = await app.inject({ url: '/v1/ops/all', headers: bearer('token-of-operator') })
  assert.equal(operator.statusCode, 200)
})

test('the answer to HEAD is guarded as its GET is', async (t) => {
  const app = await server(t)
  assert.equal((await app.inject({ method: 'HEAD', url: '/v1/mine' })).statusCode, 401)
  assert.equal((await app.inject({ method: 'HEAD', url: '/v1/ops/all', headers: bearer('token-of-one') })).statusCode, 403)
})

test('a check of tokens that breaks lets nobody in', async (t) => {
  const app = await smallServer(
    t,
    async (routes) => void routes.get('/v1/mine', { config: { access: 'account' } }, () => ({ secret: true })),
    smallNeeds(t, {
      authenticate: async () => {
        throw new Error('The key is broken.')
      },
    }),
  )
  const answer = await app.inject({ url: '/v1/mine', headers: bearer('token-of-one') })
  assert.equal(answer.statusCode, 500)
  assert.ok(!answer.body.includes('secret') && !answer.body.includes('broken'))
})

test('personal answers are never stored on the way, and every answer carries the guards a browser knows', async (t) => {
  const app = await server(t)
  for (const url of ['/v1/mine', '/v1/nothing', '/v1/open']) {
    const { headers } = await app.inject({ url, headers: bearer('token-of-one') })
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
  }
})

test('another site’s page gets no leave to read our answers', async (t) => {
  const app = await server(t)
  const answer = await app.inject({ url: '/v1/mine', headers: { ...bearer('token-of-one'), origin: 'https://evil.example' } })
  assert.equal(answer.headers['access-control-allow-origin'], undefined)
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/v1/mine',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
  })
  assert.equal(preflight.statusCode, 405)
  assert.equal(preflight.headers['access-control-allow-origin'], undefined)
})
