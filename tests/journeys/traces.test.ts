import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase, sql } from '../../server/database/index.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { openTracedHouse } from '../support/traced-house.ts'

const phone = '+966551234567'
const traceId = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
const traceOf = (parent: string | null | undefined) => parent?.split('-')[1]

test('one trace id joins the request, the gateway, the webhook and the message, though the process is killed in between', async (t) => {
  const house = await openTracedHouse(t)
  const businesses = (await (await fetch(`${house.url}/v1/businesses`)).json()) as { items: { slug: string }[] }
  const offer = await offerWhere(
    { url: house.url, businesses: businesses.items.map(({ slug }) => slug) },
    ({ requiresPayment }) => requiresPayment,
  )
  const { slots } = await slotsOf(house.url, offer)
  const authorization = `Bearer ${(await house.signIn(phone)).accessToken}`

  const wish = { businessSlug: offer.slug, serviceId: offer.service.id, startsAt: slots.at(-1)?.startsAt }
  const booked = await house.send('POST', '/v1/bookings', wish, { authorization, traceparent })
  assert.equal(booked.status, 201, JSON.stringify(booked.body))
  assert.equal(traceOf(booked.headers.get('traceparent')), traceId, 'the answer says which trace it was in')
  // The page that pays knows nothing of traces: it goes on in the booking's.
  const bookingPath = `/v1/bookings/${String(booked.body['id'])}`
  const paying = await house.send('POST', `${bookingPath}/payments`, undefined, { authorization })
  assert.equal(paying.status, 201, JSON.stringify(paying.body))

  // What a killed process had not handed over yet is lost, and the collector is all that loses it.
  await house.until('handed over', async () => (await house.spans()).some(({ name }) => name === 'POST /v1/bookings'))
  await house.killAndStartAgain()
  await house.simulator('POST', '/play/moyasar', { redirectUrl: paying.body['redirectUrl'] })
  const statusIs = async (status: string) => (await house.send('GET', bookingPath, undefined, { authorization })).body['status'] === status
  await house.until('confirmed', () => statusIs('confirmed'))
  await house.until('told', async () => (await house.calls()).some(({ provider }) => provider === 'taqnyat'))
  const cancelled = await house.send('POST', `${bookingPath}/cancel`, {}, { authorization })
  assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body))
  await house.until('refunded', async () => (await house.calls()).some(({ operation }) => operation === 'refund' || operation === 'void'))

  await t.test('vendors were called in it', async () => {
    const inTrace = (await house.calls()).filter((call) => traceOf(call.traceparent) === traceId)
    const operations = new Set(inTrace.map(({ provider, operation }) => `${provider} ${operation}`))
    for (const wanted of ['moyasar create-invoice', 'moyasar get-invoice', 'taqnyat send'])
      assert.ok(operations.has(wanted), [...operations].join(', '))
    assert.ok(operations.has('moyasar refund') || operations.has('moyasar void'), [...operations].join(', '))
  })

  await t.test('every row keeps it, and the webhook its own', async () => {
    const options = { poolSize: 2, poolWaitMs: 5_000, statementTimeoutMs: 5_000, lockTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 }
    const database = openDatabase({ url: house.databaseUrl, ...options }, () => {})
    const parents = (table: 'booking' | 'payment' | 'refund' | 'notification' | 'webhook_event') =>
      database
        .rows<{ traceParent: string | null }>(
          {
            booking: sql`select trace_parent from booking`,
            payment: sql`select trace_parent from payment`,
            refund: sql`select trace_parent from refund`,
            notification: sql`select trace_parent from notification`,
            webhook_event: sql`select trace_parent from webhook_event`,
          }[table],
        )
        .then((rows) => rows.map((row) => traceOf(row.traceParent)))
    for (const table of ['booking', 'payment', 'refund', 'notification'] as const)
      assert.deepEqual(new Set(await parents(table)), new Set([traceId]), table)
    const webhooks = await parents('webhook_event')
    assert.ok(webhooks.length > 0 && webhooks.every((id) => id !== undefined && id !== traceId))
    await database.close()

    const lines = house.lines()
    const ours = lines.filter((line) => line.trace_id === traceId)
    for (const event of ['booking', 'payment', 'notification', 'request'])
      assert.ok(
        ours.some((line) => line.event === event),
        event,
      )
    const byWebhook = ours.find((line) => line.event === 'payment' && line['to'] === 'paid')
    assert.ok(
      byWebhook?.linked_trace_ids?.some((id) => webhooks.includes(id)) || lines.some((line) => line.linked_trace_ids?.includes(traceId)),
      'what joins them is in the lines',
    )
    const untraced = lines.filter((line) => line.trace_id === undefined && !['open', 'closed'].includes(line.event))
    assert.deepEqual(untraced, [], 'every line of work says its trace')
  })

  await t.test('the collector was handed spans of both processes that hang together', async () => {
    await house.until('spans', async () =>
      (await house.spans()).some((span) => span.traceId === traceId && span.name === 'taqnyat send-message'),
    )
    const spans = await house.spans()
    const ours = spans.filter((span) => span.traceId === traceId)
    const request = ours.find(({ name }) => name === 'POST /v1/bookings')
    assert.equal(request?.parentSpanId, '00f067aa0ba902b7', 'the caller’s span is the parent')
    const names = new Set(ours.map(({ name }) => name))
    assert.ok(
      [...names].some((name) => name.startsWith('moyasar ')),
      [...names].join(', '),
    )
    assert.ok(ours.every(({ kind, name }) => kind === (name.startsWith('POST') ? 2 : 3)))
    assert.ok(
      spans.some(({ links }) => links.includes(traceId)),
      'other traces point to it',
    )
  })
})

test('a traceparent that is not one to the letter begins a new trace, and no request is refused for it', async (t) => {
  const house = await openTracedHouse(t)
  const wrong = [
    'nonsense',
    traceparent.toUpperCase(),
    `${traceparent}-00`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `ff${traceparent.slice(2)}`,
  ]
  for (const given of wrong) {
    const { status, headers } = await house.send('GET', '/v1/businesses', undefined, { traceparent: given })
    assert.equal(status, 200)
    assert.match(headers.get('traceparent') ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    assert.notEqual(traceOf(headers.get('traceparent')), traceId)
  }
})

test('a collector that is down costs nobody anything, and what is lost is counted', async (t) => {
  const house = await openTracedHouse(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  for (let nth = 0; nth < 20; nth++) assert.equal((await house.send('GET', '/v1/businesses')).status, 200)
  await house.until('counted', async () => {
    const figures = await (await fetch(`${house.url}/metrics`)).text()
    return Number(/trace_spans_total\{result="dropped"\} (\d+)/.exec(figures)?.[1] ?? 0) >= 20
  })
  assert.ok(house.lines().some(({ event }) => event === 'traces_unsent'))
})
