import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { adminUrl, asAdmin, emptyDatabase } from '../../tests/support/postgres.ts'
import { checkDatabase, isEmbeddedDatabase, judge, UnfitDatabase } from './fitness.ts'

const complaint = (pattern: RegExp) => (error: unknown) => error instanceof UnfitDatabase && pattern.test(error.message)

test('a database of PostgreSQL 18 with a UTF-8 locale will do, and nothing is left behind in it', async (t) => {
  const { url } = await emptyDatabase(t)
  await checkDatabase(url)
  const { rows } = await asAdmin(url, (client) => client.query("select extname from pg_extension where extname <> 'plpgsql'"))
  assert.deepEqual(rows, [])
})

test('an address where nobody listens is said to be so', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  await assert.rejects(
    checkDatabase(`postgres://a:b@127.0.0.1:${port}/c`),
    complaint(new RegExp(`No PostgreSQL answers at 127\\.0\\.0\\.1:${port}.*ECONNREFUSED`)),
  )
})

test('a server that takes the connection and never speaks is given up', async (t) => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  await assert.rejects(checkDatabase(`postgres://a:b@127.0.0.1:${port}/c`), complaint(/No PostgreSQL answers .*timeout/))
})

test('something that is no address is said to be so', async () => {
  for (const text of ['localhost', 'mysql://localhost/x', 'postgres://'])
    await assert.rejects(checkDatabase(text), complaint(/must look like postgres:/))
})

test('a wrong password and a missing database are told apart, and the password is not repeated', async () => {
  const wrong = new URL(await adminUrl())
  wrong.password = 'not-the-password'
  await assert.rejects(
    checkDatabase(wrong.href),
    (error: Error) => /refuses the user thabit/.test(error.message) && !error.message.includes('not-the-password'),
  )
  const missing = new URL(await adminUrl())
  missing.pathname = '/nowhere'
  await assert.rejects(checkDatabase(missing.href), complaint(/has no database named nowhere/))
})

test('lc_ctype C is refused, because it finds no Arabic', async (t) => {
  const { url } = await emptyDatabase(t, "TEMPLATE template0 LOCALE_PROVIDER libc LC_CTYPE 'C' LC_COLLATE 'C'")
  await assert.rejects(checkDatabase(url), complaint(/lc_ctype C, with which search finds no Arabic words/))
})

test('a user who may not create the extensions is told which and by whom', async (t) => {
  const { url } = await emptyDatabase(t)
  const role = `guest_${process.pid}`
  await asAdmin(url, (client) => client.query(`create role ${role} login password 'guest'`))
  t.after(async () => {
    await asAdmin(await adminUrl(), (client) => client.query(`drop role if exists ${role}`))
  })
  const asGuest = new URL(url)
  asGuest.username = role
  asGuest.password = 'guest'
  await assert.rejects(checkDatabase(asGuest.href), complaint(new RegExp(`btree_gist is missing and the user ${role} may not create it`)))
  await asAdmin(url, (client) => client.query('create extension btree_gist; create extension pg_trgm'))
  await checkDatabase(asGuest.href)
})

test('what this machine cannot show is judged from its facts', () => {
  const fit = {
    version: 180_004,
    readOnly: false,
    encoding: 'UTF8',
    characterType: 'C.UTF-8',
    user: 'thabit',
    extensions: { btree_gist: 'usable', pg_trgm: 'usable' },
    searchesArabic: true,
  } as const
  assert.equal(judge(fit), undefined)
  assert.match(judge({ ...fit, version: 170_002 }) ?? '', /leads to PostgreSQL 17\.2; Thabit needs PostgreSQL 18/)
  assert.match(judge({ ...fit, readOnly: true }) ?? '', /read-only/)
  assert.match(judge({ ...fit, encoding: 'SQL_ASCII' }) ?? '', /encoded as SQL_ASCII/)
  assert.match(judge({ ...fit, extensions: { btree_gist: 'usable', pg_trgm: 'absent' } }) ?? '', /does not have the extension pg_trgm/)
})

test('the PostgreSQL that comes with the packages is recognised', async () => {
  assert.equal(await isEmbeddedDatabase(await adminUrl()), true)
})
