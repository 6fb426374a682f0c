import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Database, openDatabase, sql } from '#database'
import { testDatabase } from '../../tests/support/postgres.ts'
import { signIn } from '../../tests/support/api.ts'
import { startProduct } from '../../tests/support/product.ts'
import { movableClock } from '../../tests/support/movable-clock.ts'
import { createReadiness } from './readiness.ts'

const settings = { poolSize: 2, poolWaitMs: 300, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 }

/** A database that can go away and come back. */
async function doored(t: TestContext) {
  const { url, drop } = await testDatabase()
  const database = openDatabase({ url, ...settings }, () => {})
  t.after(async () => {
    await database.close()
    await drop()
  })
  const door = { open: true }
  const rows: Database['rows'] = (statement) => (door.open ? database.rows(statement) : Promise.reject(new Error('It is away.')))
  return { database: { ...database, rows }, shut: () => void (door.open = false), openAgain: () => void (door.open = true) }
}

test('one slow question is no reason to leave; five seconds without an answer are, and two good ones in a row bring it back', async (t) => {
  const { database, shut, openAgain } = await doored(t)
  let atMs = 0
  const readiness = createReadiness({ database, nowMs: () => atMs })
  const later = (ms: number) => {
    atMs += ms
    return readiness.unready()
  }
  assert.equal(await later(0), null)
  shut()
  assert.equal(await later(2_100), null, 'it answered two seconds ago')
  assert.equal(await later(2_100), null)
  assert.equal(await later(2_100), 'database_unreachable')
  openAgain()
  assert.equal(await later(2_100), 'database_unreachable', 'once is not enough')
  assert.equal(await later(2_100), null)
})

test('timers that fire seconds late take a server out until they are well in time again', async (t) => {
  const { url, drop } = await testDatabase()
  const database = openDatabase({ url, ...settings }, () => {})
  t.after(async () => {
    await database.close()
    await drop()
  })
  const loop = { delay: 0, delayP99Seconds: () => loop.delay, stop() {} }
  const readiness = createReadiness({ database, loop })
  const unready = (delay: number) => {
    loop.delay = delay
    return readiness.unready()
  }
  assert.deepEqual(
    [await unready(1.9), await unready(2.1), await unready(1), await unready(0.6), await unready(0.4), await unready(1)],
    [null, 'event_loop_late', 'event_loop_late', 'event_loop_late', null, null],
  )
})

test('alive, started and ready are three questions; the status is for the operator alone and names nobody', async (t) => {
  const clock = movableClock()
  const product = await startProduct(t, { clock, env: { CANARY_RECIPIENT: 'sms:+966500000008' } })
  const ask = async (path: string) => {
    const answer = await fetch(product.url + path)
    return { status: answer.status, body: (await answer.json()) as { status?: string; code?: string; worker?: string } }
  }
  assert.deepEqual((await ask('/livez')).body, { status: 'alive' })
  assert.deepEqual((await ask('/startupz')).body, { status: 'started' })
  assert.deepEqual((await ask('/readyz')).body, { status: 'ready' })
  assert.equal((await ask('/statusz')).status, 401)
  const customer = await signIn(product, '+966551234567')
  assert.equal((await customer('GET', '/statusz')).status, 403)
  const operator = await signIn(product, product.superuserPhone)
  const { status, body } = await operator<Record<string, unknown>>('GET', '/statusz')
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['now', 'build', 'ready', 'database', 'circuits', 'oldestAgeSeconds', 'sweeps', 'canaries', 'alerts'])
  assert.deepEqual([body['ready'], (body['database'] as { up: boolean }).up], ['ready', true])
  assert.deepEqual(
    (body['circuits'] as { provider: string }[]).some(({ provider }) => provider === 'unifonic'),
    true,
  )
  assert.doesNotMatch(JSON.stringify(body), /9665|[0-9a-f]{8}-[0-9a-f]{4}-/)

  // A sweep that hangs: first noticed, then hopeless.
  product.house.metrics.sweepsDue.set({ worker: 'stuck' }, Date.now() / 1_000 - 299)
  assert.equal((await ask('/livez')).status, 200)
  product.house.metrics.sweepsDue.set({ worker: 'stuck' }, Date.now() / 1_000 - 301)
  const stuck = await ask('/livez')
  assert.deepEqual([stuck.status, stuck.body.code, stuck.body.worker], [503, 'not_alive', 'stuck'])
})

test('a server on a database without every migration has not begun, though it lives', async (t) => {
  const { url, drop } = await testDatabase()
  const database = openDatabase({ url, ...settings }, () => {})
  t.after(async () => {
    await database.close()
    await drop()
  })
  await database.run(sql`delete from schema_migration where name like '0010%'`)
  let atMs = 0
  const readiness = createReadiness({ database, nowMs: () => atMs })
  assert.equal(await readiness.started(), false)
  await database.run(sql`insert into schema_migration (name, checksum) values ('0010_operations.sql', 'x')`)
  atMs += 3_000
  assert.equal(await readiness.started(), true)
  await database.run(sql`delete from schema_migration where name like '0010%'`)
  atMs += 3_000
  assert.equal(await readiness.unready(), 'migrations_missing')
  assert.equal(await readiness.started(), true, 'what began stays begun')
})
