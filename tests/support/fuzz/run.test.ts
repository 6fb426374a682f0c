import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { type OpenApi, readContract } from './contract.ts'
import { fuzz, type Stage } from './run.ts'

/** A contract of two operations, and a server that keeps it. */
const id = '0199a0b0-0000-7000-8000-000000000001'
const Thing = {
  type: 'object',
  required: ['id', 'name', 'seats'],
  properties: { id: { type: 'string' }, name: { type: 'string' }, seats: { type: 'integer' } },
}
const Problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: { type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, code: { type: 'string' } },
  additionalProperties: true,
}
const problem = { description: 'p', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }
const answers = (status: number) => ({
  [status]: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
  '4XX': problem,
})
const document: OpenApi = {
  paths: {
    '/v1/things': {
      post: {
        operationId: 'createThing',
        security: [{ accessToken: [] }],
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['name', 'seats'],
                properties: { name: { type: 'string', minLength: 1, maxLength: 20 }, seats: { type: 'integer', minimum: 1, maximum: 9 } },
                additionalProperties: false,
              },
            },
          },
        },
        responses: answers(201),
      },
    },
    '/v1/things/{id}': {
      get: {
        operationId: 'getThing',
        parameters: [
          { in: 'path', name: 'id', required: true, schema: { type: 'string', format: 'uuid' } },
          { in: 'query', name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 5 } },
        ],
        responses: answers(200),
      },
    },
  },
  components: { schemas: { Thing, Problem } },
}

const titles = {
  invalid_request: { status: 400, title: { ar: 'خطأ', en: 'Wrong.' } },
  unauthenticated: { status: 401, title: { ar: 'ادخل', en: 'Sign in.' } },
  not_found: { status: 404, title: { ar: 'لا يوجد', en: 'Nothing.' } },
  method_not_allowed: { status: 405, title: { ar: 'لا', en: 'No.' } },
  unsupported_media_type: { status: 415, title: { ar: 'نوع', en: 'Kind.' } },
}
type Code = keyof typeof titles

interface Planted {
  /** Changes what the server checks or answers. */
  accepts?: (body: Record<string, unknown>) => boolean
  answer?: (
    status: number,
    body: object,
    request: IncomingMessage,
    asked: string,
  ) => { status: number; body: object; contentType?: string } | 'cut'
  signedIn?: () => boolean
}

async function server(t: TestContext, planted: Planted = {}): Promise<string> {
  const http = createServer({ maxHeaderSize: 200_000 }, (request, response) => void reply(planted, request, response))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    http.closeAllConnections()
    http.close()
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

async function reply(planted: Planted, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const asked = Buffer.concat(chunks).toString()
  const { status, body } = work(planted, request, asked)
  const answer = planted.answer?.(status, body, request, asked) ?? { status, body }
  if (answer === 'cut') return void response.destroy()
  response.writeHead(answer.status, {
    'content-type': answer.contentType ?? (answer.status < 400 ? 'application/json' : 'application/problem+json'),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(answer.status === 405 && { allow: 'GET' }),
  })
  response.end(JSON.stringify(answer.body))
}

function work({ accepts = takes, signedIn }: Planted, request: IncomingMessage, asked: string): { status: number; body: object } {
  const wish = request.headers['accept-language'] ?? ''
  const english = /^(en\b(?!;q=0$|;q=0\.3)|fr, en)/i.test(wish)
  const refuse = (code: Code) => ({
    status: titles[code].status,
    body: { type: `https://x/${code}`, title: titles[code].title[english ? 'en' : 'ar'], status: titles[code].status, code },
  })
  const url = new URL(request.url ?? '/', 'http://x')
  const made = { id, name: 'a', seats: 1 }
  if (url.pathname === '/v1/things') {
    if (request.method !== 'POST') return refuse('method_not_allowed')
    if (!(signedIn?.() ?? request.headers.authorization === 'Bearer good')) return refuse('unauthenticated')
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? 'application/json')) return refuse('unsupported_media_type')
    const body = read(asked)
    return body !== null && [...url.searchParams].length === 0 && accepts(body)
      ? { status: 201, body: { ...made, name: String(body['name']) } }
      : refuse('invalid_request')
  }
  const [, segment] = /^\/v1\/things\/([^/]+)$/.exec(url.pathname) ?? []
  if (segment === undefined) return refuse('not_found')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse('method_not_allowed')
  const limits = url.searchParams.getAll('limit')
  if (
    [...url.searchParams.keys()].some((name) => name !== 'limit') ||
    limits.length > 1 ||
    (limits.length === 1 && !/^[1-5]$/.test(limits[0]!))
  )
    return refuse('invalid_request')
  return segment === id ? { status: 200, body: made } : refuse('not_found')
}

