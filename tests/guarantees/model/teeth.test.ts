import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BookingNeeds } from '../../../server/bookings/needs.ts'
import { sql } from '../../../server/database/index.ts'
import { CallFailure } from '../../../server/external-calls/index.ts'
import type { GatewayPage, PaymentGateway } from '../../../server/payments/index.ts'
import { weakenedDatabase } from '../../support/weakened-database.ts'
import type { Planted } from './house.ts'
import { type Lane, openLane } from './lane.ts'
import { newTally, walk } from './walk.ts'

/** A fault of ours that the same walk must find. */
interface Fault {
  what: string
  planted: Planted
  /** What is taken from the database itself. */
  before?: (lane: Lane) => Promise<unknown>
}

const weaken = (rewrite: (statement: string) => string): Planted => ({ database: (real) => weakenedDatabase(real, rewrite) })
const inNeeds = (change: (needs: BookingNeeds) => Partial<BookingNeeds>): Planted => ({ needs: (real) => ({ ...real, ...change(real) }) })
const pages = (bend: (page: GatewayPage) => GatewayPage): Planted => ({
  gateway: (real) => ({
    ...real,
    fetchPage: async (...ask: Parameters<PaymentGateway['fetchPage']>) => bend(await real.fetchPage(...ask)),
  }),
})
const roughly = ({ amountMinor, currency }: GatewayPage['amount']) => ({ amountMinor: amountMinor - (amountMinor % 1_000), currency })

const faults: Fault[] = [
  {
    what: 'two may have one time',
    before: ({ database }) => database.run(sql`alter table claim drop constraint claim_no_overlap`),
    planted: weaken((statement) => statement.replace('on conflict on constraint claim_no_overlap do nothing', '')),
  },
  {
    what: 'a used key makes a second booking',
    planted: weaken((statement) => statement.replace(/b\.client_key = (\$\d+)/, 'b.client_key = $1 and false')),
  },
  {
    what: 'holds are freed without asking whether they were paid',
    planted: inNeeds(({ payments }) => ({ payments: { ...payments, settleOpen: async () => 'none_open' } })),
  },
  {
    what: 'holds that ran out stay in the way',
    planted: inNeeds(({ availability }) => ({ availability: { ...availability, lapsedHolders: async () => [] } })),
  },
  {
    what: 'a cancelled booking keeps its time',
    planted: inNeeds(({ availability }) => ({ availability: { ...availability, release: async () => 1 } })),
  },
  { what: 'a promised message is not written down', planted: inNeeds(() => ({ absorbed: async () => {} })) },
  {
    what: 'no answer is taken for a refusal',
    planted: {
      call: (real) => (name, run) =>
        real(name, run).catch((error: unknown) => {
          throw error instanceof CallFailure && error.facts.outcome === 'unknown'
            ? new CallFailure({ ...error.facts, outcome: 'refused', cause: 'permanent' })
            : error
        }),
    },
  },
  {
    what: 'a card that its bank still asks counts as paid',
    planted: pages((page) => ({
      ...page,
      charges: page.charges.map((charge) => (charge.status === 'pending' ? { ...charge, status: 'paid' } : charge)),
    })),
  },
  {
    what: 'an amount that is nearly right will do',
    planted: pages((page) => ({
      ...page,
      amount: roughly(page.amount),
      charges: page.charges.map((charge) => ({ ...charge, amount: roughly(charge.amount) })),
    })),
  },
  {
    what: 'money is sent back without looking whether it went',
    planted: {
      gateway: (real) => ({
        ...real,
        fetchCharge: async (...ask: Parameters<PaymentGateway['fetchCharge']>) => ({
          ...(await real.fetchCharge(...ask)),
          refundedMinor: 0,
          status: 'paid',
        }),
      }),
    },
  },
  {
    what: 'a charge is voided of which only a part goes back',
    planted: { gateway: (real) => ({ ...real, refund: (id, _part, signal) => real.voidCharge(id, signal) }) },
  },
]

const mostRuns = 120

test('the walk finds it when', { concurrency: 4, timeout: 300_000 }, async (t) => {
  const found = faults.map(({ what, planted, before }) =>
    t.test(what, async (t) => {
      const lane = await openLane(t)
      await before?.(lane)
      const tally = newTally()
      const failure = await walk(lane, { seed: 9, runs: mostRuns, tally, planted, mayShrink: false })
      assert.ok(failure, `${tally.commands} commands met nothing`)
      t.diagnostic(`${what}: found after ${tally.commands} commands`)
    }),
  )
  await Promise.all(found)
})
