import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from '#database'
import {
  fails,
  down,
  hangs,
  openedNotifications,
  phone,
  playedVendor,
  timeoutMs,
  until,
} from '../../../tests/support/notifications-house.ts'

const email = 'noura@example.sa'
const permanent = fails({ outcome: 'refused', errorType: 'rejected', cause: 'permanent' })
const misconfigured = fails({ outcome: 'refused', errorType: 'rejected', cause: 'configuration' })
const busy = fails({ outcome: 'refused', errorType: 'http_429', cause: 'temporary' })
const lost = fails({ outcome: 'unknown', errorType: 'reset' })

async function opened(t: TestContext, delivery: 'inline' | 'queue' = 'inline', channels: string[] = ['sms'], failuresToOpen = 1_000) {
  const second = playedVendor('second')
  const mail = playedVendor('mail', 'email')
  const chat = playedVendor('chat', 'whatsapp')
  const house = await openedNotifications(t, delivery, failuresToOpen, { others: [second, mail, chat] })
  const { database, businessId, notifications } = house
  await database.run(sql`insert into messaging_choice (business_id, channels) values (${businessId}, ${channels})`)
  house.people.set(phone, { email, marketingConsent: false, signedInAt: null })
  /** By channel: the state, the class, and how each vendor asked ended. */
  const ends = async () => {
    await notifications.settled()
    const rows = await database.rows<{ channel: string; state: string; errorClass: string | null; asked: string[] }>(sql`
      select channel, state, error_class, array(select provider || ' ' || coalesce(error_class, result) from notification_attempt a where a.notification_id = n.id order by started_at, id) as asked
      from notification n order by created_at, id`)
    return rows.map(({ channel, state, errorClass, asked }) => [channel, state, errorClass, ...asked].filter(Boolean).join(' · '))
  }
  return { ...house, second, mail, chat, ends }
}

for (const delivery of ['inline', 'queue'] as const) {
  test(`${delivery}: what is nobody's fault, or our own settings', goes to the next vendor at once`, async (t) => {
    const { tell, vendor, ends, metrics } = await opened(t, delivery)
    for (const answer of [down, busy, misconfigured]) {
      vendor.answer = answer
      await tell([phone])
      await ends()
    }
    assert.deepEqual(await ends(), [
      'sms · SENT · vendor temporary · second ok',
      'sms · SENT · vendor temporary · second ok',
      'sms · SENT · vendor configuration · second ok',
    ])
    const attempts = (await metrics.notificationAttempts.get()).values
    assert.equal(
      attempts.filter(({ labels }) => labels.provider === 'vendor').reduce((sum, { value }) => sum + value, 0),
      3,
    )
  })

  test(`${delivery}: what may have been sent goes to nobody else, by no channel`, async (t) => {
    const { tell, vendor, ends, second, mail } = await opened(t, delivery, ['sms', 'email'])
    vendor.answer = lost
    await tell([phone])
    assert.deepEqual(await ends(), ['sms · FAILED · ambiguous · vendor ambiguous'])
    assert.deepEqual([second.sent, mail.sent], [[], []])
  })

  test(`${delivery}: what one vendor refuses for good no other is asked for; the next channel the person has an address on stands in`, async (t) => {
    const { tell, vendor, ends, second, mail, database } = await opened(t, delivery, ['sms', 'email'])
    vendor.answer = permanent
    await tell([phone])
    assert.deepEqual(await ends(), ['sms · FAILED · permanent · vendor permanent', 'email · SENT · mail ok'])
    assert.deepEqual([second.sent, mail.sent], [[], [email]])
    const linked = await database.row<{ count: number }>(
      sql`select count(*) as count from notification one join notification other on other.stands_in_for = one.id where one.channel = 'sms' and other.channel = 'email' and other.version = one.version`,
    )
    assert.equal(linked?.count, 1)
  })
}

test('a channel on which the person has no address is passed over, and without a next one the failure stands', async (t) => {
  const { tell, vendor, ends, chat, people } = await opened(t, 'inline', ['sms', 'email', 'whatsapp'])
  vendor.answer = permanent
  people.delete(phone)
  await tell([phone])
  assert.deepEqual(await ends(), ['sms · FAILED · permanent · vendor permanent', 'whatsapp · SENT · chat ok'])
  assert.deepEqual(chat.sent, [phone])
})

test('each channel stands in once and the last failure stands', async (t) => {
  const { tell, vendor, ends, chat, mail } = await opened(t, 'inline', ['sms', 'whatsapp', 'email'])
  for (const each of [vendor, chat, mail]) each.answer = permanent
  await tell([phone])
  assert.deepEqual(await ends(), [
    'sms · FAILED · permanent · vendor permanent',
    'whatsapp · FAILED · permanent · chat permanent',
    'email · FAILED · permanent · mail permanent',
  ])
})

