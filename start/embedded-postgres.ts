import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { withLock } from './lock.mjs'
import { postgresBinaries, postgresDataRoot, postgresRunner } from './postgres-binaries.ts'
import { giveTo, passwordOf, POSTGRES_USER, preparePostgresData } from './postgres-data.ts'
import { runningPostmaster, startPostmaster, stopPostmaster } from './postmaster.ts'
import type { Postmaster } from './postmaster.ts'
import { identityOf, isAlive } from './processes.mjs'

/**
 * A running server of our own. `stop` ends it unless another living process still uses it; `letGo` asks the same
 * without waiting, for a process that is already on its way out.
 */
export type EmbeddedPostgres = { url: string; pid: number; stop: () => Promise<void>; letGo: () => void }

const DATABASE = 'thabit'
const LOCK_LIMIT_MS = 90_000

/**
 * PostgreSQL 18 from the npm packages, for trying the product, for development and for tests; never for production.
 * Starts it on `home`, or attaches if it already runs there. `durable: false` gives up safety for speed (tests only).
 */
export async function startEmbeddedPostgres(options: {
  home: string
  durable?: boolean
  say?: (line: string) => void
}): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => {})
  mkdirSync(options.home, { recursive: true })
  const home = join(realpathSync(options.home), 'postgres')
  mkdirSync(join(home, 'users'), { recursive: true })
  const lock = join(home, 'lock')

  return withLock(lock, LOCK_LIMIT_MS, async () => {
    const { server, data } = await attachOrStart(home, options.durable ?? true, say)
    const user = join(home, 'users', `${identityOf(process.pid) ?? process.pid}~${randomBytes(4).toString('hex')}`)
    writeFileSync(user, '')
    let left = false
    const stop = async (): Promise<void> => {
      if (left) return
      left = true
      await withLock(lock, LOCK_LIMIT_MS, async () => {
        rmSync(user, { force: true })
        if (!hasOtherUsers(home)) await stopPostmaster(server.pid)
      })
    }
    const letGo = (): void => {
      if (left) return
      left = true
      rmSync(user, { force: true })
      if (!hasOtherUsers(home) && identityOf(server.pid) !== undefined) process.kill(server.pid, 'SIGINT')
    }
    try {
      const url = (database: string): string =>
        `postgres://${POSTGRES_USER}:${encodeURIComponent(passwordOf(data))}@127.0.0.1:${server.port}/${database}`
      await createDatabase(url('postgres'))
      return { url: url(DATABASE), pid: server.pid, stop, letGo }
    } catch (error) {
      rmSync(user, { force: true })
      if (!hasOtherUsers(home)) await stopPostmaster(server.pid)
      throw error
    }
  })
}

async function attachOrStart(home: string, durable: boolean, say: (line: string) => void): Promise<{ server: Postmaster; data: string }> {
  const runner = postgresRunner()
  const root = postgresDataRoot(home, homeId(home), runner, say)
  const area = join(root, 'server')
  mkdirSync(area, { recursive: true, mode: 0o700 })
  giveTo(runner, area)
  const running = await runningPostmaster(join(area, 'data'))
  if (running !== undefined) return { server: running, data: join(area, 'data') }
  const binaries = postgresBinaries(home, runner, say)
  const data = await preparePostgresData({ root: area, binaries, runner, durable })
  return { server: await startPostmaster({ data, binaries, runner, durable, log: join(home, 'postgres.log') }), data }
}

/** A random name given to the home when it is made, so that a deleted and re-made home is not the same one. */
function homeId(home: string): string {
  const path = join(home, 'id')
  try {
    return readFileSync(path, 'utf8')
  } catch {
    const id = randomBytes(8).toString('hex')
    writeFileSync(path, id, { mode: 0o600 })
    return id
  }
}

/** A process that was killed left its mark behind; it no longer counts. */
function hasOtherUsers(home: string): boolean {
  const folder = join(home, 'users')
  const [living, dead] = [[] as string[], [] as string[]]
  for (const name of readdirSync(folder)) (isAlive(name.split('~')[0] ?? '') ? living : dead).push(name)
  for (const name of dead) rmSync(join(folder, name), { force: true })
  return living.length > 0
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}
