import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RunState } from '../../start/home.ts'
import { identityOf } from '../../start/processes.mjs'

type TestContext = { after: (run: () => Promise<void> | void) => void }

/** The product as `npm start` runs it, in a process of its own. */
export type Launch = {
  child: ChildProcess
  home: string
  /** All it printed so far, standard output and errors apart. */
  printed: () => { out: string; err: string }
  /** Its exit code; null when a signal ended it. */
  exit: Promise<number | null>
}

const entry = fileURLToPath(new URL('../../start/main.ts', import.meta.url))
const READY_LIMIT_MS = 40_000

/** A home of its own, open to pass through: under root, PostgreSQL is another user. What still runs in it is ended first. */
export function newHome(t: TestContext): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'thabit-home-')))
  chmodSync(home, 0o711)
  t.after(async () => {
    for (const pid of processesOf(home)) killIfThere(pid)
    await pause(50)
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  })
  return home
}

/** Starts it with nothing but these settings and free ports; in a process group of its own, as a terminal would. */
export function launch(home: string, env: Record<string, string> = {}, how: 'directly' | 'in a shell' = 'directly'): Launch {
  const { PATH = '' } = process.env
  // The second command keeps the shell from becoming the first.
  const [command, args] = how === 'directly' ? [process.execPath, [entry]] : ['/bin/sh', ['-c', `"${process.execPath}" "${entry}"; true`]]
  const child = spawn(command, args, {
    cwd: tmpdir(),
    detached: true,
    env: { PATH, THABIT_HOME: home, PORT: '0', SIMULATORS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()))
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, home, printed: () => ({ ...text }), exit }
}

/** Waits until it says where it is. */
export async function ready(launched: Launch): Promise<RunState> {
  const path = join(launched.home, 'run.json')
  const deadline = Date.now() + READY_LIMIT_MS
  let ended = false
  void launched.exit.then(() => (ended = true))
  while (Date.now() < deadline) {
    if (ended) throw new Error(`It ended instead of starting: ${launched.printed().err}${launched.printed().out}`)
    if (existsSync(path)) {
      const state = JSON.parse(readFileSync(path, 'utf8')) as RunState
      if (launched.printed().out.includes('Ctrl-C')) return state
    }
    await pause(30)
  }
  throw new Error(`It was not ready after ${READY_LIMIT_MS / 1000} s: ${launched.printed().err}`)
}

/** Ctrl-C in its terminal: the whole process group hears it. */
export function pressCtrlC(launched: Launch): void {
  if (launched.child.pid !== undefined) process.kill(-launched.child.pid, 'SIGINT')
}

export async function killNow(launched: Launch): Promise<void> {
  launched.child.kill('SIGKILL')
  await launched.exit
}

/** The embedded server's process, as PostgreSQL itself wrote it down. */
export function postmasterOf(home: string): number {
  return Number.parseInt(readFileSync(join(home, 'postgres', 'server', 'data', 'postmaster.pid'), 'utf8'), 10)
}

/** Every living process whose command line or environment names this home (Linux). */
export function processesOf(home: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && identityOf(Number(name)) !== undefined)
    .filter((pid) => ['cmdline', 'environ'].some((file) => readQuietly(`/proc/${pid}/${file}`).includes(home)))
    .map(Number)
}

/** Listens on a port so that nobody else can. */
export async function takePort(t: TestContext): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => void server.close())
  return (server.address() as AddressInfo).port
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
