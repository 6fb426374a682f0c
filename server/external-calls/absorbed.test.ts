import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { openDatabase, sql, transaction, type Transaction } from '#database'
import { testDatabase } from '../../tests/support/postgres.ts'
import { type AbsorbedCall, createAbsorbed } from './absorbed.ts'
import { claimAbsorbed } from './claim-absorbed.ts'

async function opened(t: TestContext) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 12, poolWaitMs: 2_000, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(async () => {
    await database.close()
    await drop()
  })
  const business = await database.row<{ id: string }>(
    sql`insert into business (slug, name_ar, name_en, currency) values ('lamsa', 'لمسة', 'Lamsa', 'SAR') returning id`,
  )
  const heard: string[] = []
  const absorbed = createAbsorbed((_tx, id) => void heard.push(id))
  const wish = (change: Partial<AbsorbedCall> = {}): AbsorbedCall => ({
    businessId: business!.id,
    aboutId: randomUUID(),
    version: 1,
    kind: 'booking-confirmed',
    channel: 'sms',
    recipient: '+966551234567',
    locale: 'ar',
    data: {},
    notAfter: Temporal.Now.instant().add({ hours: 1 }),
    ...change,
  })
  const promise = (call = wish(), also: (tx: Transaction) => Promise<void> = async () => {}) =>
    transaction(database, async (tx) => {
      await absorbed(tx, call)
      await also(tx)
    })
  const rows = async () => (await database.row<{ rows: number }>(sql`select count(*) as rows from notification`))!.rows
  return { database, heard, wish, promise, rows }
}

test('a promised call stands with its transaction', async (t) => {
  const { promise, rows, heard } = await opened(t)
  await promise()
  assert.equal(await rows(), 1)
  assert.equal(heard.length, 1)
})

test('a promised call falls with its transaction', async (t) => {
  const { promise, rows, wish } = await opened(t)
  await assert.rejects(
    promise(wish(), async () => Promise.reject(new Error('The booking did not stand.'))),
    /did not stand/,
  )
  assert.equal(await rows(), 0)
  await assert.rejects(promise(wish(), async (tx) => void (await tx.run(sql`select 1 / 0`))))
  assert.equal(await rows(), 0)
})

test('the same call promised twice is one row, heard of once', async (t) => {
  const { promise, rows, heard, wish } = await opened(t)
  const call = wish()
  for (let run = 0; run < 3; run++) await promise(call)
  await Promise.all(Array.from({ length: 5 }, () => promise(call)))
  assert.equal(await rows(), 1)
  assert.equal(heard.length, 1)
  for (const change of [{ version: 2 }, { kind: 'booking-cancelled' }, { recipient: '+966551234568' }, { channel: 'email' as const }])
    await promise({ ...call, ...change })
  assert.equal(await rows(), 5)
})

const anyDue = { limit: 50, dueForMs: 0 }

test('what one claimed nobody else does, however many ask at once', async (t) => {
  const { database, promise } = await opened(t)
  for (let made = 0; made < 20; made++) await promise()
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimAbsorbed(database, 60_000, { limit: 5, dueForMs: 0 })))
  const ids = claims.flat().map(({ id }) => id)
  assert.equal(ids.length, 20)
  assert.equal(new Set(ids).size, 20)
  assert.deepEqual(await claimAbsorbed(database, 60_000, anyDue), [])
})

test('a process that dies gives its calls back by the passing of time, its open attempt closed as unknown', async (t) => {
  const { database, promise } = await opened(t)
  await promise()
  const [first] = await claimAbsorbed(database, 60_000, anyDue)
  await database.run(sql`insert into notification_attempt (notification_id, provider) values (${first!.id}, 'vendor')`)
  assert.deepEqual(await claimAbsorbed(database, 60_000, anyDue), [])
  // The process is gone; its lease runs out.
  await database.run(sql`update notification set lease_until = now() - interval '1 millisecond'`)
  const [again] = await claimAbsorbed(database, 60_000, anyDue)
  assert.equal(again?.id, first?.id)
  assert.equal(again?.attempts, 2)
  assert.equal(again?.interruptions, 1)
  const attempt = await database.row<{ result: string; errorType: string; finishedAt: unknown }>(
    sql`select result, error_type, finished_at from notification_attempt`,
  )
  assert.deepEqual([attempt?.result, attempt?.errorType], ['unknown', 'interrupted'])
  assert.ok(attempt?.finishedAt)
})

test('what is not due, or ended, is left alone; what is overdue says so', async (t) => {
  const { database, promise, wish } = await opened(t)
  await promise(wish({ notAfter: Temporal.Now.instant().subtract({ seconds: 1 }) }))
  await promise(wish({ recipient: '+966551234568' }))
  await promise(wish({ recipient: '+966551234569' }))
  await database.run(sql`update notification set next_attempt_at = now() + interval '1 minute' where recipient = '+966551234568'`)
  await database.run(sql`update notification set state = 'SENT', ended_at = now() where recipient = '+966551234569'`)
  const claimed = await claimAbsorbed(database, 60_000, anyDue)
  assert.deepEqual(
    claimed.map(({ recipient, overdue }) => [recipient, overdue]),
    [['+966551234567', true]],
  )
})
