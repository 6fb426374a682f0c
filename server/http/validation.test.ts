import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Type } from 'typebox'
import { bearer, smallServer } from '../../tests/support/small-server.ts'
import { Body, Id, Instant, Limit, LocalDate, Query } from './index.ts'

const Visit = Body({
  name: Type.String({ minLength: 1, maxLength: 5 }),
  seats: Type.Integer({ minimum: 1, maximum: 9 }),
  vip: Type.Optional(Type.Boolean()),
  at: Type.Optional(Instant),
  day: Type.Optional(LocalDate),
  room: Type.Optional(Id),
})
const Wide = Body(Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`field${index}`, Type.String()])))

const open = Type.Object({}, { additionalProperties: true })

const server = (t: TestContext) =>
  smallServer(t, async (app) => {
    const config = { access: 'account' } as const
    app.post('/v1/visits', { config, schema: { body: Visit } }, (request) => request.body as object)
    app.post('/v1/wide', { config, schema: { body: Wide } }, () => ({}))
    app.post('/v1/visits/:id/close', { config, schema: { params: Type.Object({ id: Id }) } }, () => ({}))
    app.get(
      '/v1/visits',
      {
        config,
        schema: {
          querystring: Query({
            limit: Type.Optional(Limit),
            word: Type.Optional(Type.String({ maxLength: 9 })),
            all: Type.Optional(Type.Boolean()),
          }),
        },
      },
      (request) => request.query as object,
    )
    app.post('/v1/hooks', { config: { access: 'public' }, schema: { querystring: open, body: open } }, () => ({}))
    app.post('/v1/ends', { config: { access: 'public' } }, () => ({}))
  })
type Server = Awaited<ReturnType<typeof server>>
type FieldError = { pointer: string; code: string; title: string }

