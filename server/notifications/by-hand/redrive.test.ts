import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '#database'
import { accepts, down, fails, openedNotifications as opened, phone } from '../../../tests/support/notifications-house.ts'

const operatorId = randomUUID()

test('a message during which the process died three times is not tried a fourth', async (t) => {
  const { database, tell, row, sweep, passTime, vendor, notifications } = await opened(t)
  await tell([phone])
  const { id } = await row()
  await database.run(sql`update notification set state = 'PENDING', ended_at = null, lease_until = now()`)
  await database.run(sql`update notification_attempt set finished_at = null, result = null`)
  for (let more = 0; more < 2; more++)
    await database.run(sql`insert into notification_attempt (notification_id, provider) values (${id}, 'vendor')`)
  vendor.sent = []
  await passTime()
  await sweep()
  assert.equal((await row()).status, 'FAILED')
  assert.match((await row()).reason!, /interrupted/)
  assert.deepEqual(vendor.sent, [])
  assert.equal((await notifications.redrive(id, operatorId)).status, 'SENT', 'a person may still ask for it')
})

test('a person sends a failed message again, once, with an entry in the audit, even while the circuit is open', async (t) => {
  const { database, tell, row, rows, vendor, notifications, holds } = await opened(t)
  vendor.answer = down
  for (let time = 0; time < 6; time++) await tell([phone])
  assert.match((await row()).reason!, /circuit_open/)
  const { id } = await row()

  assert.equal((await notifications.redrive(id, operatorId)).status, 'FAILED')
  vendor.answer = accepts
  vendor.sent = []
  const both = await Promise.allSettled([notifications.redrive(id, operatorId), notifications.redrive(id, operatorId)])
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  assert.equal((await row()).status, 'SENT')
  assert.deepEqual(vendor.sent, [phone])
  const entries = await database.rows<{ action: string; actorId: string }>(
    sql`select action, actor_id from audit_entry where subject_id = ${id}`,
  )
  assert.deepEqual(entries, [
    { action: 'notification.redriven', actorId: operatorId },
    { action: 'notification.redriven', actorId: operatorId },
  ])

  await assert.rejects(notifications.redrive(id, operatorId), { code: 'notification_not_failed' })
  await assert.rejects(notifications.redrive(randomUUID(), operatorId), { code: 'not_found' })
  holds.reason = 'The booking is cancelled.'
  const another = (await rows()).find(({ status }) => status === 'FAILED')!
  assert.equal((await notifications.redrive(another.id, operatorId)).status, 'SKIPPED', 'the booking is read again')
})

test('the list is newest first, filtered, and bounded; a customer sees why in a word', async (t) => {
  const { database, tell, vendor, notifications } = await opened(t)
  await tell([phone])
  vendor.answer = fails({ outcome: 'refused', errorType: 'rejected', cause: 'permanent', detail: 'our balance is gone' })
  await tell(['+966551234568'])
  const list = (filter: object) => notifications.list(database, { before: null, limit: 10, ...filter })
  const [failed, sent] = await list({})
  assert.deepEqual([failed!.status, sent!.status], ['FAILED', 'SENT'])
  assert.deepEqual(
    (await list({ status: 'FAILED' })).map(({ id }) => id),
    [failed!.id],
  )
  assert.deepEqual(
    (await list({ before: failed! })).map(({ id }) => id),
    [sent!.id],
  )
  assert.equal((await list({ provider: 'vendor', channel: 'sms' })).length, 2)
  assert.equal((await list({ provider: 'nobody' })).length, 0)
  assert.equal((await list({ from: failed!.createdAt })).length, 1)
  assert.equal((await list({ to: failed!.createdAt })).length, 1)
  assert.equal((await list({ limit: 1 })).length, 1)

  const told = await notifications.listFor(database, [failed!.aboutId, sent!.aboutId])
  assert.deepEqual(
    told.get(failed!.aboutId)!.map(({ status, reason }) => [status, reason]),
    [['FAILED', 'refused: rejected']],
  )
  assert.deepEqual(
    (await notifications.counts(database)).find(({ channel }) => channel === 'sms'),
    { channel: 'sms', oldestPendingAgeSeconds: 0, unresolvedFailed: 1 },
  )
})
