import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#database'
import { accepts, fails, down, openedNotifications, phone, playedVendor, until } from '../../../tests/support/notifications-house.ts'

const numbers = (count: number, prefix = '123') => Array.from({ length: count }, (_, index) => `+96655${prefix}${1_000 + index}`)

test('businesses with hundreds of messages do not keep another’s single one waiting', async (t) => {
  const { tell, vendor, database, passTime, sweep } = await openedNotifications(t, 'queue', 1_000, {
    settings: { ratePerSecond: 10_000 },
  })
  const others = await database.rows<{ id: string }>(
    sql`insert into business (slug, name_ar, name_en, currency) select 'other-' || nth, 'أخرى', 'Other', 'SAR' from generate_series(1, 3) nth returning id`,
  )
  vendor.answer = down
  await tell(numbers(130))
  for (const [nth, { id }] of others.slice(1).entries()) await tell(numbers(135, `${nth + 4}23`), { businessId: id })
  await tell([phone], { businessId: others[0]!.id })
  await until(
    async () => (await database.row<{ count: number }>(sql`select count(*) as count from notification where tries = 0`))?.count === 0,
  )
  // All are due again, the single one last of all.
  await passTime()
  await database.run(sql`update notification set next_attempt_at = now() - interval '1 second' where recipient = ${phone}`)
  vendor.answer = accepts
  vendor.sent = []
  await sweep()
  const place = vendor.sent.indexOf(phone)
  assert.equal(vendor.sent.length, 401)
  assert.ok(place >= 0 && place < 40, `It was number ${place + 1} of 401.`)
})

test('a vendor that comes back after an hour is fed at its pace, and nobody else waits for that', async (t) => {
  const mail = playedVendor('mail', 'email')
  const { tell, vendor, database, passTime, notifications, businessId, people } = await openedNotifications(t, 'queue', 1_000, {
    others: [mail],
    settings: { ratePerSecond: 20 },
  })
  await database.run(sql`insert into messaging_choice (business_id) values (${businessId})`)
  const startedAtMs = performance.now()
  await tell(numbers(200))
  await notifications.settled()
  const allowed = 20 + (20 * (performance.now() - startedAtMs)) / 1_000
  assert.ok(vendor.sent.length <= allowed + 1, `${vendor.sent.length} and not ${allowed}`)
  const spread = await database.row<{ count: number; tries: number; seconds: number }>(
    sql`select count(*) as count, sum(tries)::int as tries, extract(epoch from max(next_attempt_at) - now())::float8 as seconds from notification where state = 'PENDING'`,
  )
  assert.deepEqual([spread?.count, spread?.tries], [200 - vendor.sent.length, 0])
  // 20 a second need as many seconds as there are twenties; some have passed by now.
  assert.ok(spread!.seconds > 3 && spread!.seconds < 12, `${spread!.seconds} s for the last`)

  await database.run(sql`update messaging_choice set channels = '{email}'`)
  people.set(phone, { email: 'noura@example.sa', marketingConsent: false, signedInAt: null })
  await tell([phone])
  await until(async () => mail.sent.length === 1)
  await passTime()
})

test('rows that an inline process left, and rows a queue had put off, are taken up after the mode was changed', async (t) => {
  const { tell, vendor, rows, notifications, database, passTime } = await openedNotifications(t, 'queue', 1_000)
  vendor.answer = down
  await tell(numbers(3))
  await notifications.settled()
  assert.deepEqual(
    (await rows()).map(({ status }) => status),
    ['PENDING', 'PENDING', 'PENDING'],
  )
  // The same rows, seen by a house that was started inline: one is delivered, one still refused, and none is left.
  const inline = await openedNotifications(t, 'inline', 1_000)
  const moved = await database.rows<{ recipient: string; aboutId: string; data: Record<string, unknown> }>(
    sql`select recipient, about_id, data from notification order by recipient`,
  )
  for (const { recipient, aboutId, data } of moved)
    await inline.database.run(
      sql`insert into notification (business_id, about_id, kind, version, channel, recipient, phone, locale, data, not_after, tries, attempts, reason, error_class)
      values (${inline.businessId}, ${aboutId}, 'booking-confirmed', 1, 'sms', ${recipient}, ${recipient}, 'ar', ${data}, now() + interval '1 hour', 1, 1, 'unreachable: connect', 'temporary')`,
    )
  inline.vendor.answer = (message, signal) =>
    message.to.endsWith('1002')
      ? fails({ outcome: 'refused', errorType: 'http_429', cause: 'temporary' })(message, signal)
      : accepts(message, signal)
  await inline.passTime()
  await inline.sweep()
  assert.deepEqual((await inline.rows()).map(({ status }) => status).toSorted(), ['FAILED', 'SENT', 'SENT'])
  await passTime()
})

test('inline: a backlog that meets an open circuit waits for it, since nobody waits for the backlog', async (t) => {
  const { tell, vendor, database, passTime, sweep, rows } = await openedNotifications(t, 'inline', 1)
  await tell(numbers(5))
  await database.run(sql`update notification set state = 'PENDING', ended_at = null`)
  vendor.answer = down
  await tell([phone])
  await passTime()
  await sweep()
  const states = (await rows()).map(({ status }) => status).toSorted()
  assert.deepEqual(states, ['FAILED', 'PENDING', 'PENDING', 'PENDING', 'PENDING', 'PENDING'])
})

test('what a process died with is back within a minute, whatever the longest deadline', async (t) => {
  const { tell, vendor, database, notifications } = await openedNotifications(t, 'queue')
  const answer = Promise.withResolvers<{ providerMessageId: string | null }>()
  vendor.answer = () => answer.promise
  await tell([phone])
  await until(async () => vendor.sent.length === 1)
  const lease = await database.row<{ seconds: number }>(
    sql`select extract(epoch from lease_until - now())::float8 as seconds from notification`,
  )
  // The longest deadline a setting allows adds 37.5 s to what this one's adds.
  assert.ok(lease!.seconds + 37.5 < 60, `${lease!.seconds} s`)
  answer.resolve({ providerMessageId: null })
  await notifications.settled()
})
