import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql, transaction } from '#database'
import {
  accepts,
  down,
  fails,
  hangs,
  openedNotifications as opened,
  phone,
  timeoutMs,
  type VendorAnswer,
} from '../../../tests/support/notifications-house.ts'

test('inline, a message is sent after the commit and before the answer', async (t) => {
  const { tell, row, vendor } = await opened(t)
  await tell([phone])
  const told = await row()
  assert.deepEqual([told.status, told.reason, told.provider, told.recipient], ['SENT', null, 'vendor', '+9665••••4567'])
  assert.ok(told.sentAt)
  assert.deepEqual(
    told.attempts.map(({ result, errorType }) => [result, errorType]),
    [['ok', null]],
  )
  assert.deepEqual(vendor.sent, [phone])
})

test('a change that is undone tells nobody', async (t) => {
  const { database, absorbed, rows, vendor } = await opened(t)
  const business = await database.row<{ id: string }>(sql`select id from business`)
  const undone = transaction(database, async (tx) => {
    await absorbed(tx, {
      businessId: business!.id,
      aboutId: randomUUID(),
      version: 1,
      kind: 'booking-confirmed',
      channel: 'sms',
      recipient: phone,
      locale: 'ar',
      data: {},
      notAfter: Temporal.Now.instant().add({ hours: 1 }),
    })
    throw new Error('undone')
  })
  await assert.rejects(undone, /undone/)
  assert.deepEqual([vendor.sent, await rows()], [[], []])
})

test('a vendor that hangs delays five messages of one change by one deadline, and each row says why it failed', async (t) => {
  const { tell, rows, vendor, notifications } = await opened(t)
  vendor.answer = hangs
  const waitedMs = await tell(['+966551234561', '+966551234562', '+966551234563', '+966551234564', '+966551234565'])
  assert.ok(waitedMs >= timeoutMs * 0.9 && waitedMs <= timeoutMs + 100, `${waitedMs} ms`)
  await notifications.settled()
  assert.equal((await rows()).length, 5)
  for (const { status, reason } of await rows()) {
    assert.equal(status, 'FAILED')
    assert.match(reason!, /^unknown: timeout/)
  }
})

test('nothing a vendor or its adapter does is thrown at the caller, and inline the first failure is final', async (t) => {
  const { tell, rows, vendor, sweep, passTime } = await opened(t)
  const answers: [VendorAnswer, RegExp][] = [
    [down, /^unreachable: connect$/],
    [
      fails({
        outcome: 'refused',
        errorType: 'rejected',
        cause: 'permanent',
        providerCode: '421',
        detail: 'Number 966551234567 is blocked',
      }),
      /^refused: rejected · 421 · Number … is blocked$/,
    ],
    [fails({ outcome: 'refused', errorType: 'http_429', cause: 'temporary' }), /^refused: http_429$/],
    [
      async () => {
        throw new TypeError('the adapter broke')
      },
      /^unknown: fault/,
    ],
  ]
  for (const [answer] of answers) {
    vendor.answer = answer
    await tell([phone])
  }
  const failed = (await rows()).toReversed()
  for (const [index, [, reason]] of answers.entries()) {
    assert.equal(failed[index]!.status, 'FAILED')
    assert.match(failed[index]!.reason!, reason)
  }
  vendor.answer = accepts
  await passTime()
  assert.equal(await sweep(), 0)
})

test('what no longer holds, or comes too late, ends SKIPPED with its reason and reaches no vendor', async (t) => {
  const { tell, row, holds, vendor } = await opened(t)
  holds.reason = 'The booking is cancelled.'
  await tell([phone])
  assert.deepEqual([(await row()).status, (await row()).reason], ['SKIPPED', 'The booking is cancelled.'])
  holds.reason = null
  await tell([phone], { notAfter: Temporal.Now.instant().subtract({ seconds: 1 }) })
  assert.deepEqual([(await row()).status, (await row()).reason], ['SKIPPED', 'overdue'])
  assert.deepEqual(vendor.sent, [])
})

test('a message that cannot be written fails, loudly and alone', async (t) => {
  const { tell, rows, metrics } = await opened(t)
  await tell([phone], { data: { broken: true } })
  await tell(['+966551234568'])
  assert.deepEqual(
    (await rows()).map(({ status }) => status),
    ['SENT', 'FAILED'],
  )
  const ended = await metrics.notificationsEnded.get()
  assert.equal(ended.values.find(({ labels }) => labels.state === 'FAILED')?.value, 1)
})

test('when the database is away after the commit, the committer is not told and the message waits', async (t) => {
  const { database, tell, rows, sweep, passTime, vendor } = await opened(t)
  vendor.answer = async () => {
    await database.run(sql`alter table notification rename to notification_away`)
    return { providerMessageId: null }
  }
  await tell([phone])
  await database.run(sql`alter table notification_away rename to notification`)
  assert.equal((await rows())[0]!.status, 'PENDING')
  vendor.answer = accepts
  await passTime()
  assert.equal(await sweep(), 1)
  assert.equal((await rows())[0]!.status, 'SENT')
})
