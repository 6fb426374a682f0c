import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readIfThere, turnLargeLog } from './files.ts'

/** The played vendors, in a process of their own: what fails there must not shake the server. */
export type Simulators = { url: string; smtpUrl: string; stop: () => Promise<void> }

const READY_LIMIT_MS = 20_000
const STOP_LIMIT_MS = 2_000
const LARGEST_LOG_BYTES = 5_000_000

const entry = fileURLToPath(new URL('../simulators/main.ts', import.meta.url))

/** Starts the simulators. Should they end by themselves they are started once more on the same port, then `lost` is told. */
export async function startSimulators(options: { home: string; port: number; lost: (sentence: string) => void }): Promise<Simulators> {
  const log = join(options.home, 'simulators.log')
  let stopping = false
  let current = await launch(options.home, { port: options.port, smtpPort: 0 }, log)
  const { url, smtpUrl } = current
  const ports = { port: Number(new URL(url).port), smtpPort: Number(new URL(smtpUrl).port) }

  const again = async (): Promise<void> => {
    if (stopping) return
    try {
      current = await launch(options.home, ports, log)
    } catch {
      return options.lost(`The simulators ended and could not be started again; their last words are in ${log}.`)
    }
    if (stopping) return end(current.child)
    current.child.once('exit', () => {
      if (!stopping) options.lost(`The simulators ended by themselves twice; their last words are in ${log}.`)
    })
  }
  current.child.once('exit', () => void again())

  return {
    url,
    smtpUrl,
    stop: () => {
      stopping = true
      return end(current.child)
    },
  }
}

function launch(
  home: string,
  { port, smtpPort }: { port: number; smtpPort: number },
  log: string,
): Promise<{ child: ChildProcess; url: string; smtpUrl: string }> {
  const state = join(home, 'simulators')
  mkdirSync(state, { recursive: true })
  turnLargeLog(log, LARGEST_LOG_BYTES)
  const output = openSync(log, 'a', 0o600)
  // In a process group of its own: Ctrl-C reaches us first, and the server still has its vendors while it finishes.
  const child = fork(entry, [], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, SIMULATORS_PORT: String(port), SIMULATORS_SMTP_PORT: String(smtpPort), SIMULATORS_HOME: state },
  })
  closeSync(output)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`The simulators were not ready after ${READY_LIMIT_MS / 1000} seconds; see ${log}.`))
    }, READY_LIMIT_MS)
    child.once('error', reject)
    child.once('exit', () => {
      clearTimeout(timer)
      reject(new Error(`The simulators ended while starting: ${lastLine(log)} (${log})`))
    })
    child.once('message', (message: { url: string; smtpUrl: string }) => {
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve({ child, ...message })
    })
  })
}

/** They end by themselves when the channel to us closes, also when we are killed. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    if (child.connected) child.disconnect()
  })
}

function lastLine(log: string): string {
  const lines = (readIfThere(log) ?? '').trim().split('\n')
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? ''
}
