import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { grantRole } from '../../server/accounts/index.ts'
import { ownerPhone } from '../../start/demo-data.ts'
import { type Api, signIn } from '../support/api.ts'
import { json, slotsOf } from '../support/customer.ts'
import { messageTo, startProduct } from '../support/product.ts'

interface Money {
  amountMinor: number
  currency: string
}
interface Terms {
  kind: string
  dueNow: Money
  dueAtPlace: Money
}
interface Service {
  id: string
  branchId: string
  name: { ar: string; en: string }
  price: Money
  requiresPayment: boolean
  approvalHours: number | null
  paymentTerms: Terms
  resources: { id: string; name: { ar: string; en: string } }[]
}
interface Booking {
  id: string
  reference: string
  status: string
  expiresAt: string | null
  startsAt: string
  price: Money
  amountDue: Money
  dueAtPlace: Money
  paymentTerms: Terms
  rescheduleTerms: { left: number | null; hoursBefore: number }
  viewer: string
  payment: { status: string; redirectUrl: string | null; refunded: Money | null } | null
  allowed: { pay: boolean; cancel: boolean; reschedule: boolean }
  code: string
  reason: string
  why: { ar: string; en: string }
  returnable: Money
}
interface BookingMoney {
  paid: Money
  refunded: Money
  refundDue: Money
  kept: Money
  dueAtPlace: Money
  returnable: Money
  ledger: { kind: string; way: 'in' | 'out'; amount: Money; words: { ar: string; en: string } }[]
  attempts: { status: string; words: { ar: string; en: string } }[]
  refunds: {
    id: string
    amount: Money
    status: string
    reason: { ar: string; en: string }
    note: string | null
    words: { ar: string; en: string }
  }[]
  history: {
    action: string
    who: { ar: string; en: string }
    what: { ar: string; en: string }
    amount: Money | null
    note: string | null
  }[]
  viewer: string
  allowed: { refund: boolean; noShow: boolean; cancel: boolean }
}

const phone = '+966551112233'
const [salon, clinic, padel] = ['rawnaq-salon', 'waha-dental', 'diriyah-padel'] as const

async function opened(t: TestContext) {
  const product = await startProduct(t, { env: { HOLDS_PER_ACCOUNT: '50' } })
  const { database } = product.house
  const customer = await signIn(product, phone)
  const owner = await signIn(product, ownerPhone)
  const operator = await signIn(product, product.superuserPhone)
  const staffPhone = '+966551112234'
  const salonRow = await database.row<{ id: string }>(sql`select id from business where slug = ${salon}`)
  await grantRole(database, staffPhone, { role: 'staff', businessId: salonRow!.id })
  const staff = await signIn(product, staffPhone)
  const otherRow = await database.row<{ id: string }>(sql`select id from business where slug = ${clinic}`)
  await grantRole(database, '+966551112235', { role: 'owner', businessId: otherRow!.id })
  const rival = await signIn(product, '+966551112235')

  const serviceOf = async (slug: string, kind: string): Promise<{ slug: string; service: Service }> => {
    const { items } = await json<{ items: Service[] }>(`${product.url}/v1/businesses/${slug}/services`)
    return { slug, service: items.find(({ paymentTerms }) => paymentTerms.kind === kind)! }
  }
  const times = new Map<string, string[]>()
  const timeOf = async (offer: { slug: string; service: Service }): Promise<string> => {
    const known = times.get(offer.slug) ?? (await slotsOf(product.url, offer)).slots.map(({ startsAt }) => startsAt).toReversed()
    // Far enough apart that no two of them overlap, and far enough away for every policy.
    const [next, ...rest] = known
    times.set(
      offer.slug,
      rest.filter((one) => Math.abs(Date.parse(one) - Date.parse(next!)) >= 3 * 3_600_000),
    )
    return next!
  }
  const book = async (offer: { slug: string; service: Service }): Promise<Booking> => {
    const { status, body } = await customer<Booking>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt: await timeOf(offer),
    })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const look = async (id: string, as: Api = customer) => (await as<Booking>('GET', `/v1/bookings/${id}`)).body
  const until = async (id: string, wanted: (booking: Booking) => boolean): Promise<Booking> => {
    for (const startedAt = performance.now(); ;) {
      const booking = await look(id)
      if (wanted(booking)) return booking
      if (performance.now() - startedAt > 10_000)
        assert.fail(`The booking stays ${booking.status}, its payment ${booking.payment?.status}.`)
      await new Promise((done) => setTimeout(done, 25))
    }
  }
  const paid = async (offer: { slug: string; service: Service }): Promise<Booking> => {
    const { id } = await book(offer)
    const { body } = await customer<{ redirectUrl: string; amount: Money }>('POST', `/v1/bookings/${id}/payments`)
    assert.deepEqual(body.amount, offer.service.paymentTerms.dueNow, 'the gateway is asked for what is due now')
    await fetch(`${product.simulatorsUrl}/play/moyasar`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirectUrl: body.redirectUrl }),
    })
    return until(id, ({ status }) => status === 'confirmed')
  }
  const moneyOf = async (id: string, as: Api = customer) => (await as<BookingMoney>('GET', `/v1/bookings/${id}/money`)).body
  /** As if the appointment were that far away; its claims keep their time. */
  const startsIn = (id: string, hours: number) =>
    database.run(
      sql`update booking set starts_at = now() + ${hours}::float8 * interval '1 hour', ends_at = now() + (${hours}::float8 + 1) * interval '1 hour' where id = ${id}`,
    )
  return { product, database, customer, owner, operator, staff, rival, serviceOf, timeOf, book, paid, look, until, moneyOf, startsIn }
}

