import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { startProduct } from '../support/product.ts'

interface Money {
  payments: { id: string; state: string; bookingReference: string | null; ageSeconds: number; asked: { via: string; answer: string }[] }[]
  refunds: { id: string; state: string }[]
  differences: { id: string; kind: string; gatewayChargeId: string; acts: string[]; theirs: { amountMinor: number } | null }[]
  lastReconciliation: { complete: boolean } | null
}
interface Booking {
  id: string
  reference: string
  status: string
  amountDue: { amountMinor: number }
  payment: { status: string; refunded: { amountMinor: number } | null } | null
}
interface Act {
  code: string
  resolution: string
  state: string
  complete: boolean
  opened: number
}

test('the operator’s money: what is open, what differs, and what may be done about it', async (t) => {
  const product = await startProduct(t)
  const customer = await signIn(product, '+966551234567')
  const operator = await signIn(product, product.superuserPhone)
  const offer = await offerWhere(product, ({ requiresPayment }) => requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  let next = slots.length
  const simulator = async <T>(method: string, path: string, body?: unknown, authorization = ''): Promise<T> => {
    const answer = await fetch(product.simulatorsUrl + path, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    assert.ok(answer.ok, `${path} answered ${answer.status}`)
    return (await answer.json()) as T
  }
  const gateway = <T>(method: string, path: string, body?: unknown) =>
    simulator<T>(method, `/v1${path}`, body, `Basic ${Buffer.from(`sk_test_${'k'.repeat(40)}:`).toString('base64')}`)
  const hold = async () => {
    const startsAt = slots[(next -= 3)]!.startsAt
    const { body } = await customer<Booking>('POST', '/v1/bookings', { businessSlug: offer.slug, serviceId: offer.service.id, startsAt })
    return body
  }
  const read = async (id: string) => (await customer<Booking>('GET', `/v1/bookings/${id}`)).body
  const until = async <T>(ask: () => Promise<T>, fits: (found: T) => boolean): Promise<T> => {
    for (const endsAt = Date.now() + 10_000; ;) {
      const found = await ask()
      if (fits(found)) return found
      assert.ok(Date.now() < endsAt, JSON.stringify(found))
      await new Promise((done) => setTimeout(done, 30))
    }
  }
  const paidBooking = async () => {
    const booking = await hold()
    const { body } = await customer<{ id: string; redirectUrl: string }>('POST', `/v1/bookings/${booking.id}/payments`)
    await simulator('POST', '/play/moyasar', { redirectUrl: body.redirectUrl })
    await until(
      () => read(booking.id),
      ({ status }) => status === 'confirmed',
    )
    return { booking, paymentId: body.id }
  }
  const money = async () => (await operator<Money>('GET', '/v1/ops/money')).body
  const why = { reason: 'The customer rang.' }

  await t.test('nobody else may look or act, and an act needs its key and its reason', async () => {
    const id = randomUUID()
    const acts = [
      `payments/${id}/refund`,
      `differences/${id}/adopt`,
      `differences/${id}/refund`,
      `differences/${id}/write-off`,
      'reconciliation',
    ]
    assert.equal((await customer('GET', '/v1/ops/money')).status, 403)
    assert.equal((await fetch(`${product.url}/v1/ops/money`)).status, 401)
    for (const act of acts) {
      assert.equal((await customer('POST', `/v1/ops/${act}`, act === 'reconciliation' ? undefined : why)).status, 403, act)
      if (act === 'reconciliation') continue
      assert.equal((await operator('POST', `/v1/ops/${act}`, why)).status, 404, act)
      for (const body of [{}, { reason: ' ' }, { reason: 'x'.repeat(501) }, { reason: 'x', colour: 'red' }])
        assert.equal((await operator('POST', `/v1/ops/${act}`, body)).status, 400, `${act} ${JSON.stringify(body)}`)
      assert.equal((await operator('POST', `/v1/ops/${act}`, why, '')).status, 400, act)
    }
    for (const amountMinor of [0, -1, 1.5, '100', 2 ** 60])
      assert.equal((await operator('POST', `/v1/ops/payments/${id}/refund`, { ...why, amountMinor })).status, 400)
  })

  await t.test('a part is given back for a reason, once for each key, and never more than is left', async () => {
    const { booking, paymentId } = await paidBooking()
    const key = randomUUID()
    const path = `/v1/ops/payments/${paymentId}/refund`
    for (let time = 0; time < 2; time++) assert.equal((await operator('POST', path, { ...why, amountMinor: 100 }, key)).status, 200)
    const { body: refused } = await operator<Act>('POST', path, { ...why, amountMinor: booking.amountDue.amountMinor })
    assert.equal(refused.code, 'refund_too_large')
    const after = await until(
      () => read(booking.id),
      ({ payment }) => payment?.refunded !== null,
    )
    assert.deepEqual([after.status, after.payment?.refunded?.amountMinor], ['confirmed', 100])
    const audit = await product.house.database.row<{ actorKind: string; details: { reason: string; note: string } }>(
      sql`select actor_kind, details from audit_entry where subject_id = ${paymentId} and action = 'payment.refund_due'`,
    )
    assert.deepEqual([audit?.actorKind, audit?.details.reason, audit?.details.note], ['operator', 'by_operator', why.reason])
    // The business reads those words where it reads its own.
    const { history } = (await operator<{ history: { action: string; note: string | null }[] }>('GET', `/v1/bookings/${booking.id}/money`))
      .body
    assert.deepEqual(
      history.filter(({ action }) => action === 'payment.refund_due').map(({ note }) => note),
      [why.reason],
    )
  })

  await t.test('money that names nobody is found, alarmed about, and pays the booking it was meant for', async () => {
    const booking = await hold()
    const page = { amount: booking.amountDue.amountMinor, currency: 'SAR', description: 'by telephone' }
    const { url } = await gateway<{ url: string }>('POST', '/invoices', page)
    await simulator('POST', '/play/moyasar', { redirectUrl: url })
    const { body: run } = await operator<Act>('POST', '/v1/ops/reconciliation')
    assert.deepEqual([run.complete, run.opened], [true, 1])
    const [item] = (await money()).differences
    assert.deepEqual(
      [item?.kind, item?.theirs?.amountMinor, item?.acts],
      ['paid_unknown_to_us', page.amount, ['adopt', 'refund', 'write_off']],
    )
    await new Promise((done) => setTimeout(done, 1_100))
    const metrics = await (await fetch(`${product.url}/metrics`)).text()
    assert.match(metrics, /^reconciliation_break_open\{kind="paid_unknown_to_us"\} 1$/m)
    assert.match(metrics, /^reconciliation_last_success_timestamp_seconds 1\.?\d+/m)

    const path = `/v1/ops/differences/${item!.id}/adopt`
    assert.equal((await operator<Act>('POST', path, why)).body.code, 'booking_reference_needed')
    assert.equal((await operator<Act>('POST', path, { ...why, bookingReference: 'TH-0000-0000' })).body.code, 'booking_reference_unknown')
    const adopted = await operator<Act>('POST', path, { ...why, bookingReference: booking.reference.toLowerCase() })
    assert.deepEqual([adopted.status, adopted.body.resolution], [200, 'adopted'])
    assert.equal((await read(booking.id)).status, 'confirmed')
    assert.deepEqual((await money()).differences, [])
  })

  await t.test('what is open is shown with its age and what the gateway was asked', async () => {
    const booking = await hold()
    const { body } = await customer<{ id: string }>('POST', `/v1/bookings/${booking.id}/payments`)
    await operator('POST', `/v1/ops/payments/${body.id}/settle`)
    const shown = (await money()).payments.find(({ id }) => id === body.id)
    assert.deepEqual([shown?.state, shown?.bookingReference], ['redirected', booking.reference])
    assert.ok(shown && shown.ageSeconds < 60 && shown.asked.some(({ via, answer }) => via === 'operator' && answer === 'open'))
  })

  await t.test('no promise is broken by any of it', async () => {
    const watch = product.house.sweeps.find(({ name }) => name === 'watch-invariants')
    await watch?.run()
    const metrics = await (await fetch(`${product.url}/metrics`)).text()
    assert.deepEqual(
      metrics.split('\n').filter((line) => line.startsWith('invariant_violation{') && !line.endsWith(' 0')),
      [],
    )
  })
})
