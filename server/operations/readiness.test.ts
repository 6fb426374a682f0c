import assert from 'node:assert/strict'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { openDatabase, sql } from '#database'
import { testDatabase } from '../../tests/support/postgres.ts'
import { createReadiness } from './readiness.ts'

const settings = { poolSize: 2, poolWaitMs: 5_000, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 }

async function opened(t: TestContext) {
  const { url, drop } = await testDatabase()
  const database = openDatabase({ url, ...settings }, () => {})
  t.after(async () => {
    await database.close()
    await drop()
  })
  return database
}

test('a migrated database that answers is ready; one probe does for two seconds', async (t) => {
  const database = await opened(t)
  const readiness = createReadiness({ database })
  assert.equal(await readiness.unready(), null)
  await database.run(sql`delete from schema_migration where name like '0001%'`)
  assert.equal(await readiness.unready(), null)
  assert.equal(await createReadiness({ database }).unready(), 'migrations_missing')
})

test('a database with migrations of a newer version is ready: versions roll one after another', async (t) => {
  const database = await opened(t)
  await database.run(sql`insert into schema_migration (name, checksum) values ('9999_newer.sql', 'x')`)
  assert.equal(await createReadiness({ database }).unready(), null)
})

test('a server that is draining is not ready, whatever was found before', async (t) => {
  const readiness = createReadiness({ database: await opened(t) })
  assert.equal(await readiness.unready(), null)
  readiness.drain()
  assert.equal(await readiness.unready(), 'draining')
})

test('a database that takes the connection and says nothing is given half a second', async (t) => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const database = openDatabase(
    { url: `postgres://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/none`, ...settings },
    () => {},
  )
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    silent.close()
    await database.close()
  })
  const startedAtMs = performance.now()
  assert.equal(await createReadiness({ database }).unready(), 'database_unreachable')
  const tookMs = performance.now() - startedAtMs
  assert.ok(tookMs >= 450 && tookMs < 1_000, `${tookMs} ms`)
})
