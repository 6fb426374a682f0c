import { chmodSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readIfThere, writeWhole } from './files.ts'
import { tryLock } from './lock.mjs'
import { CannotStart } from './until-stopped.ts'

/** What others read to find the running product: tests, scripts, the people who try it. */
export type RunState = { url: string; simulatorsUrl: string; pid: number; businesses: string[]; superuserPhone: string }

/** The folder that holds the database and everything else of one running product. */
export function openHome(wanted: string | undefined): string {
  const home = wanted?.trim() ? resolve(wanted.trim()) : fileURLToPath(new URL('../.thabit', import.meta.url))
  try {
    mkdirSync(home, { recursive: true })
    return realpathSync(home)
  } catch (error) {
    throw new CannotStart([
      `The folder ${home} cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); set THABIT_HOME to one that can.`,
    ])
  }
}

/** One product a home: a second start says where the first is. Returns how to leave. */
export function enterHome(home: string): () => void {
  const taken = tryLock(join(home, 'lock'))
  if (taken.release === undefined) {
    const where = readRunState(home)?.url
    throw new CannotStart([
      `Thabit already runs in ${home}${where === undefined ? '' : ` at ${where}`} (process ${taken.heldBy}); stop it there, or set THABIT_HOME to another folder.`,
    ])
  }
  // Left behind by a start that was killed; until we are ready nobody should find it.
  rmSync(runStatePath(home), { force: true })
  return taken.release
}

export function writeRunState(home: string, state: RunState): void {
  writeWhole(runStatePath(home), `${JSON.stringify(state, null, 2)}\n`)
  chmodSync(runStatePath(home), 0o644)
}

export function removeRunState(home: string): void {
  rmSync(runStatePath(home), { force: true })
}

function readRunState(home: string): RunState | undefined {
  const text = readIfThere(runStatePath(home))
  return text === undefined ? undefined : (JSON.parse(text) as RunState)
}

function runStatePath(home: string): string {
  return join(home, 'run.json')
}
