import { Gauge } from 'prom-client'
import type { Database } from '#database'
import type { Log, Metrics } from '#foundation'
import type { Sweep } from '#jobs'
import { countViolations, type InvariantName, invariants } from './queries.ts'

/** Asks every minute, in production too, whether the promises hold. A number above 0 is a fault of ours that a person must see. */
export function watchInvariants({ database, log, metrics }: { database: Database; log: Log; metrics: Metrics }): Sweep {
  const violations = new Gauge({
    name: 'invariant_violation',
    help: 'How many things in the database break a promise of the house, by promise; must be 0.',
    labelNames: ['name'],
    registers: [metrics.registry],
  })
  return {
    name: 'watch-invariants',
    everyMs: 60_000,
    async run() {
      // One after another: a watch must not take the connections of those it watches over.
      for (const name of Object.keys(invariants) as InvariantName[]) {
        const count = await countViolations(database, name)
        violations.set({ name }, count)
        if (count > 0) log.error({ event: 'invariant_violation', promise: name, count }, 'A promise of the house is broken.')
      }
      return 0
    },
  }
}
