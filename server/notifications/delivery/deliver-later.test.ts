import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#database'
import {
  accepts,
  down,
  fails,
  hangs,
  openedNotifications as opened,
  phone,
  timeoutMs,
  until,
} from '../../../tests/support/notifications-house.ts'

for (const delivery of ['inline', 'queue'] as const) {
  test(`${delivery}: what a process died with, before or during its attempt, is taken up again when its lease ran out`, async (t) => {
    const { database, tell, rows, sweep, passTime, vendor } = await opened(t, delivery)
    await tell([phone, '+966551234568'])
    await until(async () => (await rows()).every(({ status }) => status === 'SENT'))
    vendor.sent = []
    // One died before its attempt was written, one after.
    await database.run(sql`update notification set state = 'PENDING', ended_at = null, lease_until = now() + interval '20 seconds'`)
    await database.run(
      sql`delete from notification_attempt where notification_id in (select id from notification where recipient = ${phone})`,
    )
    await database.run(sql`update notification_attempt set finished_at = null, result = null`)

    assert.equal(await sweep(), 0, 'while the lease lasts nobody else delivers')
    await passTime()
    assert.equal(await sweep(), 2)
    assert.deepEqual(vendor.sent.toSorted(), [phone, '+966551234568'])
    const during = (await rows()).find(({ recipient }) => recipient.endsWith('4568'))!
    assert.deepEqual(
      during.attempts.map(({ result, errorType }) => [result, errorType]),
      [
        ['unknown', 'interrupted'],
        ['ok', null],
      ],
    )
  })
}

test('queue: the committer waits for nothing, and a failure that may pass is tried again after 10 s, 1 m, 5 m, 30 m and 2 h, then ends', async (t) => {
  const { tell, row, vendor, sweep, passTime, database, notifications } = await opened(t, 'queue', 1_000)
  vendor.answer = down
  assert.ok((await tell([phone])) < timeoutMs)
  for (const seconds of [10, 60, 300, 1800, 7200]) {
    await until(async () => {
      await sweep()
      return (await row()).reason !== null
    })
    await notifications.settled()
    assert.equal((await row()).status, 'PENDING')
    const pause = await database.row<{ seconds: number }>(
      sql`select extract(epoch from next_attempt_at - now())::float8 as seconds from notification`,
    )
    assert.ok(pause!.seconds > seconds - 5 && pause!.seconds < seconds * 1.1 + 5, `${pause!.seconds} s instead of ${seconds} s`)
    assert.equal(await sweep(), 0)
    await database.run(sql`update notification set reason = null`)
    await passTime()
  }
  await sweep()
  assert.deepEqual([(await row()).status, (await row()).attempts.length], ['FAILED', 6])
})

test('queue: what may have been sent is not sent again', async (t) => {
  const { tell, row, vendor, notifications } = await opened(t, 'queue')
  vendor.answer = fails({ outcome: 'unknown', errorType: 'reset' })
  await tell([phone])
  await notifications.settled()
  assert.deepEqual([(await row()).status, vendor.sent.length], ['FAILED', 1])
})

test('queue: one poisoned message holds up nobody', async (t) => {
  const { tell, rows, vendor, sweep, notifications } = await opened(t, 'queue')
  vendor.answer = (message, signal) => (message.to === phone ? hangs(message, signal) : accepts(message, signal))
  await tell([phone, ...Array.from({ length: 15 }, (_, index) => `+9665512346${10 + index}`)])
  await notifications.settled()
  await sweep()
  assert.deepEqual([...new Set((await rows()).map(({ status }) => status))].toSorted(), ['FAILED', 'SENT'])
  assert.equal((await rows()).filter(({ status }) => status === 'SENT').length, 15)
})

test('many workers at once send each message once', async (t) => {
  const { database, tell, vendor, notifications, passTime, sweep, rows } = await opened(t, 'queue', 1_000)
  vendor.answer = down
  await tell(Array.from({ length: 60 }, (_, index) => `+9665512346${10 + index}`))
  await notifications.settled()
  vendor.answer = accepts
  vendor.sent = []
  await passTime()
  const workers = Array.from({ length: 6 }, async () => {
    while ((await notifications.sweeps[0]!.run()) > 0);
  })
  await Promise.all(workers)
  // Some found the bulkhead full and were put off for a moment.
  await until(async () => {
    await passTime()
    await sweep()
    return (await rows()).every(({ status }) => status === 'SENT')
  })
  await notifications.settled()
  const taken = await database.rows<{ count: number }>(
    sql`select count(*) filter (where result = 'ok') as count from notification_attempt group by notification_id`,
  )
  assert.deepEqual([taken.length, [...new Set(taken.map(({ count }) => count))]], [60, [1]])
  assert.deepEqual([vendor.sent.length, new Set(vendor.sent).size], [60, 60])
})
