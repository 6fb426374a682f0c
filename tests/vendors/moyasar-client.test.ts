/*
 * The gateway's own published client for Node (npm `moyasar`), unchanged but for its base address, against the played
 * gateway: a check by something nobody here wrote. It knows invoices (create, list, fetch, update, cancel) and payments
 * (list, fetch, refund, update); neither capture nor void.
 */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { type TestContext, test } from 'node:test'
import type { Payment } from '../../simulators/moyasar/objects.ts'
import { PUBLISHABLE_KEY, SECRET_KEY, type ShownInvoice, startTrial } from '../../simulators/trial.ts'

interface Calls {
  baseUrl: string
}
interface Client {
  invoice: Calls & {
    create(wanted: object): Promise<ShownInvoice>
    list(page?: { page: number; per: number }): Promise<ShownInvoice[]>
    fetch(id: string): Promise<ShownInvoice>
    update(invoice: object): Promise<ShownInvoice>
    cancel(invoice: object): Promise<ShownInvoice>
  }
  payment: Calls & {
    list(page?: { page: number; per: number }): Promise<Payment[]>
    fetch(id: string): Promise<Payment>
    refund(payment: Payment | string, option?: { amount: number }): Promise<Payment>
    update(payment: object): Promise<Payment | undefined>
  }
}
interface Failure extends Error {
  statusCode: number
  error: unknown
}

const Moyasar = createRequire(import.meta.url)('moyasar') as new (key: string) => Client

async function open(t: TestContext, { nameless = 'let in' }: { nameless?: 'let in' | 'stopped' } = {}) {
  const trial = await startTrial(t)
  // This client sends no User-Agent; the edge is known to stop some that name themselves badly, and ours stops both.
  if (nameless === 'let in') await trial.switches({ edgeWantsUserAgent: false })
  // It writes what it was refused to standard error.
  t.mock.method(console, 'error', () => {})
  const at = (key: string): Client => {
    const client = new Moyasar(key)
    for (const calls of [client.invoice, client.payment]) calls.baseUrl = `${trial.url}/v1/`
    return client
  }
  return { trial, at, client: at(SECRET_KEY) }
}

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  return call.then(
    () => assert.fail('The client saw no failure.'),
    (error: unknown) => error as Failure,
  )
}

const wish = { amount: 15_000, currency: 'SAR', description: 'قص شعر', metadata: { attempt_id: 'a-1' } }

test('the published client makes, reads, lists, changes and cancels an invoice', async (t) => {
  const { client } = await open(t)
  const made = await client.invoice.create({ ...wish, success_url: 'http://shop.test/done', expired_at: '2099-01-01T03:00:00+03:00' })
  assert.deepEqual(
    [made.status, made.amount, made.amount_format, made.expired_at],
    ['initiated', 15_000, '150.00 SAR', '2099-01-01T00:00:00.000Z'],
  )
  assert.deepEqual(await client.invoice.fetch(made.id), made)
  assert.deepEqual(
    (await client.invoice.list()).map(({ id }) => id),
    [made.id],
  )
  // It sends the whole invoice back, what it may not change included.
  const changed = await client.invoice.update({ ...made, description: 'حلاقة', metadata: { note: 'x' } })
  assert.deepEqual(
    [changed.id, changed.amount, changed.description, changed.metadata],
    [made.id, 15_000, 'حلاقة', { attempt_id: 'a-1', note: 'x' }],
  )
  const cancelled = await client.invoice.cancel(changed)
  assert.equal(cancelled.status, 'canceled')
  const again = await failureOf(client.invoice.cancel(changed))
  assert.deepEqual([again.statusCode, again.message], [400, 'Cancel failed. The Invoice is already canceled.'])
})

test('the published client sees the customer’s payment, changes it and gives it back in parts', async (t) => {
  const { client, trial } = await open(t)
  const invoice = await client.invoice.create(wish)
  const { paymentId } = await trial.play(invoice.url)
  assert.equal((await client.invoice.fetch(invoice.id)).status, 'paid')
  const paid = await client.payment.fetch(paymentId)
  assert.deepEqual(
    [paid.status, paid.amount, paid.invoice_id, paid.source.company, paid.source.response_code],
    ['paid', 15_000, invoice.id, 'visa', '00'],
  )
  assert.deepEqual(
    (await client.payment.list({ page: 1, per: 20 })).map(({ id }) => id),
    [paymentId],
  )
  const described = await client.payment.update({ ...paid, description: 'Haircut' })
  assert.equal(described?.description, 'Haircut')
  assert.equal((await client.payment.refund(paid, { amount: 4_000 })).refunded, 4_000)
  const whole = await client.payment.refund(paymentId)
  assert.deepEqual([whole.status, whole.refunded, whole.refunded_format], ['refunded', 15_000, '150.00 SAR'])
  const over = await failureOf(client.payment.refund(paymentId, { amount: 1 }))
  assert.deepEqual([over.statusCode, over.message], [400, 'Only paid or captured payments can be refunded.'])
  await trial.switches({ putPaymentAnswer: 'empty' })
  assert.equal(await client.payment.update(paid), undefined, 'an empty answer does not upset it')
})

test('the published client reads refusals as the API words them', async (t) => {
  const { client, at, trial } = await open(t)
  const small = await failureOf(client.invoice.create({ ...wish, amount: 99 }))
  assert.deepEqual([small.statusCode, small.message], [400, 'Validation Failed'])
  assert.deepEqual((small.error as { errors: unknown }).errors, { amount: ['The value must be greater than or equal to 100.'] })
  assert.equal((await failureOf(client.invoice.fetch('00000000-0000-4000-8000-000000000000'))).statusCode, 404)
  const stranger = await failureOf(at('sk_test_nobody').invoice.list())
  assert.deepEqual([stranger.statusCode, stranger.message], [401, 'Invalid authorization credentials'])
  const publishable = await failureOf(at(PUBLISHABLE_KEY).invoice.list())
  assert.deepEqual([publishable.statusCode, publishable.message], [403, 'User not authorized'])
  await trial.fault({ provider: 'moyasar', operation: 'list-payments', fault: 'http-503', times: 1 })
  const down = await failureOf(client.payment.list())
  assert.deepEqual([down.statusCode, down.message], [503, 'Problem in the server'])
})

test('the published client gives no name, so the edge as we play it stops it until its switch is moved', async (t) => {
  const { client } = await open(t, { nameless: 'stopped' })
  const stopped = await failureOf(client.invoice.list())
  assert.equal(stopped.statusCode, 403)
  assert.match(String(stopped.error), /^<!doctype html>/)
})
