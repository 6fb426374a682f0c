/*
 * What a vendor says after it was asked: that it took a message whose answer was lost, and that a message it took will never
 * arrive.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { comesAbout, type Message, type Problem } from '../support/messages-product.ts'
import { startProduct } from '../support/product.ts'

const phone = '+966551234567'
const endpoint = 'reports-of-this-test-0123456789'

/** The clinic, which chose SMS, then WhatsApp, then mail; SMS by the vendor named. */
async function opened(t: TestContext, vendor: 'unifonic' | 'twilio') {
  const product = await startProduct(t, {
    staffTold: false,
    env: {
      NOTIFICATION_PROVIDER: vendor,
      NOTIFICATION_FALLBACKS: 'whatsapp',
      UNIFONIC_NOTIFICATION_APP_SID: 'app-sid-of-messages',
      UNIFONIC_WEBHOOK_ENDPOINT_ID: endpoint,
      TWILIO_WEBHOOK_ENDPOINT_ID: endpoint,
      TWILIO_AUTH_TOKEN: 'auth-token-of-this-test',
      WHATSAPP_WEBHOOK_ENDPOINT_ID: endpoint,
      WHATSAPP_APP_SECRET: 'app-secret-of-this-test',
      WHATSAPP_VERIFY_TOKEN: 'verify-token-of-this-test',
    },
  })
  const play = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${product.simulatorsUrl}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
    assert.ok(answer.ok, await answer.text())
  }
  const customer = await signIn(product, phone)
  const operator = await signIn(product, product.superuserPhone)
  const offer = await offerWhere({ ...product, businesses: ['waha-dental'] }, ({ requiresPayment }) => !requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  const book = async () => {
    const { status, body } = await customer<{ id: string; reference: string }>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt: slots.at(-3)!.startsAt,
    })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  /** Oldest first. */
  const messagesOf = async ({ id }: { id: string }) => {
    const { body } = await operator<{ items: Message[] }>('GET', '/v1/ops/notifications?limit=100')
    return body.items.filter(({ aboutId }) => aboutId === id).toReversed()
  }
  const inWords = async (booking: { id: string }) =>
    (await messagesOf(booking)).map(({ channel, status, delivery }) => `${channel} ${status} ${delivery}`).join(', ')
  const received = async ({ reference }: { reference: string }) => {
    const inbox = await (await fetch(`${product.simulatorsUrl}/inbox.json?to=${encodeURIComponent(phone)}`)).json()
    return (inbox as { channel: string; body: string }[]).filter(({ body }) => body.includes(reference)).map(({ channel }) => channel)
  }
  return { play, operator, book, messagesOf, inWords, received }
}

test('an SMS that was taken and is then reported to a number nobody has goes by WhatsApp, once, after the vendor confirmed it', async (t) => {
  const { play, book, messagesOf, inWords, received } = await opened(t, 'unifonic')
  await play('/play/unifonic/switches', { reportForm: 'new', reachesNobody: true, reportAfterMs: 50, deliveryReports: 'twice' })
  const booking = await book()
  const end = 'sms SENT undelivered, whatsapp SENT read'
  await comesAbout(async () => (await inWords(booking)) === end)
  assert.deepEqual(await received(booking), ['whatsapp'])
  const [sms, standIn] = await messagesOf(booking)
  assert.equal(standIn?.standsInFor, sms?.id)
  const verified = sms?.reports.filter(({ delivery }) => delivery === 'undelivered').map((report) => report.verified)
  assert.deepEqual(verified, ['path', 'look_up'])
})

test('an SMS of which the operator says only that it did not arrive stays, for a person', async (t) => {
  const { play, book, inWords, received } = await opened(t, 'unifonic')
  await play('/play/unifonic/switches', { reportForm: 'old', reachesNobody: true, reportAfterMs: 50 })
  const booking = await book()
  await comesAbout(async () => (await inWords(booking)) === 'sms SENT undelivered')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  assert.equal(await inWords(booking), 'sms SENT undelivered')
  assert.deepEqual(await received(booking), [])
})

test('a signed report of a number nobody has needs no confirming', async (t) => {
  const { play, book, inWords, received } = await opened(t, 'twilio')
  await play('/play/twilio/switches', { reachesNobody: true, reportAfterMs: 50 })
  const booking = await book()
  await comesAbout(async () => (await inWords(booking)) === 'sms SENT undelivered, whatsapp SENT read')
  assert.deepEqual(await received(booking), ['whatsapp'])
})

test('an SMS whose answer was lost is SENT once its callback tells whose it is', async (t) => {
  const { play, book, messagesOf, inWords, received, operator } = await opened(t, 'twilio')
  await play('/faults', { provider: 'twilio', operation: 'send', fault: 'after-work', times: 1 })
  const booking = await book()
  await comesAbout(async () => (await inWords(booking)) === 'sms SENT delivered')
  const [sms] = await messagesOf(booking)
  assert.deepEqual(
    sms?.attempts.map(({ result }) => result),
    ['unknown'],
  )
  const again = await operator<Problem>('POST', `/v1/ops/notifications/${sms?.id}/redrive`)
  assert.deepEqual([again.status, again.body.code], [409, 'notification_not_failed'])
  assert.deepEqual(await received(booking), ['sms'])
})

test('a WhatsApp message whose answer was lost is SENT once its webhook gives our word back', async (t) => {
  const { play, book, inWords, received } = await opened(t, 'twilio')
  await play('/faults', { provider: 'twilio', operation: 'send', fault: 'refuse' })
  await play('/faults', { provider: 'whatsapp', operation: 'send', fault: 'after-work', times: 1 })
  const booking = await book()
  await comesAbout(async () => (await inWords(booking)) === 'sms FAILED null, whatsapp SENT read')
  assert.deepEqual(await received(booking), ['whatsapp'])
})

test('an SMS whose answer was lost is asked after before anybody sends it again', async (t) => {
  const { play, book, messagesOf, inWords, received, operator } = await opened(t, 'unifonic')
  await play('/play/unifonic/switches', { deliveryReports: 'never' })
  await play('/faults', { provider: 'unifonic', operation: 'send', fault: 'after-work', times: 1 })
  const booking = await book()
  await comesAbout(async () => (await inWords(booking)) === 'sms FAILED null')
  const [lost] = await messagesOf(booking)
  assert.equal(lost?.errorClass, 'ambiguous')
  const again = await operator<Problem>('POST', `/v1/ops/notifications/${lost?.id}/redrive`)
  assert.deepEqual([again.status, again.body.code], [409, 'notification_taken'])
  assert.equal(await inWords(booking), 'sms SENT sent')
  assert.deepEqual(await received(booking), ['sms'])
})
