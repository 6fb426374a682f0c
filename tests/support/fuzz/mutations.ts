/** Good requests, and every way to spoil one. Each choice is a value of fast-check's, so that a seed gives the same again. */
import * as fc from 'fast-check'
import type { Operation, Schema } from './contract.ts'
import { type Body, rawMark, type Request } from './request.ts'
import { edgesOf, hostileText, hostileTextFor, hostileValue, hostileValueFor, valueOf } from './values.ts'

/** Everything of a request that does not depend on what exists while it runs. */
export interface Plan {
  operation: Operation
  /** Picks among what exists. */
  picks: number[]
  /** Uses what exists; otherwise made-up values. */
  linked: boolean
  madeUp: { path: Record<string, unknown>; query: Record<string, unknown>; body: unknown }
  actorPick: number
  language: number
  spoil: (request: Request) => Request
  mutation: string
}

const always = 0x7fff_ffff

export function planOf(operation: Operation): fc.Arbitrary<Plan> {
  const at = (where: string) =>
    fc.record(
      Object.fromEntries(
        operation.parameters.filter((parameter) => parameter.in === where).map(({ name, schema }) => [name, valueOf(schema)]),
      ),
      {
        requiredKeys: operation.parameters
          .filter((parameter) => parameter.in === where && (parameter.required || where === 'path'))
          .map(({ name }) => name),
        noNullPrototype: true,
      },
    )
  return fc
    .record({
      picks: fc.array(fc.nat(always), { minLength: 6, maxLength: 6 }),
      linked: fc.nat(9).map((ten) => ten < 8),
      madeUp: fc.record({ path: at('path'), query: at('query'), body: operation.body ? valueOf(operation.body) : fc.constant(undefined) }),
      actorPick: fc.nat(always),
      language: fc.nat(always),
      spoiling: spoilings(operation),
    })
    .map(({ spoiling: [mutation, spoil], ...rest }) => ({ operation, ...rest, mutation, spoil }))
}

type Spoiling = [name: string, spoil: (request: Request) => Request]

const spoiling = <T>(name: string, values: fc.Arbitrary<T>, spoil: (request: Request, value: T) => Partial<Request>) =>
  values.map((value): Spoiling => [name, (request) => ({ ...request, ...spoil(request, value) })])

function spoilings(operation: Operation): fc.Arbitrary<Spoiling> {
  const queries = operation.parameters.filter((parameter) => parameter.in === 'query')
  const paths = operation.parameters.filter((parameter) => parameter.in === 'path')
  const keyed = operation.parameters.some((parameter) => parameter.name === 'idempotency-key')
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant<Spoiling>(['none', (request) => request]) },
    ...(operation.body
      ? [{ weight: 8, arbitrary: Object.keys(operation.body.properties ?? {}).length > 0 ? spoiledField(operation.body) : spoiledAnywhere }]
      : []),
    ...(operation.body ? [{ weight: 3, arbitrary: spoiledBody }] : [{ weight: 1, arbitrary: spoiledBody }]),
    ...(queries.length > 0 ? [{ weight: 6, arbitrary: fc.oneof(...queries.map(({ name, schema }) => spoiledQuery(name, schema))) }] : []),
    {
      weight: 1,
      arbitrary: spoiling('unknown query', fc.tuple(hostileText, hostileText), ({ query }, pair) => ({ query: [...query, pair] })),
    },
    ...paths.map(({ name, schema }) => ({ weight: 3, arbitrary: spoiledPath(name, schema) })),
    ...(keyed ? [{ weight: 3, arbitrary: spoiledKey }] : []),
    {
      weight: 1,
      arbitrary: spoiling(
        'method',
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'HEAD', 'PROPFIND', 'SEARCH'),
        (_, method) => ({ method }),
      ),
    },
    {
      weight: 1,
      arbitrary: spoiling(
        'header',
        fc.constantFrom<[string, string]>(
          ['accept', 'text/csv'],
          ['accept-version', '9'],
          ['x-forwarded-for', "1.2.3.4', now()"],
          ['cookie', 'thabit=%zz; ;;=;'],
          ['origin', 'https://evil.example'],
          ['x-http-method-override', 'DELETE'],
          ['if-none-match', '*'],
          ['range', 'bytes=0-1'],
          ['content-encoding', 'gzip'],
          ['accept-encoding', 'br;q=x'],
        ),
        ({ headers }, header) => ({ headers: [...headers, header] }),
      ),
    },
  )
}

