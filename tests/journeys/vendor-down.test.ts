import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Answer, signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { messageTo, startProduct } from '../support/product.ts'

const deadlineMs = 800
const phone = '+966551234567'

interface Booking {
  id: string
  reference: string
  status: string
  version: number
  startsAt: string
  notifications: { kind: string; status: string; reason: string | null }[]
}

interface Message {
  id: string
  kind: string
  status: string
  reason: string | null
  provider: string | null
  recipient: string
  aboutId: string
  attempts: { result: string; errorType: string | null }[]
}

async function opened(t: TestContext, env: Record<string, string> = {}) {
  const product = await startProduct(t, { staffTold: false, env: { NOTIFICATION_TIMEOUT_MS: String(deadlineMs), ...env } })
  const customer = await signIn(product, phone)
  const operator = await signIn(product, product.superuserPhone)
  const offer = await offerWhere(product, ({ requiresPayment }) => !requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  let next = slots.length
  const freeTime = () => slots[(next -= 2)]!.startsAt

  const simulator = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(product.simulatorsUrl + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    assert.ok(answer.ok, `${path} answered ${answer.status}`)
    return answer
  }
  const received = async () => (await (await simulator('GET', `/inbox.json?to=${encodeURIComponent(phone)}`)).json()) as { body: string }[]
  /** A booking, its move and its end: three messages that are due. */
  const journey = async () => {
    const booked = await customer<Booking>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt: freeTime(),
    })
    const moved = await customer<Booking>('POST', `/v1/bookings/${booked.body.id}/reschedule`, { startsAt: freeTime() })
    const cancelled = await customer<Booking>('POST', `/v1/bookings/${booked.body.id}/cancel`, {})
    return { booked, moved, cancelled, slowestMs: Math.max(booked.tookMs, moved.tookMs, cancelled.tookMs) }
  }
  const failed = async (aboutId: string) =>
    (await operator<{ items: Message[] }>('GET', '/v1/ops/notifications?status=FAILED&provider=taqnyat&limit=100')).body.items.filter(
      (item) => item.aboutId === aboutId,
    )
  const figures = async () => (await fetch(`${product.url}/metrics`)).text()
  return { product, operator, simulator, received, journey, failed, figures }
}

/** The sum of a figure over its labels that contain these. */
function figure(text: string, name: string, ...labels: string[]): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

function assertUndisturbed({
  booked,
  moved,
  cancelled,
}: {
  booked: Answer<Booking>
  moved: Answer<Booking>
  cancelled: Answer<Booking>
}): void {
  assert.deepEqual([booked.status, booked.body.status], [201, 'confirmed'])
  assert.deepEqual([moved.status, moved.body.status, moved.body.version], [200, 'confirmed', 2])
  assert.notEqual(moved.body.startsAt, booked.body.startsAt)
  assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'cancelled'])
}

/** What each fault is kept as, and whether the vendor sent the text all the same. */
const faults = {
  refuse: { reason: /^refused: /, sent: false },
  hang: { reason: /^unknown: timeout/, sent: false },
  reset: { reason: /^(unknown|unreachable): reset/, sent: false },
  html: { reason: /^unknown: bad_body/, sent: false },
  truncated: { reason: /^unknown: /, sent: true },
}

test('with the vendor of messages down in every way, bookings go on as if nothing had happened and nothing is lost from sight', async (t) => {
  const { product, operator, simulator, received, journey, failed, figures } = await opened(t)
  const healthy = await journey()
  assertUndisturbed(healthy)
  assert.deepEqual(
    healthy.cancelled.body.notifications.map(({ kind, status }) => [kind, status]),
    [
      ['booking-confirmed', 'SENT'],
      ['booking-rescheduled', 'SENT'],
      ['booking-cancelled', 'SENT'],
    ],
  )
  assert.match(
    await messageTo(product.simulatorsUrl, phone, (body) => body.includes('ألغيت حجزك')),
    new RegExp(healthy.booked.body.reference),
  )
  const boundMs = deadlineMs + 100 + 2 * healthy.slowestMs

  for (const [fault, { reason, sent }] of Object.entries(faults)) {
    await t.test(fault, async () => {
      const before = { inbox: (await received()).length, ended: figure(await figures(), 'notification_terminal_total', 'state="FAILED"') }
      await simulator('PUT', '/faults', { provider: 'taqnyat', operation: 'send', fault })
      const down = await journey()
      assertUndisturbed(down)
      assert.ok(down.slowestMs <= boundMs, `${Math.round(down.slowestMs)} ms, and ${Math.round(boundMs)} ms are allowed`)
      t.diagnostic(
        `${fault}: slowest answer ${Math.round(down.slowestMs)} ms, healthy ${Math.round(healthy.slowestMs)} ms, deadline ${deadlineMs} ms`,
      )

      const { id } = down.booked.body
      for (const told of down.cancelled.body.notifications) {
        assert.equal(told.status, 'FAILED')
        assert.match(told.reason ?? '', reason)
      }
      const listed = await failed(id)
      assert.deepEqual(
        listed.map(({ kind }) => kind),
        ['booking-cancelled', 'booking-rescheduled', 'booking-confirmed'],
      )
      for (const message of listed) {
        assert.match(message.reason ?? '', reason)
        assert.deepEqual([message.provider, message.recipient, message.attempts.length], ['taqnyat', '+9665••••4567', 1])
      }
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      const text = await figures()
      assert.equal(figure(text, 'notification_terminal_total', 'state="FAILED"') - before.ended, 3)
      assert.equal(
        figure(text, 'notification_unresolved_failed', 'channel="sms"'),
        (await operator<{ items: Message[] }>('GET', '/v1/ops/notifications?status=FAILED&limit=100')).body.items.length,
      )
      assert.equal(figure(text, 'notification_missing'), 0)

      await simulator('DELETE', '/faults')
      const [cancelled, moved] = listed
      const again = await operator<Message>('POST', `/v1/ops/notifications/${cancelled!.id}/redrive`)
      assert.deepEqual([again.status, again.body.status, again.body.reason, again.body.attempts.at(-1)?.result], [200, 'SENT', null, 'ok'])
      const stale = await operator<Message>('POST', `/v1/ops/notifications/${moved!.id}/redrive`)
      assert.deepEqual([stale.status, stale.body.status], [200, 'SKIPPED'], 'what is no longer true is not sent')
      assert.equal((await operator('POST', `/v1/ops/notifications/${cancelled!.id}/redrive`)).status, 409)
      // Only what the vendor sent without saying so can have come twice, and only by a person's word.
      assert.equal((await received()).length - before.inbox, sent ? 4 : 1)
    })
  }
})

test('in queue mode a vendor that hangs delays nobody, and one that comes back is told', async (t) => {
  const { simulator, journey, failed, received } = await opened(t, { NOTIFICATION_DELIVERY: 'queue', NOTIFICATION_TIMEOUT_MS: '4000' })
  await simulator('PUT', '/faults', { provider: 'taqnyat', operation: 'send', fault: 'hang', times: 1 })
  const down = await journey()
  assertUndisturbed(down)
  // Had an answer waited for the vendor, it would have taken the whole deadline; a busy machine alone does not take half of it.
  assert.ok(down.slowestMs < 2_000, `${Math.round(down.slowestMs)} ms`)
  const told = (body: string) => body.includes(down.booked.body.reference)
  for (const until = performance.now() + 15_000; ;) {
    const lost = await failed(down.booked.body.id)
    if (lost.length === 1 && (await received()).some(({ body }) => told(body) && body.includes('ألغيت حجزك'))) break
    assert.ok(performance.now() < until, 'The cancellation did not arrive.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})
