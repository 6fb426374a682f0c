import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '#database'
import { type PaymentsHouse, startPaymentsHouse, webhookEndpointId, webhookSecret } from '../../tests/support/payments-house.ts'
import { bearer, smallServer } from '../../tests/support/small-server.ts'

async function open(t: Parameters<typeof startPaymentsHouse>[0] & Parameters<typeof smallServer>[0]) {
  const house = await startPaymentsHouse(t)
  const app = await smallServer(t, house.payments.routes)
  const send = (body: object, endpointId = webhookEndpointId) =>
    app.inject({ method: 'POST', url: `/v1/webhooks/moyasar/${endpointId}`, payload: body })
  return { house, app, send }
}

const event = (data: object, change: object = {}) => ({
  id: randomUUID(),
  type: 'payment_paid',
  created_at: '2026-10-02T10:00:00.000Z',
  secret_token: webhookSecret,
  account_name: null,
  live: false,
  data,
  ...change,
})
const eventsOf = (house: PaymentsHouse) =>
  house.database.rows<{ eventType: string; result: string | null; attempts: number; payload: Record<string, unknown> }>(
    sql`select event_type, result, attempts, payload from webhook_event order by received_at`,
  )
const process = async (house: PaymentsHouse) => house.payments.sweeps.find(({ name }) => name === 'process-webhooks')?.run()

async function paid(house: PaymentsHouse) {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  const { gatewayRef } = await house.state(id)
  return { ask, id, data: { id: paymentId, status: 'paid', amount: 15_000, invoice_id: gatewayRef, metadata: null } }
}

test('a webhook is kept without its secret, answered, and acted on by asking the gateway', async (t) => {
  const { house, send } = await open(t)
  const { ask, id, data } = await paid(house)
  const answer = await send(event(data))
  assert.deepEqual([answer.statusCode, answer.json()], [200, { received: true }])
  assert.equal((await house.state(id)).state, 'redirected', 'nothing moved on its word')
  await process(house)
  assert.equal((await house.state(id)).state, 'paid')
  assert.equal(house.told.get(ask.payableId), 1)
  const [kept] = await eventsOf(house)
  assert.equal(kept?.result, 'paid')
  assert.ok(!JSON.stringify(kept.payload).includes(webhookSecret))
})

test('without the address or the secret it is turned away and leaves no trace', async (t) => {
  const { house, send } = await open(t)
  const { id, data } = await paid(house)
  const attempts = [
    send(event(data, { secret_token: 'guessed' })),
    send(event(data, { secret_token: null })),
    send(event(data, { secret_token: '' })),
    send(event(data, { secret_token: { $ne: '' } })),
    send(event(data), 'guessed'),
    send({}),
    send({ data }),
  ]
  for (const answer of await Promise.all(attempts))
    assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [401, 'webhook_not_trusted'])
  assert.deepEqual(await eventsOf(house), [])
  await process(house)
  assert.equal((await house.state(id)).checks, 0)
})

test('the other mode is refused, a body that is no event too', async (t) => {
  const { house, send } = await open(t)
  assert.equal((await send(event({}, { live: true }))).statusCode, 422)
  assert.equal((await send(event({}, { live: undefined }))).statusCode, 422)
  assert.equal((await send({ secret_token: webhookSecret, live: false })).statusCode, 401)
  assert.deepEqual(await eventsOf(house), [])
})

test('a lie with the right secret costs one question and moves nothing', async (t) => {
  const { house, send } = await open(t)
  const view = await house.payments.start(house.ask())
  const { gatewayRef } = await house.state(view.id)
  for (let time = 0; time < 20; time++)
    assert.equal((await send(event({ id: randomUUID(), status: 'paid', amount: 15_000, invoice_id: gatewayRef }))).statusCode, 200)
  await process(house)
  const { state, checks } = await house.state(view.id)
  assert.deepEqual([state, checks], ['redirected', 1])
})

