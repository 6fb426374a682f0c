import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { asAdmin } from '../tests/support/postgres.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import type { EmbeddedPostgres } from './embedded-postgres.ts'
import { identityOf } from './processes.mjs'

const holder = fileURLToPath(new URL('../tests/support/hold-postgres.ts', import.meta.url))

/** A home that `nobody` may pass through: run as root, PostgreSQL is that user. */
function newHome(t: TestContext): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'thabit-start-')))
  chmodSync(home, 0o711)
  t.after(async () => {
    for (const stop of stops.get(home) ?? []) await stop()
    rmSync(home, { recursive: true, force: true })
  })
  return home
}

/** What runs in a home is stopped before the home is removed. */
const stops = new Map<string, (() => Promise<void>)[]>()

async function start(home: string, say?: (line: string) => void): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home, durable: false, ...(say === undefined ? {} : { say }) })
  stops.set(home, [...(stops.get(home) ?? []), server.stop])
  return server
}

type Held = { process: ChildProcess; pid: number; url: string }

async function hold(t: TestContext, home: string): Promise<Held> {
  const child = spawn(process.execPath, [holder, home], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => void child.kill('SIGKILL'))
  for await (const line of createInterface({ input: child.stdout }))
    return { process: child, ...(JSON.parse(line) as { pid: number; url: string }) }
  throw new Error('The process that was to hold PostgreSQL ended without a word.')
}

async function letGo(held: Held): Promise<void> {
  const exit = once(held.process, 'exit')
  held.process.stdin?.end()
  await exit
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

const write = (url: string): Promise<unknown> =>
  asAdmin(url, (client) => client.query('create table if not exists kept (n int); insert into kept values (1)'))
const countKept = (url: string): Promise<number> =>
  asAdmin(url, (client) => client.query<{ n: number }>('select count(*)::int as n from kept')).then(({ rows }) => rows[0]?.n ?? 0)

test('what was written is there after a stop and a start, and nothing runs in between', async (t) => {
  const home = newHome(t)
  const first = await start(home)
  await write(first.url)
  await first.stop()
  assert.equal(identityOf(first.pid), undefined)
  const second = await start(home)
  assert.equal(await countKept(second.url), 1)
})

test('it listens on this machine alone, by password, with an Arabic-proof locale, and is recognised', async (t) => {
  const home = newHome(t)
  const server = await start(home)
  const { rows } = await asAdmin(server.url, (client) =>
    client.query(`select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets, datctype as ctype,
                         pg_encoding_to_char(encoding) as encoding, current_setting('server_version_num')::int >= 180000 as new_enough
                  from pg_database where datname = current_database()`),
  )
  assert.deepEqual(rows, [
    {
      addresses: '127.0.0.1',
      sockets: '',
      ctype: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8',
      encoding: 'UTF8',
      new_enough: true,
    },
  ])
  const password = join(home, 'postgres', 'server', 'data', 'thabit.password')
  assert.equal(statSync(password).mode & 0o077, 0)
  const wrong = new URL(server.url)
  wrong.password = 'guess'
  await assert.rejects(
    asAdmin(wrong.href, (client) => client.query('select 1')),
    /password authentication failed/,
  )
})

test('of three first starts at once one makes the server, the others attach, and the last to leave ends it', async (t) => {
  const home = newHome(t)
  const held = await Promise.all([hold(t, home), hold(t, home), hold(t, home)])
  const [first, second, third] = held
  assert.equal(new Set(held.map(({ pid }) => pid)).size, 1)
  await letGo(second)
  await letGo(first)
  assert.notEqual(identityOf(third.pid), undefined)
  await letGo(third)
  assert.equal(identityOf(third.pid), undefined)
})

test('after kill -9 of who started it, the next start attaches and its stop ends it', async (t) => {
  const home = newHome(t)
  const lost = await hold(t, home)
  await write(lost.url)
  await killed(lost.process)
  const next = await start(home)
  assert.equal(next.pid, lost.pid)
  assert.equal(await countKept(next.url), 1)
  await next.stop()
  assert.equal(identityOf(lost.pid), undefined)
})

test('after kill -9 of the server, and of both, an instant start recovers the data', async (t) => {
  const home = newHome(t)
  for (const both of [false, true]) {
    const held = await hold(t, home)
    await write(held.url)
    process.kill(held.pid, 'SIGKILL')
    if (both) await killed(held.process)
    const next = await start(home)
    assert.notEqual(next.pid, held.pid)
    assert.equal(await countKept(next.url), both ? 2 : 1)
    if (!both) await killed(held.process)
    await next.stop()
    assert.equal(identityOf(next.pid), undefined)
  }
})

test('a first start that is killed while it makes the data folder leaves nothing that blocks the next', async (t) => {
  const home = newHome(t)
  const child = spawn(process.execPath, [holder, home], { stdio: ['pipe', 'ignore', 'inherit'] })
  const nest = join(home, 'postgres', 'server')
  // initdb has begun to write: the very moment in which its folder already looks like a database.
  const begun = (): boolean => existsSync(nest) && readdirSync(nest).some((name) => existsSync(join(nest, name, 'data', 'PG_VERSION')))
  for (const deadline = Date.now() + 20_000; !begun(); await pause(5)) assert.ok(Date.now() < deadline, 'initdb did not begin')
  await killed(child)
  assert.equal(existsSync(join(home, 'postgres', 'server', 'data')), false)
  const server = await start(home)
  await server.stop()
})

test('a pid file that names another living program does not stop it', async (t) => {
  const home = newHome(t)
  const first = await start(home)
  await first.stop()
  const data = join(home, 'postgres', 'server', 'data')
  writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`)
  const second = await start(home)
  assert.notEqual(second.pid, process.pid)
  await second.stop()
})

test('in a home closed to other users it works, under root too', async (t) => {
  const home = newHome(t)
  chmodSync(home, 0o700)
  const said: string[] = []
  const server = await start(home, (line) => said.push(line))
  await write(server.url)
  await server.stop()
  const elsewhere = /kept in (\S+),/.exec(said.join('\n'))?.[1]
  t.after(() => elsewhere !== undefined && rmSync(elsewhere, { recursive: true, force: true }))
  assert.equal(elsewhere !== undefined, process.getuid?.() === 0)
  const again = await start(home)
  assert.equal(await countKept(again.url), 1)
  await again.stop()
})
