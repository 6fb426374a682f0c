import { type Database, readMigrations } from '#database'
import { waitAtMost } from '#external-calls'
import type { EventLoop } from './process-gauges.ts'
import { appliedMigrations } from './queries.ts'

export type Unready = 'draining' | 'database_unreachable' | 'migrations_missing' | 'event_loop_late'

const patienceMs = 500
const keptMs = 2_000
/** A database that did not answer just now answered within this long: one slow question is no reason to leave. */
const goodForMs = 5_000
/** Whoever was away answers this often in a row before being sent requests again. */
const timesToReturn = 2
/** A timer so late says that this process has too much to do; it comes back well below. */
const lateSeconds = { leave: 2, return: 0.5 }

export interface Readiness {
  unready(): Promise<Unready | null>
  /** Whether this process was ever able to work: its settings are right and its database has every migration. */
  started(): Promise<boolean>
  drain(): void
  draining(): boolean
}

/**
 * Why no request should be sent here; null when one may. The database is asked at most every two seconds, however many
 * probe. Vendors are never asked: they are the same for every server, and all would leave at once.
 */
export function createReadiness({
  database,
  loop,
  nowMs = () => performance.now(),
}: {
  database: Database
  loop?: EventLoop
  nowMs?: () => number
}): Readiness {
  let draining = false
  let asked: { atMs: number; answer: Promise<Unready | null> } | undefined
  let lastGoodMs = -Infinity
  let goodInARow = 0
  let away = false
  let late = false
  let everGood = false

  async function ask(): Promise<Unready | null> {
    let unready: Unready | null = 'database_unreachable'
    const work = Promise.all([appliedMigrations(database), readMigrations()]).then(
      ([applied, expected]) => void (unready = expected.every(({ name }) => applied.has(name)) ? null : 'migrations_missing'),
      () => {},
    )
    await waitAtMost(patienceMs, work)
    return steady(unready)
  }

  function steady(found: Unready | null): Unready | null {
    if (found !== null) {
      goodInARow = 0
      if (found === 'database_unreachable' && !away && nowMs() - lastGoodMs <= goodForMs) return null
      away = found === 'database_unreachable'
      return found
    }
    lastGoodMs = nowMs()
    goodInARow += 1
    if (away && goodInARow < timesToReturn) return 'database_unreachable'
    away = false
    everGood = true
    return null
  }

  function loopIsLate(): boolean {
    const delay = loop?.delayP99Seconds() ?? 0
    late = late ? delay > lateSeconds.return : delay > lateSeconds.leave
    return late
  }

  async function unready(): Promise<Unready | null> {
    if (draining) return 'draining'
    if (!asked || nowMs() - asked.atMs > keptMs) asked = { atMs: nowMs(), answer: ask() }
    const answer = await asked.answer
    return answer ?? (loopIsLate() ? 'event_loop_late' : null)
  }

  return {
    unready,
    started: async () => everGood || (await unready(), everGood),
    drain: () => void (draining = true),
    draining: () => draining,
  }
}