function spoiledField(schema: Schema): fc.Arbitrary<Spoiling> {
  const fields = Object.entries(schema.properties ?? {})
  const change = (body: Body, name: string, value: (old: unknown) => unknown): Body => {
    const before = body.kind === 'json' ? (body.value as Record<string, unknown>) : {}
    return { kind: 'json', value: { ...before, [name]: value(before[name]) } }
  }
  const names = fc.constantFrom(...fields.map(([name]) => name))
  const edges = fields.flatMap(([name, field]) => edgesOf(field).map((value): [string, unknown] => [name, value]))
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.oneof(
        ...fields.map(([name, field]) =>
          spoiling('field hostile', hostileValueFor(name, field), ({ body }, value) => ({ body: change(body, name, () => value) })),
        ),
      ),
    },
    ...(edges.length > 0
      ? [
          {
            weight: 4,
            arbitrary: spoiling('field at its edge', fc.constantFrom(...edges), ({ body }, [name, value]) => ({
              body: change(body, name, () => value),
            })),
          },
        ]
      : []),
    { weight: 2, arbitrary: spoiling('field missing', names, ({ body }, name) => ({ body: change(body, name, () => undefined) })) },
    { weight: 2, arbitrary: spoiling('field null', names, ({ body }, name) => ({ body: change(body, name, () => null) })) },
    { weight: 2, arbitrary: spoiling('field in a list', names, ({ body }, name) => ({ body: change(body, name, (old) => [old]) })) },
    {
      weight: 1,
      arbitrary: spoiling('field in an object', names, ({ body }, name) => ({ body: change(body, name, (old) => ({ value: old })) })),
    },
    {
      weight: 3,
      arbitrary: spoiling(
        'field unknown',
        fc.tuple(
          fc.constantFrom('status', 'price', 'amountMinor', 'accountId', 'isAdmin', 'roles', 'id', 'version', '__proto__x', ' ', 'ث'),
          hostileValue,
        ),
        ({ body }, [name, value]) => ({ body: change(body, name, () => value) }),
      ),
    },
  )
}

/** For a body whose fields the contract does not name: any of those it has, at any depth. */
const spoiledAnywhere: fc.Arbitrary<Spoiling> = spoiling(
  'field hostile',
  fc.tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }), hostileValue),
  ({ body }, [steps, value]) => ({
    body: { kind: 'json', value: body.kind === 'json' ? replacedAt(body.value, steps, value) : value },
  }),
)

function replacedAt(node: unknown, [step, ...rest]: number[], value: unknown): unknown {
  const names = node !== null && typeof node === 'object' ? Object.keys(node) : []
  const name = names[(step ?? 0) % names.length]
  if (step === undefined || name === undefined) return value
  return { ...(node as object), [name]: replacedAt((node as Record<string, unknown>)[name], rest, value) }
}

const broken = [
  '',
  ' ',
  '{',
  '{"a":1',
  '{"a":}',
  "{'a':1}",
  '{"a":1,}',
  'NaN',
  '{"a":NaN}',
  '{"a":Infinity}',
  '\ufeff{}',
  '{}{}',
  '{"__proto__":{"roles":["platform_admin"]}}',
  '{"constructor":{"prototype":{"a":1}}}',
  'undefined',
  '"text"',
  '[]',
  '[{}]',
  'null',
  '0',
  'true',
  '// x\n{}',
  '<xml/>',
  'a=1&b=2',
]
const wrongTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'text/html',
  'application/json-patch+json',
  'application/octet-stream',
  'image/svg+xml',
  'nonsense',
  'application/json; charset=utf-16',
  'application/json;;',
  'APPLICATION/JSON',
]
const nested = (depth: number, open: string, middle: string, close: string) => open.repeat(depth) + middle + close.repeat(depth)

