import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { createThabit, NoAnswerError, newIdempotencyKey, ProblemError } from './index.ts'

async function serverThat(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const client = (baseUrl: string, timeoutMs = 2_000) => createThabit({ baseUrl, language: () => 'ar', timeoutMs })
const problem = (code: string, status: number, extra = {}) => JSON.stringify({ code, status, title: 'عنوان', ...extra })

test('an access token that ran out is renewed once for all calls, and each call repeated under its own key', async (t) => {
  const keys: string[] = []
  let renewals = 0
  const url = await serverThat(t, (request: IncomingMessage, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/v1/auth/sessions/refresh') {
      renewals += 1
      return setTimeout(() => response.end(JSON.stringify({ accessToken: 'fresh', expiresAt: '' })), 20)
    }
    if (request.headers['idempotency-key']) keys.push(String(request.headers['idempotency-key']))
    if (request.headers.authorization !== 'Bearer fresh') response.writeHead(401).end(problem('unauthenticated', 401))
    else response.end(JSON.stringify({ id: 'one' }))
    return undefined
  })
  const thabit = client(url)
  const body = { businessSlug: 's', serviceId: 'x', startsAt: '2026-11-26T10:00:00Z' }
  const [first, second] = await Promise.all([thabit.book('key-one', body), thabit.book('key-two', body)])
  assert.equal(first.id, 'one')
  assert.equal(second.id, 'one')
  assert.equal(renewals, 1)
  assert.deepEqual(keys.toSorted(), ['key-one', 'key-one', 'key-two', 'key-two'])
})

test('a problem keeps its code, its title and what it carries', async (t) => {
  const url = await serverThat(t, (_request, response) => {
    response
      .writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '7' })
      .end(problem('code_too_soon', 429, { more: 1 }))
  })
  const error = await client(url)
    .requestCode({ phone: '0551234567', locale: 'ar' })
    .catch((thrown: unknown) => thrown)
  assert.ok(error instanceof ProblemError)
  assert.equal(error.code, 'code_too_soon')
  assert.equal(error.title, 'عنوان')
  assert.equal(error.retryAfterSeconds, 7)
  assert.equal(error.extra['more'], 1)
})

test('an answer that is no problem of ours, is cut short, is late or never comes is not taken for a refusal', async (t) => {
  const reasonFrom = async (url: string, timeoutMs?: number) => {
    const error = await client(url, timeoutMs)
      .me()
      .catch((thrown: unknown) => thrown)
    assert.ok(error instanceof NoAnswerError, String(error))
    return error.reason
  }
  assert.equal(
    await reasonFrom(await serverThat(t, (_request, response) => response.writeHead(502).end('<html>Bad gateway</html>'))),
    'unreadable',
  )
  assert.equal(await reasonFrom(await serverThat(t, (request) => request.socket.destroy())), 'unreachable')
  assert.equal(await reasonFrom(await serverThat(t, () => {}), 80), 'timed_out')
  const late = await serverThat(
    t,
    (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":'),
  )
  assert.equal(await reasonFrom(late, 80), 'timed_out')
})

test('keys do not repeat', () => {
  assert.notEqual(newIdempotencyKey(), newIdempotencyKey())
  assert.match(newIdempotencyKey(), /^[0-9a-f]{32}$/)
})
