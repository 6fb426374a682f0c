/*
 * A customer whose SMS cannot be sent is told by WhatsApp, and by mail when that cannot either; each vendor that took it
 * reports afterwards, and the booking shows how far the word came.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { messageTo, startProduct } from '../support/product.ts'

const phone = '+966551234567'
const email = 'noura@example.test'
const endpoint = 'reports-of-this-test-0123456789'

interface Booking {
  id: string
  reference: string
  notifications: { kind: string; channel: string; status: string; delivery: string | null }[]
}
interface Received {
  channel: string
  from: string
  subject?: string
  body: string
}

/** At the clinic, which chose SMS, then WhatsApp, then mail. */
async function opened(t: TestContext) {
  const product = await startProduct(t, {
    env: {
      NOTIFICATION_FALLBACKS: 'twilio,whatsapp,smtp',
      TAQNYAT_WEBHOOK_ENDPOINT_ID: endpoint,
      TWILIO_WEBHOOK_ENDPOINT_ID: endpoint,
      TWILIO_AUTH_TOKEN: 'auth-token-of-this-test',
      WHATSAPP_WEBHOOK_ENDPOINT_ID: endpoint,
      WHATSAPP_APP_SECRET: 'app-secret-of-this-test',
      WHATSAPP_VERIFY_TOKEN: 'verify-token-of-this-test',
    },
  })
  const customer = await signIn(product, phone)
  const offer = await offerWhere({ ...product, businesses: ['waha-dental'] }, ({ requiresPayment }) => !requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  let next = slots.length
  const fail = async (provider: string, fault = 'refuse') => {
    const body = JSON.stringify({ provider, operation: 'send', fault })
    const answer = await fetch(`${product.simulatorsUrl}/faults`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body })
    assert.ok(answer.ok)
  }
  const book = async () => {
    const startsAt = slots[(next -= 3)]!.startsAt
    const { status, body } = await customer<Booking>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt,
    })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const received = async (to: string) =>
    (await (await fetch(`${product.simulatorsUrl}/inbox.json?to=${encodeURIComponent(to)}`)).json()) as Received[]
  /** What the booking says of its messages, once it says it. */
  const toldOf = async ({ id }: Booking, holds: (told: Booking['notifications']) => boolean) => {
    const until = Date.now() + 10_000
    for (;;) {
      const { body } = await customer<Booking>('GET', `/v1/bookings/${id}`)
      if (holds(body.notifications)) return body.notifications
      assert.ok(Date.now() < until, JSON.stringify(body.notifications))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return { product, customer, fail, book, received, toldOf }
}

test('an SMS goes by the next vendor when the first is set up wrongly, and its signed report is shown', async (t) => {
  const { product, fail, book, received, toldOf } = await opened(t)
  await fail('taqnyat')
  const booking = await book()
  await messageTo(product.simulatorsUrl, phone, (body) => body.includes(booking.reference))
  const [newest] = await received(phone)
  assert.equal(newest?.channel, 'sms')
  const told = await toldOf(booking, (all) => all.some(({ delivery }) => delivery === 'delivered'))
  assert.deepEqual(
    told.map(({ channel, status }) => `${channel} ${status}`),
    ['sms SENT'],
  )
})

test('who cannot be told by SMS is told by WhatsApp, in the words of the SMS, and it is seen that she read it', async (t) => {
  const { product, fail, book, received, toldOf } = await opened(t)
  await fail('sms')
  const booking = await book()
  await messageTo(product.simulatorsUrl, phone, (body) => body.includes(booking.reference))
  const [newest] = await received(phone)
  assert.equal(newest?.channel, 'whatsapp')
  assert.match(newest?.body ?? '', /عيادة الواحة لطب الأسنان/)
  const told = await toldOf(booking, (all) => all.some(({ delivery }) => delivery === 'read'))
  assert.deepEqual(
    told.map(({ channel, status, delivery }) => `${channel} ${status} ${delivery}`),
    ['sms FAILED null', 'whatsapp SENT read'],
  )
})

test('who can be told by neither is told by mail, if she gave an address', async (t) => {
  const { customer, fail, book, received, toldOf } = await opened(t)
  await fail('sms')
  await fail('whatsapp')
  const silent = await book()
  await toldOf(silent, (all) => all.length >= 2 && all.every(({ status }) => status === 'FAILED'))
  assert.deepEqual(await received(email), [])

  assert.equal((await customer('PUT', '/v1/me/contact', { email, marketing: false })).status, 200)
  const booking = await book()
  const told = await toldOf(booking, (all) => all.some(({ channel, status }) => channel === 'email' && status === 'SENT'))
  assert.deepEqual(
    told.map(({ channel, status }) => `${channel} ${status}`),
    ['sms FAILED', 'whatsapp FAILED', 'email SENT'],
  )
  const [mail] = await received(email)
  assert.deepEqual([mail?.channel, mail?.from], ['email', 'Thabit <bookings@thabit.test>'])
  assert.match(mail?.subject ?? '', /عيادة الواحة/)
  assert.ok(mail?.body.includes(booking.reference))
})
