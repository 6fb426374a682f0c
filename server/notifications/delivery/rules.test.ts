import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from '#database'
import { accepts, fails, openedNotifications, phone, playedVendor } from '../../../tests/support/notifications-house.ts'

const permanent = fails({ outcome: 'refused', errorType: 'rejected', cause: 'permanent' })
const wholeDay = { fromMinutes: 0, toMinutes: 24 * 60 }
const agrees = { email: null, marketingConsent: true, signedInAt: null }
const inADay = () => ({ kind: 'visit-again', notAfter: Temporal.Now.instant().add({ hours: 48 }) })

async function promoting(t: TestContext, promotionalHours = wholeDay, delivery: 'inline' | 'queue' = 'inline') {
  const advertiser = playedVendor('advertiser', 'sms', true)
  const house = await openedNotifications(t, delivery, 5, { others: [advertiser], settings: { promotionalHours } })
  house.people.set(phone, agrees)
  return { ...house, advertiser }
}

/** Hours that are over for today, or have not begun, wherever the test runs. */
function closedNow() {
  const { hour } = Temporal.Now.zonedDateTimeISO('Asia/Riyadh')
  const fromMinutes = hour < 12 ? 20 * 60 : 2 * 60
  return { fromMinutes, toMinutes: fromMinutes + 60 }
}

test('advertising goes to those who agreed, by a vendor that has a sender name for it', async (t) => {
  const { tell, row, vendor, advertiser } = await promoting(t)
  await tell([phone], inADay())
  assert.deepEqual([(await row()).status, vendor.sent, advertiser.sent], ['SENT', [], [phone]])
})

test('advertising without consent, or after it was taken back, is not sent; a service message is', async (t) => {
  const { tell, row, people, vendor, advertiser } = await promoting(t)
  for (const person of [undefined, { ...agrees, marketingConsent: false }]) {
    if (person) people.set(phone, person)
    else people.delete(phone)
    await tell([phone], inADay())
    assert.deepEqual([(await row()).status, (await row()).reason], ['SKIPPED', 'no_consent'])
  }
  assert.deepEqual([vendor.sent, advertiser.sent], [[], []])
  await tell([phone])
  assert.deepEqual(vendor.sent, [phone])
})

test('advertising is not sent under a sender name of service messages', async (t) => {
  const { tell, row, vendor, people } = await openedNotifications(t, 'inline', 5, { settings: { promotionalHours: wholeDay } })
  people.set(phone, agrees)
  await tell([phone], inADay())
  assert.deepEqual([(await row()).status, (await row()).reason, vendor.sent], ['SKIPPED', 'no_promotional_sender', []])
})

for (const delivery of ['inline', 'queue'] as const) {
  test(`${delivery}: outside its hours advertising waits for them, or is not sent when they come too late; a service message goes out`, async (t) => {
    const { tell, row, rows, database, notifications, advertiser, vendor } = await promoting(t, closedNow(), delivery)
    await tell([phone], inADay())
    await notifications.settled()
    const waiting = await row()
    assert.deepEqual([waiting.status, waiting.reason], ['PENDING', 'waiting: outside_hours'])
    const opens = await database.row<{ hour: number; tries: number }>(
      sql`select extract(hour from next_attempt_at at time zone 'Asia/Riyadh')::int as hour, tries from notification`,
    )
    assert.deepEqual(opens, { hour: closedNow().fromMinutes / 60, tries: 0 })

    await tell([phone], { ...inADay(), notAfter: Temporal.Now.instant().add({ minutes: 10 }) })
    await notifications.settled()
    assert.deepEqual([(await row()).status, (await row()).reason], ['SKIPPED', 'outside_hours'])
    assert.deepEqual(advertiser.sent, [])
    await tell([phone])
    await notifications.settled()
    assert.deepEqual([(await rows()).filter(({ status }) => status === 'SENT').length, vendor.sent], [1, [phone]])
  })
}

test('a number that three times in a row surely took nothing is left alone until somebody signs in with it', async (t) => {
  const { tell, row, vendor, people, database } = await openedNotifications(t, 'inline', 1_000)
  vendor.answer = permanent
  for (let time = 0; time < 3; time++) await tell([phone])
  assert.equal(vendor.sent.length, 3)
  vendor.answer = accepts
  await tell([phone])
  assert.deepEqual([(await row()).status, (await row()).reason, vendor.sent.length], ['SKIPPED', 'unreachable_number', 3])

  people.set(phone, { email: null, marketingConsent: false, signedInAt: Temporal.Now.instant().subtract({ hours: 1 }) })
  await tell([phone])
  assert.equal((await row()).status, 'SKIPPED', 'a sign-in before the failures says nothing')
  await tell(['+966551234568'])
  assert.equal((await row()).status, 'SENT', 'other numbers are told')

  people.set(phone, { email: null, marketingConsent: false, signedInAt: Temporal.Now.instant() })
  await tell([phone])
  assert.equal((await row()).status, 'SENT')
  // Once one went through it takes three again.
  vendor.answer = permanent
  await tell([phone])
  await tell([phone])
  vendor.answer = accepts
  await tell([phone])
  assert.equal((await row()).status, 'SENT')
  await database.run(sql`update notification set delivery = 'undelivered' where state = 'SENT' and recipient = ${phone}`)
  people.delete(phone)
  await tell([phone])
  assert.deepEqual([(await row()).status, (await row()).reason], ['SKIPPED', 'unreachable_number'], 'a report counts as much as a refusal')
})

test('failures that are ours or nobody’s leave no number alone', async (t) => {
  const { tell, row, vendor } = await openedNotifications(t, 'inline', 1_000)
  for (const facts of [
    { outcome: 'unreachable', errorType: 'connect' },
    { outcome: 'refused', errorType: 'rejected', cause: 'configuration' },
    { outcome: 'unknown', errorType: 'timeout' },
  ] as const) {
    vendor.answer = fails(facts)
    for (let time = 0; time < 3; time++) await tell([phone])
  }
  vendor.answer = accepts
  await tell([phone])
  assert.equal((await row()).status, 'SENT')
})

test('what waited in vain until its time was over has failed, and is not passed off as skipped', async (t) => {
  const { tell, row, vendor, database, passTime, sweep, notifications } = await openedNotifications(t, 'queue', 1)
  vendor.answer = fails({ outcome: 'unreachable', errorType: 'connect' })
  await tell([phone])
  await notifications.settled()
  await database.run(sql`update notification set not_after = now()`)
  await passTime()
  await sweep()
  assert.deepEqual([(await row()).status, (await row()).reason], ['FAILED', 'overdue'])
})