test('a business whose first channel is another is told by it first, and by SMS after', async (t) => {
  const { tell, ends, mail, vendor } = await opened(t, 'inline', ['email', 'sms'])
  mail.answer = permanent
  await tell([phone])
  assert.deepEqual(await ends(), ['email · FAILED · permanent · mail permanent', 'sms · SENT · vendor ok'])
  assert.deepEqual([mail.sent, vendor.sent], [[email], [phone]])
})

test('the vendors of one business are asked in its own order, those of another in the house’s', async (t) => {
  const { tell, ends, database, businessId } = await opened(t)
  await database.run(sql`update messaging_choice set providers = '{second}' where business_id = ${businessId}`)
  const other = await database.row<{ id: string }>(
    sql`insert into business (slug, name_ar, name_en, currency) values ('other', 'أخرى', 'Other', 'SAR') returning id`,
  )
  await tell([phone])
  await tell([phone], { businessId: other!.id })
  assert.deepEqual(await ends(), ['sms · SENT · second ok', 'sms · SENT · vendor ok'])
})

test('queue: when all vendors of a channel are down, the next channel stands in after its second pause, not after hours', async (t) => {
  const { tell, vendor, second, ends, passTime, sweep, mail } = await opened(t, 'queue', ['sms', 'email'])
  vendor.answer = down
  second.answer = busy
  await tell([phone])
  const round = ' · vendor temporary · second temporary'
  assert.deepEqual(await ends(), [`sms · PENDING · temporary${round}`])
  await passTime()
  await sweep()
  assert.deepEqual(await ends(), [`sms · PENDING · temporary${round.repeat(2)}`])
  await passTime()
  await sweep()
  assert.deepEqual(await ends(), [`sms · FAILED · temporary${round.repeat(3)}`, 'email · SENT · mail ok'])
  assert.deepEqual(mail.sent, [email])
})

test('inline: however many vendors are asked, the committer waits one deadline', async (t) => {
  const { tell, vendor, second, ends } = await opened(t)
  vendor.answer = async (message, signal) => {
    await new Promise((resolve) => setTimeout(resolve, timeoutMs * 0.7))
    return down(message, signal)
  }
  second.answer = hangs
  const waitedMs = await tell([phone])
  assert.ok(waitedMs < timeoutMs * 1.5, `${waitedMs} ms`)
  assert.deepEqual(await ends(), ['sms · FAILED · ambiguous · vendor temporary · second ambiguous'])
})

test('queue: while every circuit is open nothing counts as a try, no attempts are written, and it goes out when a vendor is back', async (t) => {
  const { tell, vendor, second, database, passTime, sweep, ends } = await opened(t, 'queue', ['sms'], 1)
  vendor.answer = down
  second.answer = down
  await tell([phone])
  await ends()
  for (let waiting = 0; waiting < 8; waiting++) {
    await passTime()
    await sweep()
  }
  const row = await database.row<{ tries: number; state: string; attempts: number; seconds: number }>(
    sql`select tries, state, (select count(*) from notification_attempt) as attempts, extract(epoch from next_attempt_at - now())::float8 as seconds from notification`,
  )
  assert.deepEqual([row?.state, row?.tries, row?.attempts], ['PENDING', 1, 2])
  assert.ok(row!.seconds > 30 && row!.seconds <= 125, `${row!.seconds} s until the circuits may close`)
})

test('inline: an open circuit ends it at once, with the attempt that was not made on record', async (t) => {
  const { tell, vendor, second, ends } = await opened(t, 'inline', ['sms'], 1)
  vendor.answer = down
  second.answer = down
  await tell([phone])
  await tell([phone])
  assert.deepEqual((await ends())[1], 'sms · FAILED · temporary · second temporary')
})

test('queue: one slow vendor holds up neither the other channel nor the other vendor', async (t) => {
  const { tell, vendor, mail, database, businessId, rows, notifications } = await opened(t, 'queue')
  vendor.answer = hangs
  const numbers = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `+96655${prefix}${1_000 + index}`)
  await tell(numbers('123', 100))
  await database.run(sql`update messaging_choice set channels = '{email}' where business_id = ${businessId}`)
  const startedAtMs = performance.now()
  await tell([phone])
  await until(async () => mail.sent.length === 1)
  const waitedMs = performance.now() - startedAtMs
  assert.ok(
    (await rows()).some(({ status, channel }) => status === 'PENDING' && channel === 'sms'),
    'the slow ones are still under way',
  )
  assert.ok(waitedMs < timeoutMs * 4, `${waitedMs} ms`)
  await notifications.settled()
})
