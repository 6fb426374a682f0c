import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
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
export type EmbeddedPostgres = { url: string; readonly pid: number; stop: () => Promise<void>; letGo: () => void }

export type EmbeddedPostgresOptions = {
  home: string
  /** False gives up safety for speed: tests only. */
  durable?: boolean
  /** Hears where things are kept when that is not in the home. */
  say?: (line: string) => void
  /** When given, a server that ends by itself is started again on its port; this is told when it cannot be. */
  lost?: (sentence: string) => void
}

const DATABASE = 'thabit'
const LOCK_LIMIT_MS = 90_000
const WATCH_EVERY_MS = 300

/**
 * PostgreSQL 18 from the npm packages, for trying the product, for development and for tests; never for production.
 * Starts it on `home`, or attaches if it already runs there.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  mkdirSync(options.home, { recursive: true })
  const home = join(realpathSync(options.home), 'postgres')
  mkdirSync(join(home, 'users'), { recursive: true })
  const locked = <T>(action: () => Promise<T>): Promise<T> => withLock(join(home, 'lock'), LOCK_LIMIT_MS, action)
  const user = join(home, 'users', `${identityOf(process.pid) ?? process.pid}~${randomBytes(4).toString('hex')}`)

  const { url, ...found } = await locked(async () => {
    const answering = await answeringServer(home, options)
    writeFileSync(user, '')
    return answering
  })
  let server = found.server
  let left = false
  let starting = false
  const startAgain = async (): Promise<void> => {
    if (left || starting || identityOf(server.pid) !== undefined) return
    starting = true
    try {
      await locked(async () => {
        if (!left) server = (await attachOrStart(home, options, server.port)).server
      })
    } catch (error) {
      clearInterval(watch)
      options.lost?.(`The database ended and could not be started again. ${error instanceof Error ? error.message : ''}`)
    }
    starting = false
  }
  const watch = options.lost === undefined ? undefined : setInterval(() => void startAgain(), WATCH_EVERY_MS).unref()
  const leave = (): boolean => {
    if (left) return false
    left = true
    clearInterval(watch)
    return true
  }
  const stop = async (): Promise<void> => {
    if (!leave()) return
    await locked(async () => {
      rmSync(user, { force: true })
      if (!hasOtherUsers(home)) await stopPostmaster(server.pid)
    })
  }
  const letGo = (): void => {
    if (!leave()) return
    rmSync(user, { force: true })
    if (!hasOtherUsers(home) && identityOf(server.pid) !== undefined) process.kill(server.pid, 'SIGINT')
  }
  return {
    url,
    get pid() {
      return server.pid
    },
    stop,
    letGo,
  }
}

/** A server that is killed this very moment still looks alive; when it then does not answer, it is started anew. */
async function answeringServer(home: string, options: EmbeddedPostgresOptions): Promise<{ server: Postmaster; url: string }> {
  for (let attempt = 1; ; attempt++) {
    const { server, data } = await attachOrStart(home, options)
    try {
      await createDatabase(urlOf(server, data, 'postgres'))
      return { server, url: urlOf(server, data, DATABASE) }
    } catch (error) {
      if (attempt < 3 && (await hasEnded(server.pid))) continue
      if (!hasOtherUsers(home)) await stopPostmaster(server.pid)
      throw error
    }
  }
}

async function hasEnded(pid: number): Promise<boolean> {
  for (const deadline = Date.now() + 2_000; Date.now() < deadline; await pause(20)) {
    if (identityOf(pid) === undefined) return true
  }
  return false
}

function urlOf({ port }: Postmaster, data: string, database: string): string {
  return `postgres://${POSTGRES_USER}:${encodeURIComponent(passwordOf(data))}@127.0.0.1:${port}/${database}`
}

async function attachOrStart(home: string, options: EmbeddedPostgresOptions, port?: number): Promise<{ server: Postmaster; data: string }> {
  const { durable = true, say = () => {} } = options
  const runner = postgresRunner()
  const root = postgresDataRoot(home, homeId(home), runner, say)
  const area = join(root, 'server')
  mkdirSync(area, { recursive: true, mode: 0o700 })
  giveTo(runner, area)
  const running = await runningPostmaster(join(area, 'data'))
  if (running !== undefined) return { server: running, data: join(area, 'data') }
  const binaries = postgresBinaries({ home, runner, say })
  const data = await preparePostgresData({ root: area, binaries, runner, durable })
  return { server: await startPostmaster({ data, binaries, runner, durable, log: join(home, 'postgres.log') }, port), data }
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
  client.on('error', () => {})
  await client.connect()
  try {
    // Two first starts at once both ask; the lock ends with the connection.
    await client.query('SELECT pg_advisory_lock(1)')
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}