function read(asked: string): Record<string, unknown> | null {
  try {
    const body = JSON.parse(asked) as unknown
    return body !== null && typeof body === 'object' && !Array.isArray(body) ? (body as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function takes({ name, seats, ...others }: Record<string, unknown>): boolean {
  return typeof name === 'string' && name !== '' && Array.from(name).length <= 20 && isSeats(seats) && Object.keys(others).length === 0
}
const isSeats = (seats: unknown): boolean => Number.isInteger(seats) && (seats as number) >= 1 && (seats as number) <= 9

const stage: Stage = {
  linked: (operation, pick) => (operation.id === 'getThing' ? { path: { id } } : { body: { name: 'نورة', seats: 1 + pick(9) } }),
  actorFor: (_operation, pick) => (pick % 4 === 0 ? 'stranger' : 'customer'),
  authorization: (actor) => (actor === 'customer' ? { header: 'Bearer good', proves: true } : { header: null, proves: false }),
  heard: () => {},
  openQueries: new Set(),
}

async function faultsOf(t: TestContext, planted?: Planted): Promise<string[]> {
  const report = await fuzz({
    baseUrl: await server(t, planted),
    contract: readContract(document),
    problems: new Map(Object.entries(titles)),
    stage,
    seed: 11,
    requests: 1_500,
  })
  assert.ok(report.sent >= 1_500 && Object.values(report.operations).every(({ good }) => good > 20), JSON.stringify(report.operations))
  return report.faults.map(({ sentence, example }) => `${sentence} ${example}`)
}

test('a server that keeps its contract has no fault', async (t) => {
  assert.deepEqual(await faultsOf(t), [])
})

const isGood = (status: number) => status < 300
const planted: Record<string, [finds: RegExp, Planted]> = {
  'a 500 on one rare value': [
    /createThing: It answered 500/,
    {
      answer: (status, body, _request, asked) =>
        asked.includes('\\ud800') ? { status: 500, body: { ...body, status: 500 } } : { status, body },
    },
  ],
  'a status the contract does not name': [
    /The status 202 is not documented/,
    { answer: (status, body) => ({ status: status === 201 ? 202 : status, body }) },
  ],
  'a field that leaks': [
    /not as documented.*passwordHash/,
    { answer: (status, body) => ({ status, body: isGood(status) ? { ...body, passwordHash: 'x' } : body }) },
  ],
  'a field of the wrong type': [
    /not as documented/,
    { answer: (status, body) => ({ status, body: isGood(status) ? { ...body, seats: '1' } : body }) },
  ],
  'a number one too large, taken': [
    /It answered 201 although the body is not as documented/,
    { accepts: ({ seats, ...rest }) => takes({ ...rest, seats: seats === 10 ? 9 : seats }) },
  ],
  'a number as text, taken': [
    /It answered 201 although the body is not as documented/,
    { accepts: ({ seats, ...rest }) => takes({ ...rest, seats: typeof seats === 'string' ? Number(seats) : seats }) },
  ],
  'an unknown field, taken': [
    /It answered 201 although the body is not as documented/,
    { accepts: ({ name, seats }) => takes({ name, seats }) },
  ],
  'a stranger, let in': [/to someone who is not signed in/, { signedIn: () => true }],
  'a stack trace in a refusal': [
    /shows its inside/,
    {
      answer: (status, body) => ({
        status,
        body: status === 400 ? { ...body, detail: 'Error: x\n    at check (/app/server/check.ts:12:3)' } : body,
      }),
    },
  ],
  'SQL in a refusal': [
    /shows its inside/,
    { answer: (status, body) => ({ status, body: status === 400 ? { ...body, detail: 'invalid input syntax for type uuid' } : body }) },
  ],
  'a refusal in the wrong language': [
    /The title is not the one in en/,
    { answer: (status, body) => ({ status, body: 'code' in body ? { ...body, title: titles[body.code as Code].title.ar } : body }) },
  ],
  'a code nobody declared': [
    /in no catalogue/,
    { answer: (status, body) => ({ status, body: status === 404 ? { ...body, code: 'gone_fishing' } : body }) },
  ],
  'a status that is not its code’s': [
    /The status 404 is not that of not_found/,
    { answer: (status, body) => ({ status, body: status === 404 ? { ...body, status: 400 } : body }) },
  ],
  'a refusal that is no problem document': [
    /The content type application\/json is not documented for 400/,
    { answer: (status, body) => ({ status, body, ...(status === 400 && { contentType: 'application/json' }) }) },
  ],
  'a connection that is cut': [
    /cut without an answer/,
    { answer: (status, body, request) => (request.url?.includes('limit=6') === true ? 'cut' : { status, body }) },
  ],
}

for (const [fault, [finds, how]] of Object.entries(planted)) {
  test(`planted and found: ${fault}`, async (t) => {
    const found = await faultsOf(t, how)
    assert.ok(
      found.some((sentence) => finds.test(sentence)),
      `not among ${found.length}: ${found.join('\n').slice(0, 2_000)}`,
    )
  })
}

test('the same seed sends the same requests', async (t) => {
  const heard: string[][] = []
  for (let run = 0; run < 2; run++) {
    const sent: string[] = []
    heard.push(sent)
    await fuzz({
      baseUrl: await server(t),
      contract: readContract(document),
      problems: new Map(Object.entries(titles)),
      stage: { ...stage, heard: ({ method, path, query, body }) => void sent.push(JSON.stringify([method, path, query, body])) },
      seed: 5,
      requests: 200,
      connections: 1,
    })
  }
  assert.deepEqual(heard[0], heard[1])
})
