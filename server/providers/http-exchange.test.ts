import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { CallFailure, type CallFailureFacts } from '#external-calls'
import { errorTypeOfStatus, exchange, parseJson } from './http-exchange.ts'

async function listen(t: TestContext, server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const vendor = (t: TestContext, answer: RequestListener) => listen(t, createServer(answer))
const tcpVendor = (t: TestContext, onConnection: (socket: Socket) => void) => listen(t, createTcpServer(onConnection))

async function failureOf(call: Promise<unknown>): Promise<CallFailureFacts> {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof CallFailure, String(error))
    return error.facts
  }
  return assert.fail('The call did not fail.')
}

const get = (url: string, timeoutMs = 2_000) => exchange({ method: 'GET', url, signal: AbortSignal.timeout(timeoutMs) })
const kindOf = ({ outcome, errorType }: CallFailureFacts) => `${outcome} ${errorType}`

test('any status is an answer, and the vendor’s name for the call comes with it', async (t) => {
  let agent: string | undefined
  const url = await vendor(t, (request, response) => {
    agent = request.headers['user-agent']
    response.writeHead(503, { 'x-request-id': 'r-1' }).end('{"a":"ب"}')
  })
  const answer = await get(url)
  assert.equal(answer.status, 503)
  assert.equal(answer.requestId, 'r-1')
  assert.deepEqual(parseJson(answer.text), { a: 'ب' })
  assert.equal(agent, 'Thabit')
})

test('a form is sent as a form', async (t) => {
  const url = await vendor(t, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => response.end(JSON.stringify({ type: request.headers['content-type'], body })))
  })
  const { text } = await exchange({ method: 'POST', url, body: new URLSearchParams({ Body: 'a b' }), signal: AbortSignal.timeout(2_000) })
  assert.deepEqual(parseJson(text), { type: 'application/x-www-form-urlencoded;charset=UTF-8', body: 'Body=a+b' })
})

test('a port nobody listens on is unreachable: surely nothing was sent', async () => {
  const closed = createTcpServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const freed = (closed.address() as AddressInfo).port
  await new Promise((resolve) => closed.close(resolve))
  assert.equal(kindOf(await failureOf(get(`http://127.0.0.1:${freed}/`))), 'unreachable connect')
})

test('a name that does not exist is unreachable', async () => {
  assert.equal(kindOf(await failureOf(get('http://thabit.invalid/', 10_000))), 'unreachable dns')
})

test('a certificate nobody vouches for is unreachable', async (t) => {
  const url = await tcpVendor(t, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
  assert.equal(kindOf(await failureOf(get(url.replace('http:', 'https:')))), 'unreachable tls')
})

test('a connection cut after the request went out is unknown', async (t) => {
  const url = await tcpVendor(t, (socket) => socket.once('data', () => socket.resetAndDestroy()))
  assert.equal(kindOf(await failureOf(get(url))), 'unknown reset')
})

test('an answer cut in its middle is unknown', async (t) => {
  const url = await tcpVendor(t, (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"succ')))
  assert.equal(kindOf(await failureOf(get(url))), 'unknown reset')
})

test('a vendor that never answers is unknown at the deadline', async (t) => {
  const url = await tcpVendor(t, () => {})
  assert.equal(kindOf(await failureOf(get(url, 150))), 'unknown timeout')
})

test('the deadline covers an answer whose body drips', async (t) => {
  const url = await vendor(t, (_request, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  })
  const startedAt = performance.now()
  assert.equal(kindOf(await failureOf(get(url, 200))), 'unknown timeout')
  assert.ok(performance.now() - startedAt < 1_500)
})

test('an endless answer is read up to the cap and no further', async (t) => {
  const url = await vendor(t, (_request, response) => {
    const more = () => {
      while (response.write('x'.repeat(16_384)));
    }
    response.on('drain', more)
    more()
  })
  const failure = await failureOf(exchange({ method: 'GET', url, signal: AbortSignal.timeout(3_000), maxBytes: 100_000 }))
  assert.equal(kindOf(failure), 'unknown cap_exceeded')
})

test('a redirect is not followed', async (t) => {
  let visits = 0
  const url = await vendor(t, (_request, response) => {
    visits += 1
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  assert.equal(kindOf(await failureOf(get(url))), 'unknown unknown_status')
  assert.equal(visits, 1)
})

test('a credential no header can hold is our configuration, and is not repeated in the failure', async () => {
  const failure = await failureOf(
    exchange({
      method: 'GET',
      url: 'http://127.0.0.1:9/',
      headers: { authorization: 'Bearer se\ncret' },
      signal: AbortSignal.timeout(500),
    }),
  )
  assert.equal(kindOf(failure), 'refused misconfigured')
  assert.ok(!JSON.stringify(failure).includes('cret'))
})

test('HTML, nothing, a list and a cut answer are no JSON object: the outcome is unknown', () => {
  for (const text of ['<html>502</html>', '', '[]', 'null', '{"success":tr']) {
    assert.throws(
      () => parseJson(text),
      (error: unknown) => error instanceof CallFailure && kindOf(error.facts) === 'unknown bad_body',
    )
  }
})

test('statuses have their word for the metrics', () => {
  assert.deepEqual([400, 429, 500, 503].map(errorTypeOfStatus), ['http_4xx', 'http_429', 'http_5xx', 'http_5xx'])
})
