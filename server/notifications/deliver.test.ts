import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { openDatabase, sql, transaction } from '#database'
import { CallFailure, createAbsorbed, createAttempt } from '#external-calls'
import { createLog, createMetrics, systemClock } from '#foundation'
import { testDatabase } from '../../tests/support/postgres.ts'
import { type NotificationProvider, openNotifications } from './index.ts'

const operatorId = randomUUID()
const timeoutMs = 400
type Answer = (message: { to: string; text: string }, signal: AbortSignal) => Promise<{ providerMessageId: string | null }>

const accepts: Answer = async () => ({ providerMessageId: 'v-1' })
const hangs: Answer = () => new Promise(() => {})
const fails =
  (facts: CallFailure['facts']): Answer =>
  async () => {
    throw new CallFailure(facts)
  }
const down = fails({ outcome: 'unreachable', errorType: 'connect' })

async function opened(t: TestContext, delivery: 'inline' | 'queue' = 'inline', failuresToOpen = 5) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 8, poolWaitMs: 2_000, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  const metrics = createMetrics()
  const vendor = { answer: accepts, sent: [] as string[] }
  const provider: NotificationProvider = {
    name: 'vendor',
    channel: 'sms',
    send(message, signal) {
      vendor.sent.push(message.to)
      return vendor.answer(message, signal)
    },
  }
  const notifications = openNotifications({
    database,
    log: createLog({ level: 'silent' }),
    metrics,
    attempt: createAttempt({ clock: systemClock, metrics, circuit: { failuresToOpen, openMs: 60_000 } }),
    provider,
    settings: { delivery, timeoutMs },
  })
  const holds = { reason: null as string | null }
  notifications.whenSending(async () => holds.reason)
  t.after(async () => {
    await notifications.settled()
    await database.close()
    await drop()
  })
  const business = await database.row<{ id: string }>(
    sql`insert into business (slug, name_ar, name_en, currency) values ('lamsa', 'لمسة', 'Lamsa', 'SAR') returning id`,
  )
  const absorbed = createAbsorbed(notifications.promised)
  const words = {
    reference: 'TH-7K3M-9QXP',
    businessName: { ar: 'لمسة', en: 'Lamsa' },
    serviceName: { ar: 'قص', en: 'Cut' },
    startsAt: '2030-01-01T10:00:00Z',
    zone: 'Asia/Riyadh',
  }
  /** Commits a change that promises one message to each; gives back how long the committer waited. */
  const tell = async (recipients: string[], change: { notAfter?: Temporal.Instant; data?: Record<string, unknown> } = {}) => {
    const startedAtMs = performance.now()
    await transaction(database, async (tx) => {
      for (const recipient of recipients) {
        await absorbed(tx, {
          businessId: business!.id,
          aboutId: randomUUID(),
          version: 1,
          kind: 'booking-confirmed',
          channel: 'sms',
          recipient,
          locale: 'ar',
          data: change.data ?? words,
          notAfter: change.notAfter ?? Temporal.Now.instant().add({ hours: 1 }),
        })
      }
    })
    return performance.now() - startedAtMs
  }
  const rows = () => notifications.list(database, { before: null, limit: 100 })
  const row = async () => (await rows())[0]!
  const sweep = async () => {
    let did = 0
    for (let now; (now = await notifications.sweeps[0]!.run()) > 0;) did += now
    return did
  }
  /** As if the process that delivers had died long ago, or as if the pause before the next attempt were over. */
  const passTime = () =>
    database.run(
      sql`update notification set next_attempt_at = next_attempt_at - interval '1 day', lease_until = lease_until - interval '1 day' where state = 'PENDING'`,
    )
  return { database, metrics, vendor, notifications, holds, tell, rows, row, sweep, passTime, absorbed }
}

const phone = '+966551234567'

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
  const { tell, rows, vendor } = await opened(t)
  vendor.answer = hangs
  const waitedMs = await tell(['+966551234561', '+966551234562', '+966551234563', '+966551234564', '+966551234565'])
  assert.ok(waitedMs >= timeoutMs * 0.9 && waitedMs <= timeoutMs + 100, `${waitedMs} ms`)
  assert.equal((await rows()).length, 5)
  for (const { status, reason } of await rows()) {
    assert.equal(status, 'FAILED')
    assert.match(reason!, /^unknown: timeout/)
  }
})

test('nothing a vendor or its adapter does is thrown at the caller, and inline the first failure is final', async (t) => {
  const { tell, rows, vendor, sweep, passTime } = await opened(t)
  const answers: [Answer, RegExp][] = [
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

test('queue: the committer waits for nothing, and a failure that may pass is tried again after 10 s, 1 m, 5 m, 30 m and 2 h, then ends', async (t) => {
  const { tell, row, vendor, sweep, passTime, database, notifications } = await opened(t, 'queue')
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
    assert.ok(Math.abs(pause!.seconds - seconds) < 5, `${pause!.seconds} s instead of ${seconds} s`)
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
  const { database, tell, vendor, notifications, passTime } = await opened(t, 'queue', 1_000)
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
  const attempts = await database.rows<{ count: number }>(sql`select count(*) as count from notification_attempt group by notification_id`)
  assert.deepEqual([attempts.length, [...new Set(attempts.map(({ count }) => count))]], [60, [2]])
  assert.deepEqual([vendor.sent.length, new Set(vendor.sent).size], [60, 60])
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

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 5_000; !(await holds());) {
    if (performance.now() > deadline) throw new Error('It did not come about in 5 s.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
