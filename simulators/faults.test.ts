import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { Fault } from './faults.ts'
import { basic, SECRET_KEY, startTrial, waitFor } from './trial.ts'
import type { Trial } from './trial.ts'

type Seen = { text: string; closed: 'politely' | 'reset' | 'not'; tookMs: number; firstByteMs: number }

const invoiceBody = JSON.stringify({ amount: 15_000, currency: 'SAR', description: 'fault', metadata: { attempt_id: 'f' } })

/** Speaks HTTP by hand and reports what happened on the wire, so that no client library smooths it over. */
function onTheWire(url: string, body = invoiceBody, patienceMs = 400): Promise<Seen> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const startedAt = performance.now()
    let text = ''
    let firstByteMs = Number.POSITIVE_INFINITY
    const socket = connect({ host: hostname, port: Number(port) })
    const end = (closed: Seen['closed']): void => {
      clearTimeout(patience)
      socket.destroy()
      resolve({ text, closed, tookMs: performance.now() - startedAt, firstByteMs })
    }
    const patience = setTimeout(() => end('not'), patienceMs)
    socket.on('data', (chunk) => {
      firstByteMs = Math.min(firstByteMs, performance.now() - startedAt)
      text += chunk.toString()
    })
    socket.on('end', () => end('politely'))
    socket.on('error', () => end('reset'))
    socket.write(
      `POST /v1/invoices HTTP/1.1\r\nHost: x\r\nUser-Agent: wire\r\nConnection: close\r\nAuthorization: ${basic(SECRET_KEY)['authorization']}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  })
}

async function withFault(
  trial: Trial,
  fault: Partial<Fault>,
  patienceMs?: number,
): Promise<Seen & { made: number; status: string; body: string }> {
  await trial.fault({ provider: 'moyasar', operation: 'create-invoice', times: 1, ...fault })
  const before = await invoices(trial)
  const seen = await onTheWire(trial.url, invoiceBody, patienceMs)
  const [head = '', ...rest] = seen.text.split('\r\n\r\n')
  await trial.control('DELETE', '/faults')
  return { ...seen, made: (await invoices(trial)) - before, status: head.split('\r\n')[0] ?? '', body: rest.join('\r\n\r\n') }
}

async function invoices({ moyasar }: Trial): Promise<number> {
  return (await moyasar<{ meta: { total_count: number } }>('GET', '/invoices')).body.meta.total_count
}

test('reset and before-work cut the connection with nothing done; after-work cuts it with the work done', async (t) => {
  const trial = await startTrial(t)
  for (const [fault, made] of [
    ['reset', 0],
    ['before-work', 0],
    ['after-work', 1],
  ] as const) {
    const seen = await withFault(trial, { fault })
    assert.deepEqual([seen.closed, seen.text, seen.made], ['reset', '', made], fault)
  }
})

test('hang is silent and does nothing; after-work with a delay is silent after the work', async (t) => {
  const trial = await startTrial(t)
  const hung = await withFault(trial, { fault: 'hang' })
  assert.deepEqual([hung.closed, hung.text, hung.made], ['not', '', 0])
  const done = await withFault(trial, { fault: 'after-work', delayMs: 60_000 })
  assert.deepEqual([done.closed, done.text, done.made], ['not', '', 1])
  const cut = await withFault(trial, { fault: 'hang', delayMs: 50 })
  assert.deepEqual([cut.closed, cut.made], ['reset', 0])
})

test('slow answers right, but only after its delay', async (t) => {
  const trial = await startTrial(t)
  const seen = await withFault(trial, { fault: 'slow', delayMs: 200 })
  assert.ok(seen.firstByteMs >= 190, `${seen.firstByteMs} ms`)
  assert.match(seen.status, / 201 /)
  assert.equal((JSON.parse(seen.body) as { amount: number }).amount, 15_000)
  assert.equal(seen.made, 1)
})

test('drip gives its headers at once and its body a byte at a time', async (t) => {
  const trial = await startTrial(t)
  const seen = await withFault(trial, { fault: 'drip', delayMs: 20 })
  assert.match(seen.status, / 201 /)
  assert.ok(seen.firstByteMs < 200)
  assert.equal(seen.closed, 'not')
  assert.ok(seen.body.length > 3 && seen.body.length < 40, `${seen.body.length} bytes`)
  const whole = await withFault(trial, { fault: 'drip', delayMs: 0 })
  assert.ok(JSON.parse(whole.body))
})

test('truncated promises the whole length and ends politely with half of it', async (t) => {
  const seen = await withFault(await startTrial(t), { fault: 'truncated' })
  const promised = Number(/content-length: (\d+)/i.exec(seen.text)?.[1])
  assert.equal(seen.closed, 'politely')
  assert.equal(seen.body.length, Math.floor(promised / 2))
  assert.throws(() => JSON.parse(seen.body))
  assert.equal(seen.made, 1)
})

test('html is a 200 that is no JSON, with nothing done', async (t) => {
  const seen = await withFault(await startTrial(t), { fault: 'html' })
  assert.match(seen.status, / 200 /)
  assert.match(seen.body, /^<!doctype html>/)
  assert.equal(seen.made, 0)
})

test('a connection that is half open says a few letters and then nothing for ever, and nothing is done', async (t) => {
  const seen = await withFault(await startTrial(t), { fault: 'half-open' })
  assert.deepEqual([seen.text, seen.closed, seen.made], ['HTTP/1.1 20', 'not', 0])
})

test('slow-headers gives the right answer a line of its headers at a time', async (t) => {
  const trial = await startTrial(t)
  const seen = await withFault(trial, { fault: 'slow-headers', delayMs: 150 })
  assert.match(seen.status, / 201 /)
  assert.deepEqual([seen.body, seen.closed, seen.made], ['', 'not', 1])
  const whole = await withFault(trial, { fault: 'slow-headers', delayMs: 0 })
  assert.deepEqual([(JSON.parse(whole.body) as { amount: number }).amount, whole.closed], [15_000, 'politely'])
})

test('late-work is done after its delay, though the client has long gone', async (t) => {
  const trial = await startTrial(t)
  const seen = await withFault(trial, { fault: 'late-work', delayMs: 250 }, 100)
  assert.deepEqual([seen.text, seen.made], ['', 0])
  await waitFor(async () => (await invoices(trial)) === 1)
})

test('after-work-500 says that it failed and did not', async (t) => {
  const seen = await withFault(await startTrial(t), { fault: 'after-work-500' })
  assert.match(seen.status, / 500 /)
  assert.equal(seen.made, 1)
})

test('endless begins with the right answer and goes on for as long as anyone reads', async (t) => {
  const seen = await withFault(await startTrial(t), { fault: 'endless' })
  assert.match(seen.status, / 201 /)
  assert.deepEqual([seen.closed, seen.made], ['not', 1])
  assert.ok(seen.text.length > 1_000_000, `${seen.text.length} characters`)
})

test('gzip-bomb is a gigabyte that travels as one megabyte', async (t) => {
  const trial = await startTrial(t)
  await trial.fault({ provider: 'moyasar', operation: 'create-invoice', fault: 'gzip-bomb', times: 1 })
  const answer = await fetch(`${trial.url}/v1/invoices`, {
    method: 'POST',
    headers: { ...basic(SECRET_KEY), 'content-type': 'application/json' },
    body: invoiceBody,
  })
  assert.equal(answer.headers.get('content-encoding'), 'gzip')
  assert.ok(Number(answer.headers.get('content-length')) < 2_000_000)
  let bytes = 0
  for await (const chunk of answer.body ?? []) if ((bytes += chunk.byteLength) > 50_000_000) break
  assert.ok(bytes > 50_000_000)
})

test('wrong-length promises half of what comes; duplicate-reply says all of it twice', async (t) => {
  const trial = await startTrial(t)
  const short = await withFault(trial, { fault: 'wrong-length' })
  const promised = Number(/content-length: (\d+)/i.exec(short.text)?.[1])
  assert.deepEqual([Math.floor(short.body.length / 2), short.made], [promised, 1])
  const twice = await withFault(trial, { fault: 'duplicate-reply' })
  assert.equal(twice.text.split('HTTP/1.1 201').length, 3)
  assert.equal(twice.made, 1)
})

test('a redirect leads to the same address, where whoever follows finds the work done', async (t) => {
  const trial = await startTrial(t)
  for (const status of [302, 308]) {
    const seen = await withFault(trial, { fault: `http-${status}` as Fault['fault'] })
    assert.match(seen.text, /location: \/v1\/invoices\r\n/i)
    assert.equal(seen.made, 0)
  }
})

test('what is no answer of the API: the edge’s page, nothing at all, an error under 200', async (t) => {
  const trial = await startTrial(t)
  const edge = await withFault(trial, { fault: 'edge-block' })
  assert.match(edge.status, / 403 /)
  assert.match(edge.body, /^<!doctype html>/)
  assert.deepEqual((({ body, made }) => [body, made])(await withFault(trial, { fault: 'empty' })), ['', 0])
  const inside = await withFault(trial, { fault: 'error-in-200' })
  assert.match(inside.status, / 200 /)
  assert.ok((JSON.parse(inside.body) as { error: unknown }).error)
})

test('an HTTP failure comes in the vendor’s own words, with nothing done', async (t) => {
  const trial = await startTrial(t)
  const types = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    429: 'rate_limit_error',
    500: 'api_error',
    503: 'api_connection_error',
  }
  for (const [status, type] of Object.entries(types)) {
    const seen = await withFault(trial, { fault: `http-${status}` as Fault['fault'] })
    assert.match(seen.status, new RegExp(` ${status} `))
    assert.deepEqual([(JSON.parse(seen.body) as { type: string }).type, seen.made], [type, 0])
  }
  const refused = await withFault(trial, { fault: 'refuse' })
  assert.match(refused.status, / 400 /)
  assert.equal(refused.made, 0)
})

test('a lying answer has another amount, id or status, while the gateway itself keeps the truth', async (t) => {
  const trial = await startTrial(t)
  const { id, url } = await trial.newInvoice()
  await trial.play(url)
  const lied = async (fault: string) => {
    await trial.fault({ provider: 'moyasar', operation: 'get-invoice', fault, times: 1 })
    return trial.invoice(id)
  }
  const amount = await lied('wrong-amount')
  assert.deepEqual([amount.amount, amount.payments[0]?.amount], [15_100, 15_100])
  const other = await lied('wrong-id')
  assert.notEqual(other.id, id)
  const status = await lied('unknown-status')
  assert.deepEqual([status.status, status.payments[0]?.status], ['under_review', 'under_review'])
  assert.deepEqual((({ currency, payments }) => [currency, payments[0]?.currency])(await lied('wrong-currency')), ['KWD', 'KWD'])
  const grown = await lied('extra-fields')
  assert.deepEqual([Object.hasOwn(grown, 'risk'), Object.hasOwn(grown, '__proto__'), grown.status], [true, true, 'paid'])
  const truth = await trial.invoice(id)
  assert.deepEqual([truth.id, truth.amount, truth.status], [id, 15_000, 'paid'])
})

test('a fault happens as often as planned and only where it was planned', async (t) => {
  const trial = await startTrial(t)
  await trial.fault({ provider: 'moyasar', operation: 'get-invoice', fault: 'http-500', times: 2 })
  const { id } = await trial.newInvoice()
  const statuses: number[] = []
  for (let index = 0; index < 3; index += 1) statuses.push((await trial.moyasar('GET', `/invoices/${id}`)).status)
  assert.deepEqual(statuses, [500, 500, 200])
  await trial.fault({ provider: 'moyasar', fault: 'http-503' })
  assert.equal((await trial.moyasar('GET', '/payments')).status, 503)
  assert.equal((await trial.moyasar('GET', '/invoices')).status, 503)
  await trial.control('DELETE', '/faults')
  assert.equal((await trial.moyasar('GET', '/invoices')).status, 200)
})

test('every SMS vendor can be broken at once, and each refuses in its own way', async (t) => {
  const trial = await startTrial(t)
  await trial.fault({ provider: 'sms', operation: 'send', fault: 'refuse' })
  const unifonic = await trial.control('POST', '/rest/SMS/messages', { AppSid: 'a', Recipient: '966551234567', Body: 'x' })
  assert.deepEqual([unifonic.status, unifonic.body['success'], unifonic.body['errorCode']], [200, false, 'ER-05'])
  const taqnyat = await trial.control(
    'POST',
    '/v1/messages',
    { recipients: ['966551234567'], body: 'x', sender: 'T' },
    { authorization: 'Bearer t' },
  )
  assert.deepEqual([taqnyat.status, taqnyat.body['statusCode']], [400, 400])
  const twilio = await trial.control('POST', '/2010-04-01/Accounts/AC1/Messages.json', {}, basic('AC1', 'token'))
  assert.deepEqual([twilio.status, twilio.body['code']], [400, 21606])
  assert.deepEqual((await trial.control<unknown[]>('GET', '/inbox.json')).body, [])
})

test('what is not known is refused with what is', async (t) => {
  const { fault, control } = await startTrial(t)
  const refused = async (body: Record<string, unknown>): Promise<string[]> => {
    const answer = await fault(body)
    assert.equal(answer.status, 422)
    assert.ok(answer.body['known'])
    return Object.keys(answer.body['errors'] as object)
  }
  assert.deepEqual(await refused({ provider: 'paypal', fault: 'hang' }), ['provider'])
  assert.deepEqual(await refused({ provider: 'moyasar', operation: 'dance', fault: 'hang' }), ['operation'])
  assert.deepEqual(await refused({ provider: 'sms', operation: 'toString', fault: 'hang' }), ['operation'])
  assert.deepEqual(await refused({ provider: 'unifonic', fault: 'wrong-amount' }), ['fault'])
  assert.deepEqual(await refused({ provider: 'moyasar', operation: 'webhook', fault: 'hang' }), ['fault'])
  assert.deepEqual(await refused({ provider: 'moyasar', fault: 'hang', times: 0, delayMs: -1, often: true }), ['often', 'times', 'delayMs'])
  assert.deepEqual(((await control('GET', '/faults')).body['faults'] as unknown[]).length, 0)
  const put = await fault({ provider: 'moyasar', fault: 'hang', times: 2 })
  assert.deepEqual([put.status, put.body['faults']], [200, [{ provider: 'moyasar', fault: 'hang', times: 2 }]])
})
