import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestContext, test } from 'node:test'
import { Type } from 'typebox'
import { sql } from '#database'
import { testDatabase } from '../../tests/support/postgres.ts'
import { bearer, smallNeeds, smallServer } from '../../tests/support/small-server.ts'
import { Body, forgetOldKeys, problems } from './index.ts'

async function opened(t: TestContext) {
  const { url, drop } = await testDatabase()
  const needs = smallNeeds({ after: (run) => t.after(async () => (await run(), await drop())) }, { databaseUrl: url })
  /** What the work does; how often it ran. */
  const work = { run: async (): Promise<object> => ({ made: true }), times: 0 }
  const app = await smallServer(
    t,
    async (routes) => {
      for (const [address, idempotency] of [
        ['/v1/orders', 'required'],
        ['/v1/notes', 'optional'],
      ] as const) {
        routes.post(
          address,
          {
            config: { access: 'account', idempotency },
            schema: {
              body: Body({ a: Type.Optional(Type.Integer()), b: Type.Optional(Type.Integer()) }),
              response: { 201: Type.Object({}, { additionalProperties: true }) },
            },
          },
          async (_request, reply) => {
            work.times += 1
            reply.code(201)
            return { ...(await work.run()), time: work.times }
          },
        )
      }
    },
    needs,
  )
  const post = (key: string | undefined, change: { token?: string; body?: object | string; url?: string; language?: string } = {}) =>
    app.inject({
      method: 'POST',
      url: change.url ?? '/v1/orders',
      headers: {
        ...bearer(change.token ?? 'token-of-one'),
        'content-type': 'application/json',
        'accept-language': change.language ?? 'en',
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      payload: typeof change.body === 'string' ? change.body : JSON.stringify(change.body ?? { a: 1 }),
    })
  return { app, database: needs.database, work, post }
}

const codeOf = (answer: { json: () => unknown }) => (answer.json() as { code: string }).code

test('a request that needs a key and has none is told so, and nothing is done', async (t) => {
  const { post, work } = await opened(t)
  for (const key of [undefined, '']) {
    const answer = await post(key)
    assert.equal(answer.statusCode, 400)
    assert.equal(codeOf(answer), 'idempotency_key_missing')
  }
  for (const key of ['two words', 'مفتاح', 'x'.repeat(256)]) assert.equal(codeOf(await post(key)), 'invalid_request')
  assert.equal(work.times, 0)
})

test('where the key is a choice, its absence only means that a repeat is done again', async (t) => {
  const { post, work } = await opened(t)
  for (let run = 0; run < 2; run++) assert.equal((await post(undefined, { url: '/v1/notes' })).statusCode, 201)
  for (let run = 0; run < 2; run++) assert.equal((await post('k', { url: '/v1/notes' })).statusCode, 201)
  assert.equal(work.times, 3)
})

test('the same key gives the same answer again and says so; the work ran once', async (t) => {
  const { post, work } = await opened(t)
  const first = await post('k-1')
  assert.equal(first.statusCode, 201)
  assert.equal(first.headers['idempotent-replayed'], undefined)
  for (const body of [{ a: 1 }, ' { "a" : 1 } ']) {
    const again = await post('k-1', { body })
    assert.equal(again.statusCode, 201)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.deepEqual(again.json(), first.json())
  }
  assert.equal(work.times, 1)
})

test('the order of fields is not part of a request, their values are', async (t) => {
  const { post, work } = await opened(t)
  await post('k-1', { body: '{"a":1,"b":2}' })
  assert.equal((await post('k-1', { body: '{"b":2,"a":1}' })).headers['idempotent-replayed'], 'true')
  for (const change of [{ body: { a: 1, b: 3 } }, { body: { a: 1 } }, { url: '/v1/notes', body: { a: 1, b: 2 } }]) {
    const other = await post('k-1', change)
    assert.equal(other.statusCode, 422)
    assert.equal(codeOf(other), 'idempotency_key_reused')
  }
  assert.equal(work.times, 1)
})

test('a key belongs to its account', async (t) => {
  const { post, work } = await opened(t)
  const mine = await post('k-1', { body: { a: 1 } })
  const theirs = await post('k-1', { token: 'token-of-other', body: { a: 2 } })
  assert.equal(theirs.statusCode, 201)
  assert.notDeepEqual(theirs.json(), mine.json())
  assert.equal(work.times, 2)
})

test('twenty requests with one key at once run the work once', async (t) => {
  const { post, work } = await opened(t)
  work.run = async () => (await sleep(50), { made: true })
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('k-1')))
  assert.equal(work.times, 1)
  const [made, others] = [answers.filter(({ statusCode }) => statusCode === 201), answers.filter(({ statusCode }) => statusCode !== 201)]
  assert.ok(made.length >= 1)
  assert.equal(made.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
  for (const answer of others) {
    assert.equal(answer.statusCode, 409)
    assert.equal(codeOf(answer), 'idempotency_key_in_use')
    assert.equal(answer.headers['retry-after'], '1')
  }
  assert.equal((await post('k-1')).headers['idempotent-replayed'], 'true')
})

