import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { type Api, signIn } from '../support/api.ts'
import { cards, offerWhere, slotsOf } from '../support/customer.ts'
import { messageTo, startProduct } from '../support/product.ts'

interface Booking {
  id: string
  reference: string
  status: string
  payment: {
    id: string
    status: string
    disposition: string | null
    redirectUrl: string | null
    refunded: { amountMinor: number } | null
  } | null
  price: { amountMinor: number; currency: string }
}
interface Payment {
  id: string
  bookingId: string
  status: string
  disposition: string | null
  redirectUrl: string | null
  code: string
  paymentId: string
  retryable: boolean
}

const deadlineMs = 1_000
const phone = '+966551234567'

async function opened(t: TestContext) {
  const product = await startProduct(t, { env: { MOYASAR_TIMEOUT_MS: String(deadlineMs) } })
  const customer = await signIn(product, phone)
  const offer = await offerWhere(product, ({ requiresPayment, resources }) => requiresPayment && resources.length > 1)
  const resourceId = offer.service.resources[0]!.id
  const { slots } = await slotsOf(product.url, offer, resourceId)
  let next = slots.length

  const hold = async (as: Api = customer, startsAt = slots[(next -= 3)]!.startsAt) => {
    const { status, body } = await as<Booking>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt,
      resourceId,
    })
    assert.equal(status, 201, JSON.stringify(body))
    assert.equal(body.status, 'held')
    return { ...body, startsAt }
  }
  const pay = (bookingId: string, key?: string) => customer<Payment>('POST', `/v1/bookings/${bookingId}/payments`, undefined, key)
  const simulator = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(product.simulatorsUrl + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    assert.ok(answer.ok, `${path} answered ${answer.status}`)
    return (await answer.json()) as T
  }
  const fault = (operation: string, name: string, more: object = { times: 1 }) =>
    simulator('PUT', '/faults', { provider: 'moyasar', operation, fault: name, ...more })
  const play = (redirectUrl: string | null, how: { card?: string; threeDs?: string } = {}) =>
    simulator<{ paymentStatus: string; challengeUrl: string | null }>('POST', '/play/moyasar', { redirectUrl, ...how })
  /** Looks at the booking alone, which asks no gateway, until it stands as wanted. Resolves with how long that took. */
  const until = async (
    bookingId: string,
    wanted: (booking: Booking) => boolean,
    withinMs = 10_000,
  ): Promise<{ booking: Booking; tookMs: number }> => {
    const startedAt = performance.now()
    for (;;) {
      const { body: booking } = await customer<Booking>('GET', `/v1/bookings/${bookingId}`)
      const tookMs = Math.round(performance.now() - startedAt)
      if (wanted(booking)) return { booking, tookMs }
      if (tookMs > withinMs) assert.fail(`After ${tookMs} ms the booking is ${booking.status}, its payment ${booking.payment?.status}.`)
      await new Promise((done) => setTimeout(done, 25))
    }
  }
  return { product, customer, hold, pay, fault, play, until }
}

const confirmed = ({ status }: Booking) => status === 'confirmed'

