import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { startListener, startTrial, waitFor } from '../trial.ts'
import type { WebhookAttempt } from './objects.ts'

async function listening(t: TestContext) {
  const trial = await startTrial(t)
  const listener = await startListener(t)
  const { body } = await trial.moyasar<{ id: string }>('POST', '/webhooks', {
    http_method: 'post',
    url: listener.url,
    shared_secret: 'whisper',
  })
  const attempts = async () =>
    (await trial.moyasar<{ webhook_attempts: WebhookAttempt[] }>('GET', `/webhooks/attempts?webhook_id=${body.id}`)).body.webhook_attempts
  return { ...trial, listener, attempts, webhookId: body.id }
}

test('an endpoint is made, listed, read, changed and deleted, and its secret is never shown', async (t) => {
  const { moyasar } = await startTrial(t)
  const made = await moyasar('POST', '/webhooks', {
    http_method: 'post',
    url: 'http://127.0.0.1:9/x',
    shared_secret: 'whisper',
    events: ['payment_paid'],
  })
  assert.equal(made.status, 201)
  assert.ok(!JSON.stringify(made.body).includes('whisper'))
  const path = `/webhooks/${String(made.body['id'])}`
  assert.deepEqual((await moyasar('GET', path)).body['events'], ['payment_paid'])
  assert.equal((await moyasar<{ webhooks: unknown[] }>('GET', '/webhooks')).body.webhooks.length, 1)
  assert.equal((await moyasar('PUT', path, { url: 'http://127.0.0.1:9/y' })).body['url'], 'http://127.0.0.1:9/y')
  assert.ok((await moyasar('DELETE', path)).body['message'])
  assert.equal((await moyasar('GET', path)).status, 404)
  assert.equal((await moyasar<{ events: string[] }>('GET', '/webhooks/available_events')).body.events.length, 10)
  const wrong = await moyasar<{ errors: object }>('POST', '/webhooks', { http_method: 'get', url: 'x', events: ['invoice_paid'] })
  assert.deepEqual([wrong.status, Object.keys(wrong.body.errors)], [400, ['http_method', 'url', 'shared_secret', 'events']])
})

test('a payment is told with its secret and its invoice, and so is a refusal and a refund', async (t) => {
  const { newInvoice, play, listener, moyasar, attempts } = await listening(t)
  const { id, url } = await newInvoice()
  await play(url, { card: '4123120001090000' })
  const { paymentId } = await play(url)
  await moyasar('POST', `/payments/${paymentId}/refund`, { amount: 100 })
  await listener.until(3)
  const told = listener.heard.map(({ type, secret_token, live, data }) => [type, secret_token, live, data.invoice_id, data.status])
  assert.deepEqual(
    told.sort(([one], [other]) => String(one).localeCompare(String(other))),
    [
      ['payment_failed', 'whisper', false, id, 'failed'],
      ['payment_paid', 'whisper', false, id, 'paid'],
      ['payment_refunded', 'whisper', false, id, 'refunded'],
    ],
  )
  await waitFor(async () => (await attempts()).length === 3)
  const [attempt] = await attempts()
  assert.deepEqual([attempt?.result, attempt?.response_code, attempt?.response_body, attempt?.retry_number], ['success', 200, 'noted', 0])
})

test('an event that was not taken comes again after 1, 10, 30, 60 and 120 minutes with the same id, then never', async (t) => {
  const { newInvoice, play, listener, advance, attempts } = await listening(t)
  listener.status = 500
  await play((await newInvoice()).url)
  await waitFor(async () => (await attempts()).length === 1)
  const counts: number[] = []
  for (const minutes of [0.9, 0.2, 9.8, 0.3, 30, 60, 119, 2, 600]) {
    await advance(minutes)
    counts.push(listener.heard.length)
  }
  assert.deepEqual(counts, [1, 2, 2, 3, 4, 5, 5, 6, 6])
  assert.equal(new Set(listener.heard.map(({ id }) => id)).size, 1)
  assert.deepEqual(
    (await attempts()).map(({ retry_number }) => retry_number),
    [5, 4, 3, 2, 1, 0],
  )
})

test('an event stops coming once it was taken', async (t) => {
  const { newInvoice, play, listener, advance } = await listening(t)
  listener.status = 503
  await play((await newInvoice()).url)
  await listener.until(1)
  listener.status = 204
  await advance(2)
  await advance(600)
  assert.equal(listener.heard.length, 2)
})

