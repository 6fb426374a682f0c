import { type Database, readMigrations } from '#database'
import { waitAtMost } from '#external-calls'
import { appliedMigrations } from './queries.ts'

export type Unready = 'draining' | 'database_unreachable' | 'migrations_missing'

const patienceMs = 500
const keptMs = 2_000

/** Why no request should be sent here; null when one may. The database is asked at most every two seconds, however many probe. */
export function createReadiness({ database }: { database: Database }): { unready(): Promise<Unready | null>; drain(): void } {
  let draining = false
  let asked: { atMs: number; answer: Promise<Unready | null> } | undefined

  async function ask(): Promise<Unready | null> {
    let unready: Unready | null = 'database_unreachable'
    const work = Promise.all([appliedMigrations(database), readMigrations()]).then(
      ([applied, expected]) => void (unready = expected.every(({ name }) => applied.has(name)) ? null : 'migrations_missing'),
      () => {},
    )
    await waitAtMost(patienceMs, work)
    return unready
  }

  return {
    drain: () => void (draining = true),
    async unready() {
      if (draining) return 'draining'
      if (!asked || performance.now() - asked.atMs > keptMs) asked = { atMs: performance.now(), answer: ask() }
      return asked.answer
    },
  }
}