const post = (app: Server, body: unknown, language = 'en', url = '/v1/visits') =>
  app.inject({
    method: 'POST',
    url,
    headers: { ...bearer('token-of-one'), 'content-type': 'application/json', 'accept-language': language },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
const get = (app: Server, url: string) => app.inject({ url, headers: bearer('token-of-one') })

async function refusedFields(app: Server, body: unknown, language?: string): Promise<FieldError[]> {
  const answer = await post(app, body, language)
  assert.equal(answer.statusCode, 400, JSON.stringify(body))
  const problem = answer.json<{ code: string; errors: FieldError[] }>()
  assert.equal(problem.code, 'invalid_request')
  return problem.errors
}

test('a body as it should be is taken as it is', async (t) => {
  const app = await server(t)
  const whole = {
    name: 'هيا',
    seats: 2,
    vip: true,
    at: '2026-03-01T10:00:00+03:00',
    day: '2026-02-28',
    room: '0199a0b0-0000-7000-8000-000000000001',
  }
  const answer = await post(app, whole)
  assert.equal(answer.statusCode, 200)
  assert.deepEqual(answer.json(), whole)
})

test('an unknown field is refused by name', async (t) => {
  const errors = await refusedFields(await server(t), { name: 'a', seats: 1, is_admin: true })
  assert.deepEqual(errors, [{ pointer: '/is_admin', code: 'additionalProperties', title: 'This field is not known.' }])
})

test('a body’s values are not bent to their types', async (t) => {
  const app = await server(t)
  for (const [field, value] of [
    ['seats', '2'],
    ['seats', true],
    ['seats', 1.5],
    ['seats', null],
    ['seats', [2]],
    ['name', 7],
    ['name', ['a']],
    ['vip', 'true'],
    ['vip', 1],
  ] as const) {
    const errors = await refusedFields(app, { name: 'a', seats: 1, [field]: value })
    assert.deepEqual(
      errors.map(({ pointer, code }) => [pointer, code]),
      [[`/${field}`, 'type']],
      `${field}=${JSON.stringify(value)}`,
    )
  }
})

test('a query’s values are text and are read as their types', async (t) => {
  const app = await server(t)
  assert.deepEqual((await get(app, '/v1/visits?limit=7&all=true&word=12')).json(), { limit: 7, all: true, word: '12' })
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=7.5',
    'limit=seven',
    'limit=NaN',
    'limit=1&limit=2',
    'word=a&word=b',
    'all=perhaps',
    'other=1',
    'limit[]=1',
    '__proto__=1',
  ]) {
    const answer = await get(app, `/v1/visits?${query}`)
    assert.equal(answer.statusCode, 400, query)
    assert.match(answer.json<{ errors: FieldError[] }>().errors[0]!.pointer, /^#query\//)
  }
})

test('bounds hold at their edges', async (t) => {
  const app = await server(t)
  for (const [body, status] of [
    [{ name: 'abcde', seats: 9 }, 200],
    [{ name: 'abcdef', seats: 9 }, 400],
    [{ name: '', seats: 1 }, 400],
    [{ name: 'a', seats: 0 }, 400],
    [{ name: 'a', seats: 10 }, 400],
    [{ name: '👩🏽‍⚕️ok', seats: 1 }, 400],
  ] as const) {
    assert.equal((await post(app, body)).statusCode, status, JSON.stringify(body))
  }
})

test('NUL and half surrogate pairs are refused wherever they stand, with a pointer', async (t) => {
  const app = await server(t)
  const bad: [string, string][] = [
    ['{"name":"a\\u0000","seats":1}', '/name'],
    ['{"name":"\\ud800","seats":1}', '/name'],
    ['{"name":"\\udc00b","seats":1}', '/name'],
    ['{"name":"a","seats":1,"no\\u0000te":1}', ''],
    ['{"name":{"deep":["\\u0000"]},"seats":1}', '/name/deep/0'],
  ]
  for (const [body, pointer] of bad) {
    assert.deepEqual(
      (await refusedFields(app, body)).map((error) => [error.pointer, error.code]),
      [[pointer, 'text']],
      body,
    )
  }
  assert.equal((await get(app, '/v1/visits?word=a%00b')).json<{ errors: FieldError[] }>().errors[0]!.pointer, '#query/word')
})

test('nesting without end is refused and breaks nothing', async (t) => {
  const app = await server(t)
  for (const body of [`{"name":${'['.repeat(30_000)}${']'.repeat(30_000)},"seats":1}`, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`]) {
    assert.equal((await refusedFields(app, body))[0]!.code, 'depth')
  }
  assert.equal((await post(app, `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'en', '/v1/hooks')).statusCode, 400)
})

test('the first ten wrong fields are told, no more', async (t) => {
  const app = await server(t)
  const answer = await post(app, {}, 'en', '/v1/wide')
  const { errors } = answer.json<{ errors: FieldError[] }>()
  assert.equal(errors.length, 10)
  assert.deepEqual(errors[0], { pointer: '/field0', code: 'required', title: 'This field is required.' })
})

test('wrong fields are told in the caller’s language, by pointers that any name survives', async (t) => {
  const app = await server(t)
  const errors = await refusedFields(app, { seats: 0, 'a/b~c': 1 }, 'ar')
  assert.deepEqual(
    new Set(errors.map(({ pointer, title }) => `${pointer} ${title}`)),
    new Set(['/name هذا الحقل مطلوب.', '/a~1b~0c هذا الحقل غير معروف.', '/seats القيمة أصغر من المسموح.']),
  )
})