test('a dropped event never comes, a late one comes when its delay is over', async (t) => {
  const { newInvoice, play, listener, fault, advance } = await listening(t)
  await fault({ provider: 'moyasar', fault: 'drop-webhook', times: 1 })
  await play((await newInvoice()).url)
  await advance(600)
  assert.equal(listener.heard.length, 0)
  await fault({ provider: 'moyasar', operation: 'webhook', fault: 'late-webhook', times: 1, delayMs: 600_000 })
  await play((await newInvoice()).url)
  await advance(9)
  assert.equal(listener.heard.length, 0)
  await advance(2)
  assert.equal(listener.heard.length, 1)
})

test('a duplicate comes under the same event id and once more under another', async (t) => {
  const { newInvoice, play, listener, fault } = await listening(t)
  await fault({ provider: 'moyasar', fault: 'duplicate-webhook', times: 1 })
  await play((await newInvoice()).url)
  await listener.until(3)
  assert.equal(new Set(listener.heard.map(({ id }) => id)).size, 2)
  assert.equal(new Set(listener.heard.map(({ data }) => data.id)).size, 1)
})

test('a reordered event arrives after the one that followed it', async (t) => {
  const { newInvoice, play, listener, fault } = await listening(t)
  const { url } = await newInvoice()
  await fault({ provider: 'moyasar', fault: 'reorder-webhook', times: 1 })
  await play(url, { card: '4123120001090000' })
  await play(url)
  await listener.until(2)
  assert.deepEqual(
    listener.heard.map(({ type }) => type),
    ['payment_paid', 'payment_failed'],
  )
})

test('a forged event carries another secret, and the true one follows by the schedule when it was refused', async (t) => {
  const { newInvoice, play, listener, fault, advance } = await listening(t)
  await fault({ provider: 'moyasar', fault: 'forged-webhook', times: 1 })
  listener.status = 401
  await play((await newInvoice()).url)
  await listener.until(1)
  await advance(2)
  assert.deepEqual(
    listener.heard.map(({ secret_token }) => secret_token === 'whisper'),
    [false, true],
  )
})

test('with its switch a webhook arrives before the customer is sent back', async (t) => {
  const { newInvoice, play, listener, switches } = await listening(t)
  await switches({ webhookBeforeAnswer: true, webhookLiveFlag: 'flipped', failedEventName: 'payment_faild' })
  await play((await newInvoice()).url, { card: '4123120001090000' })
  assert.deepEqual(
    listener.heard.map(({ type, live }) => [type, live]),
    [['payment_faild', true]],
  )
})

test('with its switch an endpoint hears nothing until it gave its code back', async (t) => {
  const { newInvoice, play, listener, switches, moyasar } = await listening(t)
  await switches({ webhookVerification: true, webhookBeforeAnswer: true })
  const second = await startListener(t)
  const made = await moyasar<{ id: string }>('POST', '/webhooks', { http_method: 'post', url: second.url, shared_secret: 's' })
  const [told] = second.heard as unknown as { data: { verification_code: string } }[]
  const code = told?.data.verification_code
  await play((await newInvoice()).url)
  assert.deepEqual([listener.heard.length, second.heard.length], [1, 1])
  assert.equal((await moyasar('POST', `/webhooks/${made.body.id}/verify`, { code: 'no' })).body['type'], 'webhook_verification_invalid')
  assert.equal((await moyasar('POST', `/webhooks/${made.body.id}/verify`, { code })).body['verified'], true)
  await play((await newInvoice()).url)
  assert.equal(second.heard.length, 2)
})

test('the callback of an invoice is posted once, when it becomes paid, and not for a refusal', async (t) => {
  const { newInvoice, play, advance } = await listening(t)
  const callback = await startListener(t)
  callback.status = 500
  const { id, url } = await newInvoice({ callback_url: callback.url })
  await play(url, { card: '4123120001090000' })
  await play(url)
  await callback.until(1)
  await advance(600)
  assert.equal(callback.heard.length, 1)
  const invoice = callback.heard[0] as unknown as { id: string; status: string; payments: unknown[] }
  assert.deepEqual([invoice.id, invoice.status, invoice.payments.length], [id, 'paid', 2])
})