test('a refusal that will not change is kept, in the words it was first told', async (t) => {
  const { post, work } = await opened(t)
  work.run = async () => {
    throw problems.forbidden({ because: 7 })
  }
  const first = await post('k-1', { language: 'en' })
  const again = await post('k-1', { language: 'ar' })
  assert.equal(again.statusCode, 403)
  assert.equal(again.headers['idempotent-replayed'], 'true')
  assert.equal(again.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.deepEqual(again.json(), first.json())
  assert.equal(work.times, 1)
})

test('what may still change is not kept: the same key runs the work again', async (t) => {
  const { post, work } = await opened(t)
  const failures = [
    () => problems.busy({}, 1),
    () => problems.internal(),
    () => problems.too_many_requests({}, 9),
    () => problems.request_timeout(),
    () => new Error('a fault of ours'),
  ]
  for (const failure of failures) {
    work.run = async () => {
      throw failure()
    }
    assert.ok((await post('k-1')).statusCode >= 408)
  }
  work.run = async () => ({ made: true })
  const answer = await post('k-1')
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers['idempotent-replayed'], undefined)
  assert.equal(work.times, failures.length + 1)
})

test('a key whose holder died is taken over when its lock ran out, by the same request only', async (t) => {
  const { database, post, work } = await opened(t)
  let release = () => {}
  const stuck = new Promise<void>((resolve) => (release = resolve))
  work.run = async () => (await stuck, { made: 'late' })
  const slow = post('k-1')
  while (work.times === 0) await sleep(5)
  assert.equal(codeOf(await post('k-1')), 'idempotency_key_in_use')

  await database.run(sql`update idempotency_key set locked_until = now() - interval '1 second'`)
  assert.equal(codeOf(await post('k-1', { body: { a: 2 } })), 'idempotency_key_reused')
  work.run = async () => ({ made: 'anew' })
  const next = await post('k-1')
  assert.equal(next.statusCode, 201)
  assert.equal(work.times, 2)

  // Whoever lost the lock answers its own client and leaves what is kept alone.
  release()
  assert.equal((await slow).json<{ made: string }>().made, 'late')
  assert.equal((await post('k-1')).json<{ made: string }>().made, 'anew')
})

test('one who lost the lock and fails does not free the key under the next', async (t) => {
  const { database, post, work } = await opened(t)
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  work.run = async () => {
    const mine = work.times
    await gates[mine - 1]?.promise
    if (mine === 1) throw problems.internal()
    return { made: mine }
  }
  const first = post('k-1')
  while (work.times === 0) await sleep(5)
  await database.run(sql`update idempotency_key set locked_until = now() - interval '1 second'`)
  const second = post('k-1')
  while (work.times === 1) await sleep(5)
  gates[0]!.resolve()
  assert.equal((await first).statusCode, 500)
  assert.equal(codeOf(await post('k-1')), 'idempotency_key_in_use')
  gates[1]!.resolve()
  assert.equal((await second).statusCode, 201)
  assert.equal(work.times, 2)
})

test('a client that hangs up does not undo its request: the answer is kept for when it asks again', async (t) => {
  const { app, work, post } = await opened(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const gate = Promise.withResolvers<void>()
  work.run = async () => (await gate.promise, { made: true })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(
    'POST /v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer token-of-one\r\nidempotency-key: k-1\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}',
  )
  while (work.times === 0) await sleep(5)
  socket.destroy()
  await sleep(20)
  gate.resolve()
  let again = await post('k-1')
  for (let tries = 0; tries < 50 && again.statusCode === 409; tries++) again = (await sleep(20), await post('k-1'))
  assert.equal(again.statusCode, 201)
  assert.equal(again.headers['idempotent-replayed'], 'true')
  assert.equal(work.times, 1)
})

test('after three days a key is free again, and old keys are removed', async (t) => {
  const { database, post, work } = await opened(t)
  await post('k-1')
  await post('k-2')
  await database.run(sql`update idempotency_key set created_at = now() - interval '73 hours' where key = 'k-1'`)
  assert.equal((await post('k-1', { body: { a: 2 } })).statusCode, 201)
  assert.equal(work.times, 3)
  await database.run(sql`update idempotency_key set created_at = now() - interval '73 hours' where key = 'k-2'`)
  assert.equal(await forgetOldKeys(database), 1)
  assert.equal(await forgetOldKeys(database), 0)
})

test('a database that is away answers busy before the work is begun', async (t) => {
  const times = { worked: 0 }
  const app = await smallServer(
    t,
    async (routes) =>
      void routes.post('/v1/orders', { config: { access: 'account', idempotency: 'required' } }, async () => ({ times: ++times.worked })),
  )
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/orders',
    headers: { ...bearer('token-of-one'), 'idempotency-key': randomUUID() },
  })
  assert.equal(answer.statusCode, 503)
  assert.equal(times.worked, 0)
})
