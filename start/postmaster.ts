import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { turnLargeLog } from './files.ts'
import { freePort } from './ports.ts'
import type { Runner } from './postgres-binaries.ts'
import { postgresEnvironment } from './postgres-data.ts'
import { commandLineOf, identityOf, processesIn } from './processes.mjs'

/** A PostgreSQL server that accepts connections on 127.0.0.1. */
export type Postmaster = { pid: number; port: number }

export type PostmasterOptions = { data: string; binaries: string; runner: Runner; durable: boolean; log: string }

const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 6_000
const LEFTOVER_LIMIT_MS = 5_000
const LARGEST_LOG_BYTES = 5_000_000

/** The server that already runs on this data, once it is ready; undefined when there is none. Call under the lock. */
export async function runningPostmaster(data: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_LIMIT_MS
  while (Date.now() < deadline) {
    const found = readPidFile(data)
    if (found === undefined || !isPostmasterOf(data, found.pid)) return undefined
    if (found.status === 'ready') return { pid: found.pid, port: found.port }
    await pause(30)
  }
  throw new Error(`The PostgreSQL server of ${data} neither becomes ready nor stops.`)
}

/** Starts a server on the port, or on a free one. Call under the lock, after runningPostmaster found none. */
export async function startPostmaster(options: PostmasterOptions, port?: number): Promise<Postmaster> {
  await clearLeftovers(options.data)
  let reason = ''
  for (let attempt = 0; attempt < 6; attempt++) {
    const started = await tryStart(options, port ?? (await freePort(0)))
    if ('pid' in started) return started
    reason = started.reason
    // Another program took the port meanwhile, or processes of a killed server have not quite gone yet.
    if (!/could not bind|could not create any TCP|still in use|lock file/i.test(reason)) break
    await pause(300)
  }
  throw new Error(`PostgreSQL did not start: ${reason} (its log: ${options.log})`)
}

/** Ends the server in order: open connections are closed, everything is written. Returns when the process is gone. */
export async function stopPostmaster(pid: number): Promise<void> {
  const life = identityOf(pid)
  if (life === undefined) return
  const goneWithin = async (limitMs: number): Promise<boolean> => {
    const deadline = Date.now() + limitMs
    while (identityOf(pid) === life) {
      if (Date.now() > deadline) return false
      await pause(20)
    }
    return true
  }
  process.kill(pid, 'SIGINT')
  if (await goneWithin(STOP_LIMIT_MS)) return
  process.kill(pid, 'SIGQUIT')
  if (!(await goneWithin(1_500))) process.kill(pid, 'SIGKILL')
}

async function tryStart(options: PostmasterOptions, port: number): Promise<Postmaster | { reason: string }> {
  turnLargeLog(options.log, LARGEST_LOG_BYTES)
  const from = statSync(options.log, { throwIfNoEntry: false })?.size ?? 0
  const log = openSync(options.log, 'a', 0o600)
  // In a session of its own: Ctrl-C in the terminal must not reach it before we have stopped what uses it.
  const child = spawn(join(options.binaries, 'bin', 'postgres'), ['-D', options.data, ...settings(port, options.durable)], {
    cwd: '/',
    detached: true,
    env: postgresEnvironment(),
    stdio: ['ignore', log, log],
    ...options.runner,
  })
  closeSync(log)
  const end: { reason?: () => string } = {}
  child.once('error', (error) => (end.reason = () => error.message))
  child.once('exit', () => (end.reason = () => lastComplaint(options.log, from)))
  child.unref()
  const deadline = Date.now() + START_LIMIT_MS
  for (;;) {
    if (end.reason !== undefined) return { reason: end.reason() }
    const found = readPidFile(options.data)
    if (found !== undefined && found.pid === child.pid && found.status === 'ready') return { pid: found.pid, port: found.port }
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      return { reason: 'it was not ready after a minute' }
    }
    await pause(20)
  }
}

function settings(port: number, durable: boolean): string[] {
  const chosen = {
    port,
    cluster_name: 'thabit-embedded',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    min_wal_size: '32MB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/**
 * PostgreSQL itself copes with a pid file whose process is gone, but not with one whose number now belongs to a zombie
 * or another program. Processes of a killed server may still hold its memory for a moment; they end by themselves.
 */
async function clearLeftovers(data: string): Promise<void> {
  const deadline = Date.now() + LEFTOVER_LIMIT_MS
  while (processesIn(data).length > 0) {
    if (Date.now() > deadline) {
      for (const pid of processesIn(data)) process.kill(pid, 'SIGKILL')
    }
    await pause(30)
  }
  rmSync(join(data, 'postmaster.pid'), { force: true })
}

function isPostmasterOf(data: string, pid: number): boolean {
  if (identityOf(pid) === undefined) return false
  const command = commandLineOf(pid)
  return command === undefined || (command.includes(data) && /postgres(\.exe)?"? /.test(command))
}

/** The lines of postmaster.pid: pid, data folder, start time, port, socket folder, address, shared memory, status. */
function readPidFile(data: string): { pid: number; port: number; status: string } | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? 'starting' }
  } catch {
    return undefined
  }
}

function lastComplaint(log: string, from: number): string {
  const lines = readFileSync(log).subarray(from).toString().trim().split('\n')
  const line = lines.find((text) => /FATAL|ERROR|could not|error/.test(text)) ?? lines.at(-1) ?? ''
  return line.replace(/^.*?(FATAL|ERROR|LOG|WARNING): +/, '') || 'it ended at once without a word'
}
