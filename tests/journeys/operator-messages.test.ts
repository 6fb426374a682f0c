import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { appSecret, authToken, comesAbout, endpoint, type Message, openMessages, type Problem } from '../support/messages-product.ts'
import type { Product } from '../support/product.ts'

test('an operator finds what failed, sends it again, by another channel or all at once, or sets it aside', async (t) => {
  const { product, database, operator, offer, book, fault, list, counts, customers, audited } = await openMessages(t)
  await fault('refuse')
  const lost = [await book(), await book(), await book(), await book()]
  const mine = await Promise.all(lost.map(async ({ id }) => (await customers(id))[0]!))
  assert.deepEqual(new Set(mine.map(({ status }) => status)), new Set(['FAILED']))

  await t.test('found by what is known of them, and by nothing else', async () => {
    const found = async (query: string) => new Set((await list(query)).map(({ id }) => id))
    const { errorClass, kind } = mine[0]!
    const all = new Set(mine.map(({ id }) => id))
    const fitting = [
      `&business=${offer.slug}`,
      `&kind=${kind}`,
      `&errorClass=${errorClass}`,
      '&delivery=none',
      '&acknowledged=false',
      '&open=true',
      '&provider=taqnyat&channel=sms',
    ]
    for (const query of fitting) assert.ok(all.isSubsetOf(await found(query)), query)
    const unfit = [
      '&business=nobody-at-all',
      '&kind=refund-made',
      `&errorClass=fault`,
      '&delivery=read',
      '&acknowledged=true',
      '&olderThanMinutes=60',
      `&businessId=${randomUUID()}`,
    ]
    for (const query of unfit) assert.ok(all.isDisjointFrom(await found(query)), query)
    for (const query of [
      'errorClass=bad',
      'delivery=lost',
      'open=perhaps',
      'olderThanMinutes=0',
      'businessId=1',
      'business=A%20B',
      'kind=%27',
    ])
      assert.equal((await operator('GET', `/v1/ops/notifications?${query}`)).status, 400, query)
    const { failed, errorClasses } = await counts()
    assert.equal(failed, (await list('&open=true')).length)
    assert.equal(
      errorClasses.reduce((sum, { count }) => sum + count, 0),
      failed,
    )
    assert.equal(mine[0]!.bookingReference, lost[0]!.reference)
    assert.equal(mine[0]!.businessSlug, offer.slug)
    assert.match(mine[0]!.recipient, /•/)
  })

  await t.test('set aside with a reason it raises no alarm, and says so; once, and only what did not arrive', async () => {
    const id = mine[0]!.id
    const before = await counts()
    const aside = await operator<Message>('POST', `/v1/ops/notifications/${id}/acknowledge`, { reason: 'اتصلنا بالعميل' })
    assert.deepEqual([aside.status, aside.body.acknowledgedReason, aside.body.status], [200, 'اتصلنا بالعميل', 'FAILED'])
    assert.equal((await counts()).failed, before.failed - 1)
    assert.deepEqual(
      (await list('&acknowledged=true')).map((one) => one.id),
      [id],
    )
    assert.deepEqual(await audited(id), [{ action: 'notification.acknowledged', actorKind: 'operator' }])
    const twice = await operator<Problem>('POST', `/v1/ops/notifications/${id}/acknowledge`, { reason: 'x' })
    assert.deepEqual([twice.status, twice.body.code], [409, 'notification_not_open'])
    for (const body of [{}, { reason: ' ' }, { reason: 'x'.repeat(501) }])
      assert.equal((await operator('POST', `/v1/ops/notifications/${mine[1]!.id}/acknowledge`, body)).status, 400)
    assert.equal((await operator('POST', `/v1/ops/notifications/${randomUUID()}/acknowledge`, { reason: 'x' })).status, 404)
    await new Promise((done) => setTimeout(done, 1_100))
    const unresolved = /notification_unresolved_failed\{channel="sms"\} (\d+)/.exec(await (await fetch(`${product.url}/metrics`)).text())
    assert.equal(Number(unresolved?.[1]), (await counts()).failed)
  })

  await t.test('by another channel a new message stands in for it, and the first is nobody’s care any more', async () => {
    const id = mine[1]!.id
    const before = await counts()
    const sent = await operator<Message>('POST', `/v1/ops/notifications/${id}/send-by`, { channel: 'whatsapp' })
    assert.deepEqual([sent.status, sent.body.channel, sent.body.status, sent.body.standsInFor], [200, 'whatsapp', 'SENT', id])
    const first = (await list()).find((one) => one.id === id)!
    assert.deepEqual([first.status, first.stoodInBy], ['FAILED', sent.body.id])
    assert.equal((await counts()).failed, before.failed - 1)
    assert.deepEqual(await audited(id), [{ action: 'notification.sent_by_other_channel', actorKind: 'operator' }])
    const refusals = [
      [id, 'whatsapp'],
      [mine[2]!.id, 'sms'],
      [mine[2]!.id, 'email'],
    ]
    for (const [of, channel] of refusals) {
      const { status, body } = await operator<Problem>('POST', `/v1/ops/notifications/${of}/send-by`, { channel })
      assert.deepEqual([channel, status, body.code], [channel, 409, 'notification_channel_unfit'])
    }
    const arrived = await operator<Problem>('POST', `/v1/ops/notifications/${sent.body.id}/send-by`, { channel: 'sms' })
    assert.deepEqual([arrived.status, arrived.body.code], [409, 'notification_not_failed'])
  })

  await t.test('all that fit are lined up, go out a few a second, and each booking is read again', async () => {
    await fault(null)
    const none = await operator<{ count: number }>('POST', '/v1/ops/notifications/redrive', { business: 'nobody-at-all' })
    assert.deepEqual([none.status, none.body.count], [200, 0])
    // Twenty-six more, so that one second is not enough.
    await database.run(sql`
      insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, locale, data, state, reason, error_class, not_after, ended_at)
      select business_id, about_id, kind, version, 'copy-' || nth, channel, recipient, locale, data, state, reason, error_class, not_after, now()
      from notification, generate_series(1, 26) nth where id = ${mine[2]!.id}`)
    const gone = lost[3]!
    await database.run(sql`update booking set status = 'cancelled' where id = ${gone.id}`)
    const wish = { business: offer.slug, kind: mine[2]!.kind, channel: 'sms' }
    const key = randomUUID()
    const lined = await operator<{ count: number; perSecond: number }>('POST', '/v1/ops/notifications/redrive', wish, key)
    assert.deepEqual([lined.status, lined.body.count, lined.body.perSecond], [200, 28, 5])
    assert.equal(
      (await operator<{ count: number }>('POST', '/v1/ops/notifications/redrive', wish, key)).body.count,
      28,
      'the same key is the same wish',
    )
    const repeated = await operator<{ count: number }>('POST', '/v1/ops/notifications/redrive', wish)
    assert.equal(repeated.body.count, 0, 'what is lined up is not lined up again')
    const startedAt = Date.now()
    const open = () => list(`&open=true&kind=${wish.kind}&channel=sms`)
    assert.ok((await open()).length > 20, 'they stay failed until their turn')
    assert.ok((await counts()).redriving > 0)
    await comesAbout(async () => (await open()).length === 0)
    assert.ok(Date.now() - startedAt > 3_500, 'twenty-eight at five a second take more than three seconds and a half')
    assert.equal((await customers(gone.id))[0]!.status, 'SKIPPED')
    assert.equal((await customers(lost[2]!.id)).filter(({ status }) => status === 'SENT').length, 27)
    assert.deepEqual(await audited(mine[2]!.id), [{ action: 'notification.redriven', actorKind: 'operator' }])
    const aside = (await list('&acknowledged=true'))[0]!
    assert.equal(aside.status, 'FAILED', 'what was set aside is left alone')
    const many = await database.row<{ details: { count: number } }>(
      sql`select details from audit_entry where action = 'notification.many_redriven' and (details ->> 'count')::integer > 0`,
    )
    assert.equal(many?.details.count, 28)
  })
})

