import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asAdmin, emptyDatabase, testDatabase } from '../../tests/support/postgres.ts'
import { migrate, readMigrations } from './index.ts'

test('migrations have numbers in a row, and each is run once', async (t) => {
  const names = (await readMigrations()).map(({ name }) => name)
  assert.deepEqual(
    names.map((name) => Number(name.slice(0, 4))),
    names.map((_, index) => index + 1),
  )
  const { url } = await emptyDatabase(t)
  assert.deepEqual(await migrate(url), names)
  assert.deepEqual(await migrate(url), [])
})

test('three servers that start at once migrate once', async (t) => {
  const { url } = await emptyDatabase(t)
  const done = await Promise.all([migrate(url), migrate(url), migrate(url)])
  assert.deepEqual(
    done.map(({ length }) => length).filter((length) => length > 0),
    [(await readMigrations()).length],
  )
})

test('a migration that was changed after it was applied is refused by name', async (t) => {
  const { url } = await testDatabase(t)
  await asAdmin(url, (client) => client.query(`update schema_migration set checksum = 'other' where name like '0002%'`))
  await assert.rejects(migrate(url), /0002_idempotency_key\.sql was changed after it was applied/)
})

test('a migration that fails leaves nothing of itself and can be run when the cause is gone', async (t) => {
  const { url } = await emptyDatabase(t)
  await asAdmin(url, (client) => client.query('create table audit_entry (planted integer)'))
  await assert.rejects(migrate(url), /The migration 0004_audit_entry\.sql failed: .*already exists/)
  const applied = await asAdmin(url, (client) => client.query('select name from schema_migration order by name'))
  assert.equal(applied.rowCount, 3)
  await asAdmin(url, (client) => client.query('drop table audit_entry'))
  assert.equal((await migrate(url))[0], '0004_audit_entry.sql')
})
