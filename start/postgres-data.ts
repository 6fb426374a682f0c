import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runner } from './postgres-binaries.ts'

/** The superuser of the embedded server; its password is random and lies beside the data. */
export const POSTGRES_USER = 'thabit'

const PASSWORD_FILE = 'thabit.password'

/** PostgreSQL's message for a locale the machine does not have. */
const NO_SUCH_LOCALE = /invalid locale/i

/**
 * Makes the data folder if it is not there. It is prepared under another name and renamed when whole: initdb writes
 * PG_VERSION first, so a killed one leaves something that looks like a database and never starts.
 */
export async function preparePostgresData(options: { root: string; binaries: string; runner: Runner; durable: boolean }): Promise<string> {
  const { root, runner } = options
  const data = join(root, 'data')
  clearAbandoned(root)
  if (existsSync(data)) return data
  const nest = join(root, `new.${randomBytes(4).toString('hex')}`)
  mkdirSync(nest, { mode: 0o700 })
  giveTo(runner, nest)
  const password = randomBytes(24).toString('base64url')
  const passwordFile = join(nest, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  giveTo(runner, passwordFile)

  const fresh = join(nest, 'data')
  await initdb({ ...options, fresh, passwordFile })
  renameSync(passwordFile, join(fresh, PASSWORD_FILE))
  renameSync(fresh, data)
  rmSync(nest, { recursive: true, force: true })
  return data
}

/**
 * The caller holds the lock, so what lies here is from a start that was killed. Its initdb may still be writing, and
 * spoil the removal; the next start finds the rest.
 */
function clearAbandoned(root: string): void {
  for (const name of readdirSync(root)) {
    if (!name.startsWith('new.')) continue
    try {
      rmSync(join(root, name), { recursive: true, force: true })
    } catch {
      continue
    }
  }
}

/** The password travels inside the data folder, so the two can never be from different databases. */
export function passwordOf(data: string): string {
  return readFileSync(join(data, PASSWORD_FILE), 'utf8')
}

type Init = { binaries: string; runner: Runner; durable: boolean; fresh: string; passwordFile: string }

async function initdb(init: Init): Promise<void> {
  // With lc_ctype C, pg_trgm finds no letters in Arabic words and search silently finds nothing.
  const locales = process.platform === 'darwin' ? ['en_US.UTF-8', 'C.UTF-8'] : ['C.UTF-8', 'en_US.UTF-8']
  let output = ''
  for (const locale of locales) {
    const result = await runInitdb(init, locale)
    if (result.code === 0) return
    output = result.output
    if (!NO_SUCH_LOCALE.test(output)) break
    for (const name of readdirSync(init.fresh)) rmSync(join(init.fresh, name), { recursive: true, force: true })
  }
  throw new Error(`PostgreSQL could not make its data folder: ${lastLine(output)}`)
}

function runInitdb(init: Init, locale: string): Promise<{ code: number; output: string }> {
  const args = [
    `--pgdata=${init.fresh}`,
    `--username=${POSTGRES_USER}`,
    `--pwfile=${init.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--lc-ctype=${locale}`,
    `--lc-collate=${locale}`,
    '--lc-messages=C',
    '--set=timezone=UTC',
    '--set=log_timezone=UTC',
    '--no-instructions',
    ...(init.durable ? [] : ['--no-sync']),
  ]
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(join(init.binaries, 'bin', 'initdb'), args, {
      cwd: '/',
      env: postgresEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...init.runner,
    })
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** PostgreSQL reads many variables (PGDATA, PGPORT, LC_ALL …); the ones of whoever starts us must not reach it. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    ...(TEMP === undefined ? {} : { TEMP }),
  }
}

/** Hands a file or folder to the user PostgreSQL runs as. */
export function giveTo(runner: Runner, path: string): void {
  if (runner !== undefined) chownSync(path, runner.uid, runner.gid)
}

function lastLine(output: string): string {
  return (
    output
      .trim()
      .split('\n')
      .findLast((line) => /error|fatal|could not/i.test(line)) ?? output.trim().slice(-300)
  )
}
