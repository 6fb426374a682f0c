import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { grantRole } from '../../server/accounts/index.ts'
import { sql } from '../../server/database/index.ts'
import { countViolations } from '../../server/operations/queries.ts'
import { ownerPhone } from '../../start/demo-data.ts'
import { signIn } from '../support/api.ts'
import { json, slotsOf } from '../support/customer.ts'
import { startProduct } from '../support/product.ts'

interface Service {
  id: string
  branchId: string
  name: { ar: string; en: string }
  price: { amountMinor: number; currency: string }
  requiresPayment: boolean
  approvalHours: number | null
  resources: { id: string; name: { ar: string; en: string } }[]
  paymentTerms: { kind: string }
}
interface Booking {
  id: string
  status: string
  awaits: string | null
  code: string
  version: number
  rescheduleTerms: { left: number | null }
  allowed: { approve: boolean }
}
interface Row {
  kind: string
  version: number
  occasion: string
  recipient: string
  data: { by?: string; because?: string; waiting?: boolean; amount?: { amountMinor: number } }
}

const [phone, staffPhone] = ['+966551112233', '+966551112234']
const slug = 'rawnaq-salon'

async function opened(t: TestContext) {
  const product = await startProduct(t, { sweeps: false, env: { HOLDS_PER_ACCOUNT: '50', NOTIFICATION_DELIVERY: 'queue' } })
  const { database, sweeps } = product.house
  const { id: businessId } = (await database.row<{ id: string }>(sql`select id from business where slug = ${slug}`))!
  await grantRole(database, staffPhone, { role: 'staff', businessId })
  const [customer, owner, staff] = [await signIn(product, phone), await signIn(product, ownerPhone), await signIn(product, staffPhone)]
  const operator = await signIn(product, product.superuserPhone)
  await database.run(sql`
    update service set payment_kind = 'at_place' where id = (select id from service where business_id = ${businessId} and payment_kind = 'full' order by position desc limit 1)`)
  const { items } = await json<{ items: Service[] }>(`${product.url}/v1/businesses/${slug}/services`)
  const offerOf = (kind: string) => ({ slug, service: items.find(({ paymentTerms }) => paymentTerms.kind === kind)! })
  const used: number[] = []
  /** Far enough from every time that was used before. */
  const timeOf = async (offer: ReturnType<typeof offerOf>) => {
    const { slots } = await slotsOf(product.url, offer)
    const found = slots.findLast(({ startsAt }) => used.every((one) => Math.abs(Date.parse(startsAt) - one) >= 3 * 3_600_000))
    assert.ok(found, 'A time is left.')
    used.push(Date.parse(found.startsAt))
    return found.startsAt
  }
  const book = async (kind: string) => {
    const offer = offerOf(kind)
    const ask = { businessSlug: slug, serviceId: offer.service.id, startsAt: await timeOf(offer) }
    const { status, body } = await customer<Booking>('POST', '/v1/bookings', ask)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const run = async (name: string) => {
    const sweep = sweeps.find((one) => one.name === name)
    assert.ok(sweep, name)
    return sweep.run()
  }
  /** The customer pays on the gateway's page; `meanwhile` happens before that. */
  const pay = async (id: string, meanwhile: () => Promise<unknown> = async () => {}) => {
    const { body } = await customer<{ id: string; redirectUrl: string }>('POST', `/v1/bookings/${id}/payments`)
    await meanwhile()
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirectUrl: body.redirectUrl }),
    }
    await fetch(`${product.simulatorsUrl}/play/moyasar`, init)
    const paymentId = (await database.row<{ id: string }>(sql`select id from payment order by created_at desc limit 1`))!.id
    await operator('POST', `/v1/ops/payments/${paymentId}/settle`)
  }
  const refundsGoOut = async () => {
    for (let turn = 0; turn < 20; turn++) {
      await database.run(
        sql`update refund set next_try_at = now(), updated_at = updated_at - interval '1 minute' where next_try_at is not null`,
      )
      await run('send-refunds')
      if ((await database.rows(sql`select 1 from refund where state <> 'refunded'`)).length === 0) return
    }
    assert.fail('The money does not come back.')
  }
  const rows = (id: string) =>
    database.rows<Row>(
      sql`select kind, version, occasion, phone as recipient, data from notification where about_id = ${id} order by created_at, kind, recipient`,
    )
  /** Who was told what of a booking, since the last look. */
  const seen = new Map<string, number>()
  const told = async (id: string) => {
    const all = await rows(id)
    const fresh = all.slice(seen.get(id) ?? 0)
    seen.set(id, all.length)
    return fresh
  }
  const to = { [phone]: 'customer', [ownerPhone]: 'owner', [staffPhone]: 'staff' } as Record<string, string>
  const lines = (fresh: Row[]) => fresh.map(({ kind, recipient }) => `${to[recipient]}: ${kind}`).toSorted()
  return { database, customer, owner, staff, operator, offerOf, timeOf, book, pay, run, refundsGoOut, rows, told, lines }
}