const minor = ({ amountMinor }: Money) => amountMinor

test('what a business asks for, and when', async (t) => {
  const { product, database, customer, owner, operator, staff, rival, serviceOf, timeOf, book, paid, look, until, moneyOf, startsIn } =
    await opened(t)
  const full = await serviceOf(salon, 'full')
  const deposit = await serviceOf(salon, 'deposit')
  const atPlace = await serviceOf(clinic, 'at_place')
  const free = await serviceOf(salon, 'free')

  await t.test('a service says before anyone presses what is paid now and what at the place', () => {
    for (const { service } of [full, deposit, atPlace, free]) {
      const { dueNow, dueAtPlace } = service.paymentTerms
      assert.equal(minor(dueNow) + minor(dueAtPlace), minor(service.price), service.name.en)
      assert.equal(service.requiresPayment, minor(dueNow) > 0, service.name.en)
    }
    assert.deepEqual([minor(deposit.service.paymentTerms.dueNow), minor(deposit.service.paymentTerms.dueAtPlace)], [7_200, 16_800])
    assert.deepEqual([minor(atPlace.service.paymentTerms.dueNow), minor(atPlace.service.paymentTerms.dueAtPlace)], [0, 15_000])
  })

  await t.test('what is paid at the place is confirmed at once, and nothing can be paid for it here', async () => {
    const booking = await book(atPlace)
    assert.deepEqual(
      [booking.status, booking.expiresAt, minor(booking.amountDue), minor(booking.dueAtPlace), booking.allowed.pay],
      ['confirmed', null, 0, 15_000, false],
    )
    assert.match(await messageTo(product.simulatorsUrl, phone, (text) => text.includes(booking.reference)), /[\u0600-\u06FF]/)
    assert.equal((await customer<Booking>('POST', `/v1/bookings/${booking.id}/payments`)).body.code, 'booking_not_payable')
    const { body: preview } = await customer<{ refund: Money }>('GET', `/v1/bookings/${booking.id}/cancel-preview`)
    assert.equal(minor(preview.refund), 0)
    const { body } = await customer<Booking>('POST', `/v1/bookings/${booking.id}/cancel`, {})
    assert.deepEqual([body.status, minor(body.dueAtPlace)], ['cancelled', 0])
  })

  await t.test('a deposit holds the time; paid, the booking stands and the rest waits at the place', async () => {
    const held = await book(deposit)
    assert.deepEqual([held.status, minor(held.amountDue), minor(held.dueAtPlace), minor(held.price)], ['held', 7_200, 16_800, 24_000])
    const booking = await paid(deposit)
    assert.deepEqual([minor(booking.amountDue), minor(booking.dueAtPlace), booking.paymentTerms.kind], [0, 16_800, 'deposit'])
    const money = await moneyOf(booking.id)
    assert.deepEqual([minor(money.paid), minor(money.kept), minor(money.dueAtPlace), money.refunds.length], [7_200, 7_200, 16_800, 0])
  })

  await t.test('cancelling gives back by the policy of what was paid, not of the price', async () => {
    const whole = await paid(deposit)
    assert.equal(minor((await customer<{ refund: Money }>('GET', `/v1/bookings/${whole.id}/cancel-preview`)).body.refund), 7_200)
    const half = await paid(deposit)
    await startsIn(half.id, 10)
    const { body: preview } = await customer<{ refund: Money; refundPercent: number; reason: { ar: string } }>(
      'GET',
      `/v1/bookings/${half.id}/cancel-preview`,
    )
    assert.deepEqual([minor(preview.refund), preview.refundPercent], [3_600, 50])
    assert.match(preview.reason.ar, /6 ساعات/)
    await customer('POST', `/v1/bookings/${half.id}/cancel`, {})
    await until(half.id, ({ payment }) => payment?.status === 'refunded')
    const money = await moneyOf(half.id)
    assert.deepEqual([minor(money.paid), minor(money.refunded), minor(money.kept)], [7_200, 3_600, 3_600])
  })

  await t.test('the order’s promise stands, whatever the business changes later', async () => {
    const booking = await paid(deposit)
    await database.run(
      sql`update service set payment_kind = 'full', deposit_percent = null, price_minor = 90000 where id = ${deposit.service.id}`,
    )
    await database.run(sql`update business set cancellation = '[]', free_reschedules = 0 where slug = ${salon}`)
    const after = await look(booking.id)
    assert.deepEqual(
      [minor(after.price), minor(after.dueAtPlace), after.rescheduleTerms.left, after.allowed.reschedule],
      [24_000, 16_800, null, true],
    )
    assert.equal(minor((await customer<{ refund: Money }>('GET', `/v1/bookings/${booking.id}/cancel-preview`)).body.refund), 7_200)
    await database.run(
      sql`update service set payment_kind = 'deposit', deposit_percent = 30, price_minor = 24000 where id = ${deposit.service.id}`,
    )
    await database.run(
      sql`update business set cancellation = '[{"hoursBefore": 24, "refundPercent": 100}, {"hoursBefore": 6, "refundPercent": 50}, {"hoursBefore": 0, "refundPercent": 0}]', free_reschedules = null where slug = ${salon}`,
    )
  })

  await t.test('a booking may be moved as often as promised; the money stays, a move to where it is counts for nothing', async () => {
    const booking = await book(atPlace)
    assert.deepEqual(booking.rescheduleTerms, { left: 1, hoursBefore: 2 })
    const same = await customer<Booking>('POST', `/v1/bookings/${booking.id}/reschedule`, { startsAt: booking.startsAt })
    assert.deepEqual([same.status, same.body.rescheduleTerms.left], [200, 1])
    const startsAt = await timeOf(atPlace)
    const moved = await customer<Booking>('POST', `/v1/bookings/${booking.id}/reschedule`, { startsAt })
    assert.deepEqual(
      [moved.status, moved.body.rescheduleTerms.left, moved.body.allowed.reschedule, minor(moved.body.dueAtPlace)],
      [200, 0, false, 15_000],
    )
    const refused = await customer<Booking>('POST', `/v1/bookings/${booking.id}/reschedule`, { startsAt: await timeOf(atPlace) })
    assert.deepEqual([refused.status, refused.body.code, refused.body.reason], [409, 'booking_not_reschedulable', 'used_up'])
    assert.match(refused.body.why.ar, /مرة واحدة/)
    // The very wish that was granted, asked again under another key as after a crash: it is there already.
    assert.equal((await customer<Booking>('POST', `/v1/bookings/${booking.id}/reschedule`, { startsAt })).status, 200)

    const late = await book(atPlace)
    await startsIn(late.id, 1.5)
    const tooLate = await customer<Booking>('POST', `/v1/bookings/${late.id}/reschedule`, { startsAt: await timeOf(atPlace) })
    assert.deepEqual([tooLate.status, tooLate.body.reason], [409, 'too_late'])
    assert.match(tooLate.body.why.ar, /ساعتين/)

    const often = await paid(await serviceOf(salon, 'full'))
    for (let turn = 0; turn < 3; turn++)
      assert.equal((await customer('POST', `/v1/bookings/${often.id}/reschedule`, { startsAt: await timeOf(full) })).status, 200)
    assert.equal(minor((await moneyOf(often.id)).kept), minor(full.service.paymentTerms.dueNow))
  })

  await t.test('one booking’s money is shown to its customer, its business and the operator, and to nobody else', async () => {
    const booking = await paid(deposit)
    const stranger = await signIn(product, '+966551112239')
    for (const [as, viewer, allowed] of [
      [customer, 'customer', { refund: false, noShow: false, cancel: false }],
      [staff, 'business', { refund: false, noShow: false, cancel: true }],
      [owner, 'business', { refund: true, noShow: false, cancel: true }],
      [operator, 'operator', { refund: true, noShow: false, cancel: true }],
    ] as const) {
      const money = await moneyOf(booking.id, as)
      assert.deepEqual([money.viewer, money.allowed], [viewer, allowed])
      const seen = await look(booking.id, as)
      assert.deepEqual([seen.viewer, seen.allowed.reschedule, seen.allowed.pay], [viewer, true, false])
    }
    for (const as of [rival, stranger]) {
      assert.deepEqual(
        (await Promise.all(['', '/money'].map((part) => as('GET', `/v1/bookings/${booking.id}${part}`)))).map(({ status }) => status),
        [404, 404],
      )
      for (const [part, body] of [
        ['cancel', {}],
        ['no-show', undefined],
        ['refunds', { reason: 'x' }],
      ] as const)
        assert.equal((await as('POST', `/v1/bookings/${booking.id}/${part}`, body)).status, 404, part)
    }
    for (const as of [customer, staff]) assert.equal((await as('POST', `/v1/bookings/${booking.id}/refunds`, { reason: 'x' })).status, 403)
    assert.equal((await customer('POST', `/v1/bookings/${booking.id}/no-show`)).status, 403)
    assert.equal((await staff('POST', `/v1/bookings/${booking.id}/payments`)).status, 404)
    assert.deepEqual((await moneyOf(booking.id)).refunds, [])
  })

  await t.test('the business returns a part with its reason, never more than is left, and the same key returns it once', async () => {
    const booking = await paid(deposit)
    const refund = (as: Api, body: object, key?: string) =>
      as<Booking & { id: string; amount: Money; note: string }>('POST', `/v1/bookings/${booking.id}/refunds`, body, key)
    const key = randomUUID()
    const first = await refund(owner, { amountMinor: 2_000, reason: 'تأخرنا عن الموعد' }, key)
    assert.deepEqual([first.status, minor(first.body.amount), first.body.note], [201, 2_000, 'تأخرنا عن الموعد'])
    assert.equal((await refund(owner, { amountMinor: 2_000, reason: 'تأخرنا عن الموعد' }, key)).body.id, first.body.id)
    // As if the process had died after the refund and before its answer was kept: the key is taken over and the work runs again.
    await database.run(sql`delete from idempotency_key where key = ${key}`)
    assert.equal((await refund(owner, { amountMinor: 2_000, reason: 'تأخرنا عن الموعد' }, key)).body.id, first.body.id)

    const tooMuch = await refund(owner, { amountMinor: 5_201, reason: 'x' })
    assert.deepEqual([tooMuch.status, tooMuch.body.code, minor(tooMuch.body.returnable)], [422, 'refund_too_large', 5_200])
    for (const amountMinor of [0, -1, 1.5, '100'])
      assert.equal((await refund(owner, { amountMinor, reason: 'x' })).status, 400, String(amountMinor))
    for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 'x', currency: 'SAR' }])
      assert.equal((await refund(owner, body)).status, 400, JSON.stringify(body))

    const rest = await refund(operator, { reason: 'الباقي' })
    assert.deepEqual([rest.status, minor(rest.body.amount)], [201, 5_200])
    assert.deepEqual(
      [(await refund(owner, { reason: 'x' })).body.code, (await look(booking.id)).status],
      ['booking_not_refundable', 'confirmed'],
    )
    await until(booking.id, ({ payment }) => payment?.refunded?.amountMinor === 7_200)
    const money = await moneyOf(booking.id)
    assert.deepEqual(
      [minor(money.paid), minor(money.refunded), minor(money.kept), money.refunds.map(({ note }) => note)],
      [7_200, 7_200, 0, ['تأخرنا عن الموعد', 'الباقي']],
    )
    // The business sees the gateway's fee too, its customer what she paid and got back.
    const lines = async (as: Api) =>
      (await moneyOf(booking.id, as)).ledger.map(({ kind, way, amount }) => `${kind} ${way} ${minor(amount)}`)
    const hers = await lines(customer)
    assert.deepEqual(hers, ['charge in 7200', 'refund out 2000', 'refund out 5200'])
    const fees = (await lines(owner)).filter((line) => !hers.includes(line))
    assert.match(fees.join(), /^fee out \d+$/)
    const decided = money.history.filter(({ action }) => action === 'payment.refund_due')
    assert.deepEqual(
      decided.map(({ who, amount, note }) => [who.en, amount?.amountMinor, note]),
      [
        ['The business', 2_000, 'تأخرنا عن الموعد'],
        ['The platform’s operator', 5_200, 'الباقي'],
      ],
    )
    for (const { ar, en } of [
      ...money.history.flatMap(({ who, what }) => [who, what]),
      ...money.attempts.map(({ words }) => words),
      ...money.ledger.map(({ words }) => words),
      ...money.refunds.flatMap(({ words, reason }) => [words, reason]),
    ]) {
      assert.match(ar, /[\u0600-\u06FF]/)
      assert.match(en, /[a-z]/)
      assert.doesNotMatch(en, /^Another/)
    }
  })

  await t.test('when the business cancels, all that was paid goes back and the customer is told', async () => {
    const booking = await paid(deposit)
    // By the customer's own policy nothing would.
    await startsIn(booking.id, 1)
    const { body: preview } = await staff<{ refund: Money; reason: { ar: string } }>('GET', `/v1/bookings/${booking.id}/cancel-preview`)
    assert.equal(minor(preview.refund), 7_200)
    const { status, body } = await staff<Booking>('POST', `/v1/bookings/${booking.id}/cancel`, { reason: 'انقطاع الكهرباء' })
    assert.deepEqual([status, body.status], [200, 'cancelled'])
    await until(booking.id, ({ payment }) => payment?.refunded?.amountMinor === 7_200)
    assert.deepEqual(await database.row(sql`select cancelled_by, cancel_reason from booking where id = ${booking.id}`), {
      cancelledBy: 'business',
      cancelReason: 'انقطاع الكهرباء',
    })
    await messageTo(product.simulatorsUrl, phone, (text) => text.includes(booking.reference) && text.includes('72'))
    assert.equal((await staff<Booking>('POST', `/v1/bookings/${booking.id}/cancel`, {})).status, 200)
    assert.equal((await moneyOf(booking.id)).refunds.length, 1)
  })

  await t.test('who does not come leaves the deposit; it is noted after the start, by the business', async () => {
    const booking = await paid(deposit)
    const noShow = (as: Api) => as<Booking>('POST', `/v1/bookings/${booking.id}/no-show`)
    assert.deepEqual([(await noShow(staff)).status, (await noShow(staff)).body.code], [409, 'no_show_not_possible'])
    await startsIn(booking.id, -1.5)
    assert.equal((await moneyOf(booking.id, staff)).allowed.noShow, true)
    const { status, body } = await noShow(staff)
    assert.deepEqual([status, body.status, minor(body.dueAtPlace)], [200, 'no_show', 0])
    assert.deepEqual([(await noShow(staff)).status, (await customer('POST', `/v1/bookings/${booking.id}/cancel`, {})).status], [200, 409])
    const money = await moneyOf(booking.id)
    assert.deepEqual([minor(money.kept), money.refunds.length, money.history.at(-1)?.action], [7_200, 0, 'booking.no_show'])

    const over = await paid(deposit)
    await startsIn(over.id, -30)
    await database.run(sql`update booking set status = 'completed', version = version + 1 where id = ${over.id}`)
    assert.equal((await staff('POST', `/v1/bookings/${over.id}/no-show`)).status, 409)
    await startsIn(over.id, -20)
    assert.equal((await staff('POST', `/v1/bookings/${over.id}/no-show`)).status, 200)
  })

  await t.test('an owner of one business is nobody at another', async () => {
    const elsewhere = await paid(await serviceOf(padel, 'full'))
    assert.equal((await owner('GET', `/v1/bookings/${elsewhere.id}/money`)).status, 404)
    assert.equal((await owner('POST', `/v1/bookings/${elsewhere.id}/refunds`, { reason: 'x' })).status, 404)
    assert.equal((await moneyOf(elsewhere.id, operator)).viewer, 'operator')
  })

  await t.test('after all of it every invariant holds', async () => {
    for (const sweep of product.house.sweeps.filter(({ name }) => name === 'watch-invariants')) await sweep.run()
    const text = await (await fetch(`${product.url}/metrics`)).text()
    const broken = text.split('\n').filter((line) => line.startsWith('invariant_violation{') && !line.endsWith(' 0'))
    assert.deepEqual(broken, [])
  })
})