test('what vendors report is kept when it is theirs, shown as what it is, and loud when a message did not arrive', async (t) => {
  const { product, database, customer, operator, book, counts, customers, list } = await openMessages(t)
  const booked = await book()
  const { providerMessageId, id } = (await database.row<{ providerMessageId: string; id: string }>(sql`
    select a.provider_message_id, n.id from notification n join notification_attempt a on a.notification_id = n.id
    where n.about_id = ${booked.id} and n.kind = 'booking-confirmed'`))!
  const post = (provider: string, body: string, headers: Record<string, string> = {}, at = endpoint) =>
    fetch(`${product.url}/v1/webhooks/${provider}/${at}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  const taqnyat = (status: string) => post('taqnyat', JSON.stringify({ messageId: providerMessageId, status }))
  const message = async () => (await customers(booked.id)).find((one) => one.id === id)!

  await t.test('in its own word and in ours, on the message and on the booking', async () => {
    assert.equal((await taqnyat('sent')).status, 200)
    await comesAbout(async () => (await message()).delivery === 'sent')
    assert.equal((await taqnyat('failed')).status, 200)
    await comesAbout(async () => (await message()).delivery === 'undelivered')
    const { reports, status } = await message()
    assert.equal(status, 'SENT')
    assert.deepEqual(
      reports.map((one) => [one.said, one.delivery, one.verified]),
      [
        ['sent', 'sent', 'path'],
        ['failed', 'undelivered', 'path'],
      ],
    )
    assert.equal((await counts()).undelivered, 1)
    assert.deepEqual(
      (await list('&delivery=undelivered&open=true')).map((one) => one.id),
      [id],
    )
    const seen = (await customer<{ notifications: { delivery: string }[] }>('GET', `/v1/bookings/${booked.id}`)).body.notifications
    assert.equal(seen.at(-1)?.delivery, 'undelivered')
    assert.match(await (await fetch(`${product.url}/metrics`)).text(), /notification_undelivered_total\{provider="taqnyat"\} 1/)
  })

  await t.test('what was not delivered is sent again, and what is reported then is of that attempt', async () => {
    const again = await operator<Message>('POST', `/v1/ops/notifications/${id}/redrive`)
    assert.deepEqual([again.status, again.body.status, again.body.delivery], [200, 'SENT', null])
    assert.equal((await counts()).undelivered, 0)
    await taqnyat('rejected')
    await comesAbout(async () => (await message()).reports.length === 3)
    assert.equal((await message()).delivery, null)
    await taqnyat('delivered')
    await comesAbout(async () => (await message()).delivery === 'delivered')
  })

  await t.test('a signature is asked for where a vendor signs', async () => {
    const form = new URLSearchParams({ MessageSid: 'SM1', MessageStatus: 'delivered' })
    const url = `${product.url}/v1/webhooks/twilio/${endpoint}`
    const signed = createHmac('sha1', authToken).update(`${url}MessageSidSM1MessageStatusdelivered`).digest('base64')
    const asForm = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [
        {
          changes: [
            { value: { statuses: [{ id: 'wamid.1', status: 'delivered', timestamp: '1900000000', recipient_id: '966551234567' }] } },
          ],
        },
      ],
    })
    const ours = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
    assert.equal((await post('twilio', form.toString(), { ...asForm, 'x-twilio-signature': signed })).status, 200)
    assert.equal((await post('whatsapp', body, { 'x-hub-signature-256': ours })).status, 200)
    const forged = [
      await post('twilio', form.toString(), asForm),
      await post('twilio', form.toString().replace('delivered', 'failed'), { ...asForm, 'x-twilio-signature': signed }),
      await post('whatsapp', body),
      await post('whatsapp', body.replace('delivered', 'read'), { 'x-hub-signature-256': ours }),
      await post('taqnyat', '{}', {}, `${endpoint}-not`),
    ]
    assert.deepEqual(new Set(forged.map(({ status }) => status)), new Set([401]))
    const kept = await database.rows<{ provider: string; verified: string; providerMessageId: string }>(
      sql`select provider, verified, provider_message_id from delivery_report where provider in ('twilio', 'whatsapp') order by provider`,
    )
    assert.deepEqual(kept, [
      { provider: 'twilio', verified: 'signature', providerMessageId: 'SM1' },
      { provider: 'whatsapp', verified: 'signature', providerMessageId: 'wamid.1' },
    ])
    const hub = (token: string) =>
      fetch(`${product.url}/v1/webhooks/whatsapp/${endpoint}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`)
    assert.equal(await (await hub('verify-token-of-this-test')).text(), '1158201444')
    assert.equal((await hub('theirs')).status, 401)
  })
})

test('a business sees which of a day’s customers no message told of their time, and nobody else does', async (t) => {
  const { product, database, customer, operator, offer, book, fault, customers } = await openMessages(t)
  const owner = await signIn(product, '+966551110001')
  const me = (await owner<{ id: string }>('GET', '/v1/me')).body
  await database.run(
    sql`insert into role_grant (account_id, role, business_id) select ${me.id}, 'owner', id from business where slug = ${offer.slug}`,
  )
  const works = await signInAgain(product, '+966551110001')
  type Day = {
    day: string
    bookings: number
    items: { bookingId: string; phone: string; customerName: string; notifications: { status: string; delivery: string | null }[] }[]
  }
  const told = await book()
  await fault('refuse')
  const untold = await book()
  await fault(null)
  const reported = await book()
  const localDay = (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Riyadh').toPlainDate().toString()
  const day = '2030-05-06'
  // All on one day; what is asked is which of them were told.
  await database.run(
    sql`update booking set starts_at = '2030-05-06T09:00:00Z'::timestamptz + starts_at::time * 0.01, ends_at = '2030-05-06T10:00:00Z'::timestamptz + starts_at::time * 0.01 where id = any(${[told.id, untold.id, reported.id]}::uuid[])`,
  )
  await database.run(
    sql`update notification set delivery = 'undelivered', delivery_at = now() where about_id = ${reported.id} and kind = 'booking-confirmed'`,
  )
  const ask = (as: typeof owner, query = `?day=${day}`, slug = offer.slug) =>
    as<Day & Problem>('GET', `/v1/businesses/${slug}/unreached${query}`)

  const { status, body } = await ask(works)
  assert.equal(status, 200)
  assert.equal(body.bookings, 3)
  assert.deepEqual(new Set(body.items.map(({ bookingId }) => bookingId)), new Set([untold.id, reported.id]))
  assert.deepEqual(new Set(body.items.map(({ phone }) => phone)), new Set(['+966551234567']))
  assert.equal(body.items.find(({ bookingId }) => bookingId === untold.id)!.notifications.at(-1)!.status, 'FAILED')
  assert.equal(body.items.find(({ bookingId }) => bookingId === reported.id)!.notifications.at(-1)!.delivery, 'undelivered')

  // Told of it since, it is on the list no longer; moved, and not told of the new time, it is again.
  assert.equal((await operator('POST', `/v1/ops/notifications/${(await customers(untold.id))[0]!.id}/redrive`)).status, 200)
  assert.deepEqual(
    (await ask(works)).body.items.map(({ bookingId }) => bookingId),
    [reported.id],
  )
  await database.run(sql`update booking set version = version + 1 where id = ${told.id}`)
  assert.deepEqual(new Set((await ask(works)).body.items.map(({ bookingId }) => bookingId)), new Set([told.id, reported.id]))
  await database.run(sql`update booking set status = 'cancelled' where id = ${reported.id}`)
  assert.deepEqual(
    (await ask(works)).body.items.map(({ bookingId }) => bookingId),
    [told.id],
  )

  // Tomorrow, when no day is said; and only a day.
  assert.equal((await ask(works, '')).body.day, localDay(Temporal.Now.instant().add({ hours: 24 }).toString()))
  for (const query of ['?day=tomorrow', '?day=2030-02-30', '?date=2030-05-06']) assert.equal((await ask(works, query)).status, 400, query)
  const elsewhere = product.businesses.find((slug) => slug !== offer.slug)!
  assert.equal((await ask(works, '', elsewhere)).body.code, 'forbidden')
  assert.equal((await ask(works, '', 'no-such-business')).body.code, 'not_found')
  assert.equal((await ask(customer)).body.code, 'forbidden')
  assert.equal((await fetch(`${product.url}/v1/businesses/${offer.slug}/unreached`)).status, 401)
  const masked = (await ask(operator)).body.items[0]!.phone
  assert.match(masked, /•/)
  assert.doesNotMatch(masked, /551234/)
})

/** Roles are in the token: whoever was given one signs in once more. */
async function signInAgain(product: Product, phone: string) {
  await new Promise((done) => setTimeout(done, 1_100))
  return signIn(product, phone)
}