test('dates and instants that no calendar has, or that are absurdly far, are refused', async (t) => {
  const app = await server(t)
  const days = [
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '0000-01-01',
    '9999-12-31',
    '+275760-09-13',
    '-000001-01-01',
    '2026-2-3',
    '20260203',
    '2026-02-03T00:00:00Z',
    '٢٠٢٦-٠٢-٠٣',
    '2026-02-03[u-ca=hebrew]',
    '',
  ]
  for (const day of days)
    assert.deepEqual(
      (await refusedFields(app, { name: 'a', seats: 1, day })).map(({ pointer }) => pointer),
      ['/day'],
      day,
    )
  const instants = [
    '2026-02-30T10:00:00Z',
    '2026-03-01T25:00:00Z',
    '2026-03-01T10:00:00',
    '2026-03-01T10:00:00.1234567891Z',
    '2026-03-01 10:00:00Z',
    '2026-03-01T10:00:00+99:00',
    '2026-03-01T10:00:00+24:00',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '+275760-09-13T00:00:00Z',
    '2026-03-01T10:00Z',
    '1772359200',
    '2026-03-01T10:00:00Z[Asia/Riyadh]',
    'Infinity',
  ]
  for (const at of instants)
    assert.deepEqual(
      (await refusedFields(app, { name: 'a', seats: 1, at })).map(({ pointer }) => pointer),
      ['/at'],
      at,
    )
  for (const at of ['2026-03-01T10:00:00Z', '2026-03-01t10:00:00z', '2026-03-01T10:00:00.123456789-09:30', '2024-02-29T23:59:60Z'])
    assert.equal((await post(app, { name: 'a', seats: 1, at })).statusCode, 200, at)
})

test('whatever passes for an instant or a date can be read by the code behind', async (t) => {
  const app = await server(t)
  for (const at of ['2026-12-31T23:59:60Z', '2199-12-31T23:59:59-00:00', '1900-01-01T00:00:00.000000001Z']) {
    assert.equal((await post(app, { name: 'a', seats: 1, at })).statusCode, 200, at)
    assert.doesNotThrow(() => Temporal.Instant.from(at))
  }
})

test('an id is a plain uuid', async (t) => {
  const app = await server(t)
  for (const id of [
    'urn:uuid:0199a0b0-0000-7000-8000-000000000001',
    '0199a0b0000070008000000000000001',
    '{0199a0b0-0000-7000-8000-000000000001}',
    '1',
    "'; drop table booking; --",
    '%00',
    '..%2f..%2fetc%2fpasswd',
    '0199a0b0-0000-7000-8000-00000000000g',
  ]) {
    const answer = await post(app, {}, 'en', `/v1/visits/${id}/close`)
    assert.equal(answer.statusCode, 400, id)
  }
  assert.equal((await post(app, {}, 'en', '/v1/visits/0199a0b0-0000-7000-8000-000000000001/close')).statusCode, 200)
})

test('a route that describes no body or no query takes none', async (t) => {
  const app = await server(t)
  const close = '/v1/visits/0199a0b0-0000-7000-8000-000000000001/close'
  assert.deepEqual(
    (await post(app, { amount: 1 }, 'en', close)).json<{ errors: FieldError[] }>().errors.map(({ pointer }) => pointer),
    ['/amount'],
  )
  assert.equal((await post(app, [1], 'en', close)).statusCode, 400)
  assert.deepEqual(
    (await post(app, {}, 'en', `${close}?force=1`)).json<{ errors: FieldError[] }>().errors.map(({ pointer }) => pointer),
    ['#query/force'],
  )
  assert.equal((await app.inject({ method: 'POST', url: close, headers: bearer('token-of-one') })).statusCode, 200)
  for (const [body, url] of [
    [{ all: true }, '/v1/ends'],
    [{}, '/v1/ends?all=true'],
  ] as const)
    assert.equal((await post(app, body, 'en', url)).statusCode, 400)
  assert.equal((await post(app, {}, 'en', '/v1/ends')).statusCode, 200)
})

test('a module with schemas of its own is checked as strictly as any', async (t) => {
  const app = await smallServer(t, async (routes) => {
    routes.addSchema(Type.Object({ kept: Type.String() }, { $id: 'OfAModule' }))
    routes.post('/v1/visits', { config: { access: 'account' }, schema: { body: Visit } }, (request) => request.body as object)
  })
  assert.equal((await post(app, { name: 'a', seats: '1' })).statusCode, 400)
  assert.equal((await post(app, { name: 'a', seats: 1, is_admin: true })).statusCode, 400)
  assert.equal((await post(app, { name: 'a', seats: 1 })).statusCode, 200)
})

test('what a route leaves open to a vendor is the vendor’s to shape', async (t) => {
  const app = await server(t)
  assert.equal((await post(app, { anything: [1] }, 'en', '/v1/hooks?token=1')).statusCode, 200)
})
