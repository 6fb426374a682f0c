import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { identityOf, isAlive } from './processes.mjs'

/**
 * Takes the lock file if nobody living holds it. A holder that was killed does not block: its file names it.
 * Returns either the release or the pid of the holder (0 when it is just being taken).
 */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true })
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, identityOf(process.pid) ?? String(process.pid), { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = holderOf(path)
    if (holder === '' || isAlive(holder)) return { heldBy: Number.parseInt(holder, 10) || 0 }
    clearDead(path, holder)
  }
  return { heldBy: 0 }
}

/** Runs the action while holding the lock; waits for other holders up to waitMs. */
export async function withLock(path, waitMs, action) {
  const deadline = Date.now() + waitMs
  let taken = tryLock(path)
  while (!taken.release) {
    if (Date.now() > deadline) {
      throw new Error(`Process ${taken.heldBy} has held ${path} for more than ${Math.round(waitMs / 1000)} seconds.`)
    }
    await pause(40)
    taken = tryLock(path)
  }
  try {
    return await action()
  } finally {
    taken.release()
  }
}

function holderOf(path) {
  try {
    const holder = readFileSync(path, 'utf8')
    // Created but not written yet, unless it stays so: then its maker was killed in between.
    if (holder === '' && Date.now() - statSync(path).mtimeMs > 10_000) return '0@killed'
    return holder
  } catch {
    return '0@gone'
  }
}

// Two processes that both see a dead holder must not remove each other's new lock: only one at a time may clear.
function clearDead(path, holder) {
  const clearing = `${path}.clearing`
  try {
    mkdirSync(clearing)
  } catch {
    try {
      if (Date.now() - statSync(clearing).mtimeMs > 10_000) rmdirSync(clearing)
    } catch {
      // Another process finished clearing meanwhile.
    }
    return
  }
  try {
    if (holderOf(path) === holder) unlinkSync(path)
  } catch {
    // Already gone.
  } finally {
    rmdirSync(clearing)
  }
}