test('paying', async (t) => {
  const { product, customer, hold, pay, fault, play, until } = await opened(t)
  const { database } = product.house

  await t.test('a paid page confirms the booking at once, by the gateway’s hint alone, and the customer is told', async () => {
    const booking = await hold()
    const started = await pay(booking.id)
    assert.deepEqual([started.status, started.body.status], [201, 'redirected'])
    assert.equal((await play(started.body.redirectUrl)).paymentStatus, 'paid')
    const { booking: after, tookMs } = await until(booking.id, confirmed)
    t.diagnostic(`confirmed ${tookMs} ms after the card was accepted`)
    assert.ok(tookMs < 3_000)
    assert.deepEqual([after.payment?.status, after.payment?.disposition, after.payment?.redirectUrl], ['paid', 'applied', null])
    assert.match(await messageTo(product.simulatorsUrl, phone, (text) => text.includes(booking.reference)), /[\u0600-\u06FF]/)
  })

  await t.test('a lost webhook and a customer who asks: the question itself finds the money', async () => {
    const booking = await hold()
    const { body } = await pay(booking.id)
    await fault('webhook', 'drop-webhook')
    await play(body.redirectUrl)
    const asked = await customer<Payment>('GET', `/v1/payments/${body.id}`)
    assert.deepEqual([asked.status, asked.body.status, asked.body.bookingId], [200, 'paid', booking.id])
    assert.ok(confirmed((await until(booking.id, confirmed)).booking))
  })

  await t.test('a lost webhook and a customer who never comes back: the sweep finds the money', async () => {
    const booking = await hold()
    const { body } = await pay(booking.id)
    await fault('webhook', 'drop-webhook')
    await play(body.redirectUrl)
    const { tookMs } = await until(booking.id, confirmed)
    t.diagnostic(`without a webhook and without the customer: confirmed after ${tookMs} ms`)
  })

  await t.test('a refused card is told on the page, and the next card pays the same page', async () => {
    const booking = await hold()
    const { body } = await pay(booking.id)
    assert.equal((await play(body.redirectUrl, { card: cards.refused })).paymentStatus, 'failed')
    assert.equal((await customer<Payment>('GET', `/v1/payments/${body.id}`)).body.status, 'redirected')
    await play(body.redirectUrl)
    await until(booking.id, confirmed)
  })

  await t.test('a gateway that does not answer is told as unknown within the deadline; the same key brings the page, once', async () => {
    for (const [operation, name] of [
      ['create-invoice', 'hang'],
      ['create-invoice', 'slow'],
      ['create-invoice', 'after-work'],
      ['create-invoice', 'html'],
    ] as const) {
      const booking = await hold()
      const key = randomUUID()
      await fault(operation, name)
      const unknown = await pay(booking.id, key)
      assert.deepEqual([unknown.status, unknown.body.code, unknown.body.retryable], [504, 'payment_outcome_unknown', true], name)
      assert.ok(unknown.tookMs < deadlineMs * 1.5, `${name}: ${unknown.tookMs} ms`)
      const again = await pay(booking.id, key)
      assert.deepEqual([again.status, again.body.id], [201, unknown.body.paymentId], name)
      const replayed = await pay(booking.id, key)
      assert.equal(replayed.body.redirectUrl, again.body.redirectUrl)
      await play(again.body.redirectUrl)
      await until(booking.id, confirmed)
    }
  })

  await t.test('a refusal and a wrong key are told apart, and the same hold can be paid afterwards', async () => {
    for (const [name, status, code] of [
      ['refuse', 502, 'payment_refused'],
      ['http-401', 503, 'payment_provider_misconfigured'],
      ['http-429', 502, 'payment_provider_unreachable'],
    ] as const) {
      const booking = await hold()
      await fault('create-invoice', name)
      const failed = await pay(booking.id)
      assert.deepEqual([failed.status, failed.body.code], [status, code])
      const { body } = await pay(booking.id)
      await play(body.redirectUrl)
      await until(booking.id, confirmed)
    }
  })

  await t.test('two tabs at once, a key each, are sent to one page', async () => {
    const booking = await hold()
    const tabs = await Promise.all([pay(booking.id), pay(booking.id), pay(booking.id)])
    assert.deepEqual(
      tabs.map(({ status }) => status),
      [201, 201, 201],
    )
    assert.equal(new Set(tabs.map(({ body }) => body.redirectUrl)).size, 1)
  })

  await t.test('money that comes after the time went to somebody else goes back by itself', async () => {
    const booking = await hold()
    const { body } = await pay(booking.id)
    const { challengeUrl } = await play(body.redirectUrl, { threeDs: 'leave' })
    await database.run(sql`update booking set expires_at = now() - interval '1 second' where id = ${booking.id}`)
    await database.run(sql`update claim set held_until = now() - interval '1 second' where holder_id = ${booking.id} and state = 'held'`)
    await hold(await signIn(product, '+966559999999'), booking.startsAt)

    await play(challengeUrl, { threeDs: 'approve' })
    const { booking: after } = await until(booking.id, ({ payment }) => payment?.status === 'refunded', 15_000)
    assert.deepEqual(
      [after.status, after.payment?.disposition, after.payment?.refunded?.amountMinor],
      ['expired', 'refund_due', booking.price.amountMinor],
    )
  })

  await t.test('money that comes after the hold, while the time is free, still gets its booking', async () => {
    const booking = await hold()
    const { body } = await pay(booking.id)
    const { challengeUrl } = await play(body.redirectUrl, { threeDs: 'leave' })
    await database.run(sql`update booking set status = 'expired', version = version + 1, expires_at = now() where id = ${booking.id}`)
    await database.run(sql`update claim set state = 'released', held_until = null where holder_id = ${booking.id}`)
    await play(challengeUrl, { threeDs: 'approve' })
    const { booking: after } = await until(booking.id, confirmed)
    assert.equal(after.payment?.disposition, 'applied_late')
  })

  await t.test('a cancelled booking gives back what its policy says, and says so', async () => {
    const booking = await hold()
    await play((await pay(booking.id)).body.redirectUrl)
    await until(booking.id, confirmed)
    const { body: preview } = await customer<{ refund: { amountMinor: number } }>('GET', `/v1/bookings/${booking.id}/cancel-preview`)
    const { body: cancelled } = await customer<Booking>('POST', `/v1/bookings/${booking.id}/cancel`, {})
    assert.equal(cancelled.status, 'cancelled')
    assert.ok(preview.refund.amountMinor > 0)
    const { booking: after } = await until(booking.id, ({ payment }) => payment?.status === 'refunded')
    assert.equal(after.payment?.refunded?.amountMinor, preview.refund.amountMinor)
  })

  await t.test('a page of another amount confirms nothing and waits for a person', async () => {
    const booking = await hold()
    const { body } = await pay(booking.id)
    await fault('get-invoice', 'wrong-amount', {})
    await play(body.redirectUrl)
    await until(booking.id, ({ payment }) => payment?.status === 'integrity_failure')
    await fetch(`${product.simulatorsUrl}/faults`, { method: 'DELETE' })
    assert.equal((await customer<Booking>('GET', `/v1/bookings/${booking.id}`)).body.status, 'held')
    const operator = await signIn(product, product.superuserPhone)
    assert.equal((await operator<{ state: string }>('POST', `/v1/ops/payments/${body.id}/settle`)).body.state, 'paid')
    await until(booking.id, confirmed)
  })

  await t.test('nobody sees another’s payment', async () => {
    const booking = await hold()
    const { body } = await pay(booking.id)
    const stranger = await signIn(product, '+966558888888')
    assert.equal((await stranger('GET', `/v1/payments/${body.id}`)).status, 404)
    assert.equal((await stranger('GET', `/v1/payments/${booking.id}`)).status, 404)
    assert.equal((await customer('GET', '/v1/payments/none')).status, 400)
  })

  await t.test('after all of it every invariant holds', async () => {
    const text = await (await fetch(`${product.url}/metrics`)).text()
    const moves = text.split('\n').filter((line) => line.startsWith('payment_state_total{'))
    assert.ok(moves.some((line) => line.includes('to="paid"')))
    const twice = await database.rows(
      sql`select payable_id from payment where state = 'paid' and disposition in ('applied', 'applied_late') group by payable_id having count(*) > 1`,
    )
    const confirmedUnpaid = await database.rows(sql`
      select b.id from booking b join customer_order o on o.id = b.order_id where b.status = 'confirmed' and o.due_now_minor > 0
        and not exists (select from payment p where p.payable_id = o.id and p.state = 'paid' and p.amount_minor = o.due_now_minor)`)
    assert.deepEqual([twice, confirmedUnpaid], [[], []])
  })
})