const spoiledBody: fc.Arbitrary<Spoiling> = fc.oneof(
  {
    weight: 4,
    arbitrary: spoiling('body broken', fc.constantFrom(...broken), (_, text) => ({
      body: { kind: 'raw', text, contentType: 'application/json' },
    })),
  },
  {
    weight: 3,
    arbitrary: spoiling('content type', fc.constantFrom<string | null>(...wrongTypes, null), ({ body }, contentType) => ({
      body: { kind: 'raw', text: body.kind === 'json' ? JSON.stringify(body.value) : '{}', contentType },
    })),
  },
  { weight: 2, arbitrary: spoiling('body of another kind', hostileValue, (_, value) => ({ body: { kind: 'json', value } })) },
  {
    weight: 1,
    arbitrary: spoiling('body cut', fc.nat(60), ({ body }, length) => ({
      body: {
        kind: 'raw',
        text: (body.kind === 'json' ? JSON.stringify(body.value) : '{"a":1}').slice(0, length),
        contentType: 'application/json',
      },
    })),
  },
  { weight: 1, arbitrary: spoiling('body missing', fc.constant(null), () => ({ body: { kind: 'none' } })) },
  {
    weight: 1,
    arbitrary: spoiling(
      'body deep',
      fc.constantFrom(
        nested(20_000, '[', '1', ']'),
        nested(8_000, '{"a":', '1', '}'),
        nested(31, '[', '1', ']'),
        `{"note":${nested(25_000, '[', '', ']')}}`,
      ),
      (_, text) => ({ body: { kind: 'raw', text, contentType: 'application/json' } }),
    ),
  },
  {
    weight: 1,
    arbitrary: spoiling('body huge', fc.constantFrom(65_000, 65_536, 65_537, 300_000, 1_048_576), (_, bytes) => ({
      body: { kind: 'raw', text: `{"note":"${'x'.repeat(bytes - 11)}"}`, contentType: 'application/json' },
    })),
  },
  {
    weight: 1,
    arbitrary: spoiling('body many fields', fc.constantFrom(200, 4_000), (_, fields) => ({
      body: { kind: 'json', value: Object.fromEntries(Array.from({ length: fields }, (__, index) => [`f${index}`, index])) },
    })),
  },
)

function spoiledQuery(name: string, schema: Schema): fc.Arbitrary<Spoiling> {
  const without = (query: [string, string][]) => query.filter(([given]) => given !== name)
  const edges = edgesOf(schema).map(String)
  return fc.oneof(
    {
      weight: 5,
      arbitrary: spoiling('query hostile', hostileTextFor(name, schema), ({ query }, value) => ({
        query: [...without(query), [name, value]],
      })),
    },
    ...(edges.length > 0
      ? [
          {
            weight: 3,
            arbitrary: spoiling('query at its edge', fc.constantFrom(...edges), ({ query }, value) => ({
              query: [...without(query), [name, value]],
            })),
          },
        ]
      : []),
    { weight: 2, arbitrary: spoiling('query missing', fc.constant(null), ({ query }) => ({ query: without(query) })) },
    {
      weight: 2,
      arbitrary: spoiling('query twice', hostileText, ({ query }, value) => ({ query: [[name, 'a'], [name, value], ...query] })),
    },
    {
      weight: 1,
      arbitrary: spoiling('query as a list', hostileText, ({ query }, value) => ({
        query: [...without(query), [`${name}[]`, value], [`${name}[0]`, value]],
      })),
    },
    {
      weight: 1,
      arbitrary: spoiling('query cut', fc.constantFrom('%', '%zz', '%c3%28', '%ff', '+', '%2'), ({ query }, value) => ({
        query: [...without(query), [name, rawMark + value]],
      })),
    },
  )
}

const spoiledPath = (name: string, schema: Schema): fc.Arbitrary<Spoiling> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: spoiling('path hostile', hostileTextFor(name, schema), ({ path }, value) => ({ path: { ...path, [name]: value } })),
    },
    {
      weight: 2,
      arbitrary: spoiling('path unknown', valueOf(schema), ({ path }, value) => ({ path: { ...path, [name]: String(value) } })),
    },
    {
      weight: 2,
      arbitrary: spoiling(
        'path cut',
        fc.constantFrom('%', '%zz', '%00', '..', '.', '%2e%2e%2f', 'a/b', '//', ';a=b', 'x'.repeat(201), 'x'.repeat(8_000)),
        ({ path }, value) => ({ path: { ...path, [name]: rawMark + value } }),
      ),
    },
  )

const spoiledKey: fc.Arbitrary<Spoiling> = fc.oneof(
  spoiling('key missing', fc.constant(null), ({ headers }) => ({ headers: headers.filter(([name]) => name !== 'idempotency-key') })),
  spoiling(
    'key hostile',
    fc.constantFrom(
      '',
      ' ',
      'x'.repeat(255),
      'x'.repeat(256),
      'x'.repeat(4_000),
      'with space',
      'caf\u00e9',
      '\u00ff',
      "' or 1=1",
      '"',
      'null',
    ),
    ({ headers }, key) => ({ headers: [...headers.filter(([name]) => name !== 'idempotency-key'), ['idempotency-key', key]] }),
  ),
  spoiling('key used before', fc.constantFrom('shared-1', 'shared-2', 'shared-3'), ({ headers }, key) => ({
    headers: [...headers.filter(([name]) => name !== 'idempotency-key'), ['idempotency-key', key]],
  })),
  spoiling('key twice', fc.constant(null), ({ headers }) => ({ headers: [...headers, ['idempotency-key', 'second-key']] })),
)