test('who is told what of every change, by whom it was made, in the change itself', async (t) => {
  const { database, customer, owner, staff, operator, offerOf, timeOf, book, pay, run, refundsGoOut, rows, told, lines } = await opened(t)

  await t.test('one message says that it is confirmed and paid; owner and staff hear of it', async () => {
    const { id } = await book('full')
    assert.deepEqual(await told(id), [], 'nobody is told of a hold')
    await pay(id)
    const fresh = await told(id)
    assert.deepEqual(lines(fresh), ['customer: booking-confirmed', 'owner: staff-booking-new', 'staff: staff-booking-new'])
    assert.ok(fresh.find(({ kind }) => kind === 'booking-confirmed')!.data.amount!.amountMinor > 0)
  })

  await t.test('a business may want the receipt apart, and nothing for its staff', async () => {
    await owner('PUT', `/v1/businesses/${slug}/messaging`, { receiptApart: true, staffTold: false })
    const { id } = await book('full')
    await pay(id)
    const fresh = await told(id)
    assert.deepEqual(lines(fresh), ['customer: booking-confirmed', 'customer: payment-received'])
    assert.equal(fresh.find(({ kind }) => kind === 'booking-confirmed')!.data.amount, undefined)
    assert.ok(fresh.find(({ kind }) => kind === 'payment-received')!.data.amount!.amountMinor > 0)
    await owner('PUT', `/v1/businesses/${slug}/messaging`, { receiptApart: false, staffTold: true })
  })

  await t.test('money that came late and still got the time says so instead', async () => {
    const { id } = await book('full')
    await pay(id, async () => {
      await database.run(
        sql`update booking set status = 'expired', expires_at = now() - interval '1 minute', version = version + 1 where id = ${id}`,
      )
      await database.run(sql`update claim set state = 'released' where holder_id = ${id}`)
    })
    const fresh = await told(id)
    assert.deepEqual(lines(fresh), ['customer: payment-applied-late', 'owner: staff-booking-new', 'staff: staff-booking-new'])
  })

  await t.test('money that came too late goes back by itself, and the customer is told why when it is back', async () => {
    const { id } = await book('full')
    await pay(id, () => customer('POST', `/v1/bookings/${id}/cancel`, {}))
    assert.deepEqual(await told(id), [], 'not before it is back')
    await refundsGoOut()
    const fresh = await told(id)
    assert.deepEqual(lines(fresh), ['customer: refund-made'])
    assert.equal(fresh[0]!.data.because, 'not_booked')
  })

  await t.test('each part the business gives back is told once', async () => {
    const { id } = await book('full')
    await pay(id)
    await told(id)
    for (const reason of ['late', 'very late']) await owner('POST', `/v1/bookings/${id}/refunds`, { amountMinor: 1_000, reason })
    await refundsGoOut()
    await refundsGoOut()
    const fresh = await told(id)
    assert.deepEqual(lines(fresh), ['customer: refund-made', 'customer: refund-made'])
    assert.equal(new Set(fresh.map(({ occasion }) => occasion)).size, 2)
    assert.deepEqual(
      fresh.map(({ data }) => [data.amount!.amountMinor, data.because]),
      [
        [1_000, undefined],
        [1_000, undefined],
      ],
    )
  })

  await t.test('a move and a cancellation say who made them; whoever made it is not told', async () => {
    const offer = offerOf('at_place')
    const { id } = await book('at_place')
    assert.deepEqual(lines(await told(id)), ['customer: booking-confirmed', 'owner: staff-booking-new', 'staff: staff-booking-new'])
    const moved = await staff<Booking>('POST', `/v1/bookings/${id}/reschedule`, { startsAt: await timeOf(offer) })
    assert.equal(moved.status, 200, JSON.stringify(moved.body))
    const ofMove = await told(id)
    assert.deepEqual(lines(ofMove), ['customer: booking-rescheduled', 'owner: staff-booking-changed'])
    assert.equal(ofMove.find(({ kind }) => kind === 'booking-rescheduled')!.data.by, 'business')
    assert.equal((await database.row<{ reschedules: number }>(sql`select reschedules from booking where id = ${id}`))!.reschedules, 0)

    await customer('POST', `/v1/bookings/${id}/reschedule`, { startsAt: await timeOf(offer) })
    const ofOwn = await told(id)
    assert.deepEqual(lines(ofOwn), ['customer: booking-rescheduled', 'owner: staff-booking-changed', 'staff: staff-booking-changed'])
    assert.equal(ofOwn.find(({ kind }) => kind === 'booking-rescheduled')!.data.by, 'customer')

    await owner('POST', `/v1/bookings/${id}/cancel`, {})
    const ofEnd = await told(id)
    assert.deepEqual(lines(ofEnd), ['customer: booking-cancelled', 'staff: staff-booking-cancelled'])
    assert.deepEqual(
      ofEnd.map(({ data }) => data.by),
      ['business', 'business'],
    )
    const seenByCustomer = (await customer<{ notifications: { kind: string }[] }>('GET', `/v1/bookings/${id}`)).body.notifications
    assert.ok(
      seenByCustomer.every(({ kind }) => !kind.startsWith('staff-')),
      'a customer is not shown what the staff was told',
    )
  })

  await t.test('a hold about to end is told once, however many look; a paid one and a short one are not', async () => {
    const { id } = await book('full')
    const plan = await database.row<{ minutes: number }>(
      sql`select extract(epoch from expires_at - tell_at)::float8 / 60 as minutes from booking where id = ${id}`,
    )
    assert.equal(plan!.minutes, 5)
    assert.equal(await run('tell-in-time'), 0, 'not yet')
    const paidOne = await book('full')
    await pay(paidOne.id)
    await told(paidOne.id)
    await database.run(sql`update booking set tell_at = now() where id = ${id}`)
    const looked = await Promise.all(Array.from({ length: 4 }, () => run('tell-in-time')))
    assert.equal(
      looked.reduce((sum, one) => sum + one, 0),
      1,
    )
    assert.deepEqual(lines(await told(id)), ['customer: hold-ending'])
    assert.deepEqual(await told(paidOne.id), [])
    assert.equal(await run('tell-in-time'), 0)
  })

  await t.test('reminders come by the choice of the business, the latest alone after a pause, none for what was just changed', async () => {
    const { id } = await book('at_place')
    await told(id)
    const stand = (startsInMinutes: number, changedHoursAgo: number) =>
      database.run(sql`
        update booking set starts_at = now() + ${startsInMinutes} * interval '1 minute', ends_at = now() + ${startsInMinutes + 60} * interval '1 minute',
          updated_at = now() - ${changedHoursAgo} * interval '1 hour', tell_at = now() where id = ${id}`)
    await stand(23 * 60, 72)
    await Promise.all([run('tell-in-time'), run('tell-in-time')])
    assert.deepEqual(
      (await told(id)).map(({ kind, occasion }) => [kind, occasion]),
      [['booking-reminder', '1440']],
    )
    const next = await database.row<{ minutes: number }>(
      sql`select extract(epoch from starts_at - tell_at)::float8 / 60 as minutes from booking where id = ${id}`,
    )
    assert.equal(next!.minutes, 120)
    await stand(90, 72)
    await run('tell-in-time')
    assert.deepEqual(
      (await told(id)).map(({ occasion }) => occasion),
      ['120'],
    )
    await stand(90, 1)
    await run('tell-in-time')
    assert.deepEqual(await told(id), [])

    await stand(300, 72)
    await owner('PUT', `/v1/businesses/${slug}/messaging`, { reminderMinutes: [60] })
    await run('tell-in-time')
    const chosen = await database.row<{ minutes: number }>(
      sql`select extract(epoch from starts_at - tell_at)::float8 / 60 as minutes from booking where id = ${id}`,
    )
    assert.equal(chosen!.minutes, 60)
    await owner('PUT', `/v1/businesses/${slug}/messaging`, { reminderMinutes: [1_440, 120] })
  })

  await t.test('a reminder of a booking that was moved meanwhile ends skipped', async () => {
    const { id, version } = await book('at_place')
    await database.run(sql`
      insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, locale, data, not_after, next_attempt_at)
      select business_id, id, 'booking-reminder', version, '1440', 'sms', '+966551112233', 'ar', '{}', starts_at, now() + interval '1 hour' from booking where id = ${id}`)
    const moved = await customer<Booking>('POST', `/v1/bookings/${id}/reschedule`, { startsAt: await timeOf(offerOf('at_place')) })
    assert.equal(moved.body.version, version + 1)
    await database.run(sql`update notification set next_attempt_at = now() where kind = 'booking-reminder' and about_id = ${id}`)
    await run('deliver-notifications')
    const row = await database.row<{ state: string; reason: string }>(
      sql`select state, reason from notification where about_id = ${id} and kind = 'booking-reminder'`,
    )
    assert.deepEqual(row, { state: 'SKIPPED', reason: 'booking_moved' })
  })

  await t.test('where the business says yes or no, the customer waits, hears the answer, and hears when none came', async () => {
    await database.run(sql`update service set approval_hours = 4 where id = ${offerOf('at_place').service.id}`)
    const first = await book('at_place')
    assert.deepEqual([first.status, first.awaits, first.allowed.approve], ['held', 'approval', false])
    const asked = await told(first.id)
    assert.deepEqual(lines(asked), ['customer: booking-waiting', 'owner: staff-booking-new', 'staff: staff-booking-new'])
    assert.equal(asked.find(({ kind }) => kind === 'staff-booking-new')!.data.waiting, true)
    // It costs nothing now: there is nothing to pay, not even by asking for it.
    assert.equal((await customer<Booking>('POST', `/v1/bookings/${first.id}/payments`)).body.code, 'booking_not_payable')
    assert.equal((await customer<Booking>('POST', `/v1/bookings/${first.id}/approve`)).status, 403)
    const yes = await staff<Booking>('POST', `/v1/bookings/${first.id}/approve`)
    assert.deepEqual([yes.status, yes.body.status], [200, 'confirmed'])
    assert.equal(
      (await owner<Booking>('POST', `/v1/bookings/${first.id}/approve`)).body.status,
      'confirmed',
      'said again it answers the same',
    )
    assert.deepEqual(lines(await told(first.id)), ['customer: booking-confirmed'])

    const refused = await book('at_place')
    await told(refused.id)
    await owner('POST', `/v1/bookings/${refused.id}/cancel`, {})
    assert.deepEqual(lines(await told(refused.id)), ['customer: booking-cancelled', 'staff: staff-booking-cancelled'])
    assert.equal((await owner<Booking>('POST', `/v1/bookings/${refused.id}/approve`)).body.code, 'booking_not_waiting')

    const forgotten = await book('at_place')
    await told(forgotten.id)
    await database.run(sql`update booking set expires_at = now() - interval '1 minute' where id = ${forgotten.id}`)
    await run('expire-holds')
    const ended = await told(forgotten.id)
    assert.deepEqual(lines(ended), ['customer: booking-cancelled'])
    assert.equal(ended[0]!.data.by, 'nobody')
    await database.run(sql`update service set approval_hours = null where id = ${offerOf('at_place').service.id}`)
  })

  await t.test('people are invited again after a visit, if they agreed, once', async () => {
    const { id } = await book('at_place')
    await told(id)
    const invite = () => owner<Booking>('POST', `/v1/bookings/${id}/invite-again`)
    assert.equal((await invite()).body.code, 'visit_not_over')
    await database.run(sql`update booking set status = 'completed' where id = ${id}`)
    assert.equal((await invite()).body.code, 'customer_not_agreed')
    await database.run(sql`update account set marketing_consent_at = now()`)
    assert.deepEqual([(await invite()).status, (await invite()).status], [200, 200])
    assert.deepEqual(lines(await told(id)), ['customer: visit-again'])
    assert.equal((await rows(id)).length, 4)
  })

  await t.test('of all that happened here nothing was left untold', async () => {
    assert.equal(await countViolations(database, 'notification_missing'), 0)
  })

  await t.test('the operator reads every message in both languages with what it is billed as', async () => {
    const { body } = await operator<{ items: { kind: string; locale: string; parts: number; encoding: string; text: string }[] }>(
      'GET',
      '/v1/ops/message-previews',
    )
    for (const locale of ['ar', 'en']) assert.ok(body.items.filter((one) => one.locale === locale).length >= 13)
    for (const { locale, parts, encoding, text } of body.items) {
      assert.ok(parts >= 1 && parts <= 3, text)
      assert.equal(encoding, locale === 'ar' ? 'UCS-2' : 'GSM-7', text)
    }
  })
})