test('the same event twice is one; another id of the same news changes nothing', async (t) => {
  const { house, send } = await open(t)
  const { ask, data } = await paid(house)
  const one = event(data)
  await Promise.all([send(one), send(one), send(event(data)), send(event(data, { type: 'payment_faild' }))])
  assert.equal((await eventsOf(house)).length, 3)
  await house.passTime()
  await process(house)
  assert.equal(house.told.get(ask.payableId), 1)
})

test('an event that is quicker than our own commit waits for it', async (t) => {
  const { house, send } = await open(t)
  const { ask, id, data } = await paid(house)
  await house.database.run(sql`update payment set state = 'intent', gateway_ref = null, redirect_url = null where id = ${id}`)
  await send(event(data))
  await process(house)
  assert.deepEqual(
    (await eventsOf(house)).map(({ result, attempts }) => [result, attempts]),
    [[null, 1]],
    'parked and not dropped',
  )
  await house.database.run(sql`update payment set state = 'redirected', gateway_ref = ${data.invoice_id} where id = ${id}`)
  await house.passTime()
  assert.equal((await eventsOf(house))[0]?.result, 'paid')
  assert.equal(house.told.get(ask.payableId), 1)
})

test('an event that carries our id finds an attempt whose page we never heard of', async (t) => {
  const { house, send } = await open(t)
  const { id, data } = await paid(house)
  await house.database.run(sql`update payment set state = 'unknown', gateway_ref = null, redirect_url = null where id = ${id}`)
  await send(event({ ...data, metadata: { attempt_id: id } }))
  await process(house)
  assert.equal((await house.state(id)).state, 'paid')
})

test('types nobody knows are noted; a payment that is nobody’s is given up after a day', async (t) => {
  const { house, send } = await open(t)
  await send(event({ webhook_id: 'w', verification_code: '123456' }, { type: 'webhook_verification' }))
  await send(event({ invoice_id: randomUUID() }))
  await process(house)
  assert.deepEqual(
    (await eventsOf(house)).map(({ result }) => result),
    ['noted', null],
  )
  await house.database.run(
    sql`update webhook_event set received_at = now() - interval '25 hours', next_try_at = now() where processed_at is null`,
  )
  await process(house)
  assert.deepEqual(new Set((await eventsOf(house)).map(({ result }) => result)), new Set(['nobodys', 'noted']))
})

test('a gateway that cannot be asked leaves the event to the sweep that asks about the payment', async (t) => {
  const { house, send } = await open(t)
  const { id, data } = await paid(house)
  await house.fault({ operation: 'get-invoice', fault: 'http-503', times: 1 })
  await send(event(data))
  await process(house)
  assert.equal((await house.state(id)).state, 'redirected')
  await house.passTime()
  assert.equal((await house.state(id)).state, 'paid')
})

test('the waiting customer’s question asks the gateway, at most once a second', async (t) => {
  const { house, app } = await open(t)
  const { ask, id } = await paid(house)
  const look = () => app.inject({ url: `/v1/payments/${id}`, headers: bearer('token-of-one') })
  const answers = await Promise.all(Array.from({ length: 10 }, look))
  for (const answer of answers) assert.equal(answer.statusCode, 200)
  assert.equal((await house.state(id)).checks, 1)
  assert.deepEqual((await look()).json(), {
    id,
    bookingId: ask.payableId,
    status: 'paid',
    disposition: 'applied',
    redirectUrl: null,
    amount: { amountMinor: 15_000, currency: 'SAR' },
  })
  assert.equal((await app.inject({ url: `/v1/payments/${id}` })).statusCode, 401)
  assert.equal((await app.inject({ url: `/v1/payments/${randomUUID()}`, headers: bearer('token-of-one') })).statusCode, 404)
})

test('a payment of somebody else is not there', async (t) => {
  const house = await startPaymentsHouse(t)
  const others = house.with({ payable: (real) => ({ ...real, ownedBy: async () => false }) })
  const app = await smallServer(t, others.routes)
  const { id } = await house.payments.start(house.ask())
  assert.equal((await app.inject({ url: `/v1/payments/${id}`, headers: bearer('token-of-one') })).statusCode, 404)
})
