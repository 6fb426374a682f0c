import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sql, transaction } from '../../server/database/index.ts'
import type { Payments } from '../../server/payments/index.ts'
import { type PaymentsHouse, startPaymentsHouse } from '../support/payments-house.ts'
import { weakenedDatabase } from '../support/weakened-database.ts'

const ways = ['webhook', 'return', 'sweep', 'operator'] as const

async function paidPages(house: PaymentsHouse, count: number) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const ask = house.ask()
      const { id, redirectUrl } = await house.payments.start(ask)
      const { paymentId } = await house.play(redirectUrl)
      return { ask, id, chargeId: paymentId }
    }),
  )
}

/** Twenty at once settle each payment, every way there is; how many payments were told of more than once. */
async function settleTwentyTimes(house: PaymentsHouse, payments: Payments, pages: Awaited<ReturnType<typeof paidPages>>) {
  let refused = 0
  for (const { id } of pages)
    await Promise.all(Array.from({ length: 20 }, (_, at) => payments.settle(id, ways[at % ways.length]!).catch(() => (refused += 1))))
  return { settled: pages.length * 20, refused, toldMoreThanOnce: pages.filter(({ ask }) => house.told.get(ask.payableId) !== 1).length }
}

test('twenty at once settle a payment, and what it pays for is told once', async (t) => {
  const house = await startPaymentsHouse(t, { timeoutMs: 5_000, poolSize: 30 })
  const slowly = {
    payable: (real: Parameters<NonNullable<Parameters<PaymentsHouse['with']>[0]['payable']>>[0]) => ({
      ...real,
      paid: async (...args: Parameters<typeof real.paid>) => {
        const decided = await real.paid(...args)
        await sleep(5)
        return decided
      },
    }),
  }
  const guarded = await settleTwentyTimes(house, house.with(slowly), await paidPages(house, 10))
  t.diagnostic(`with locks and guarded steps: ${JSON.stringify(guarded)}`)
  assert.deepEqual([guarded.refused, guarded.toldMoreThanOnce], [0, 0])

  // Without the row's lock, and a payable that locks nothing.
  const weak = weakenedDatabase(house.database, (statement) => statement.replace(/ for update$/, ''))
  const unlocked = house.with({ database: weak, payable: (real) => ({ ...slowly.payable(real), lock: async () => {} }) })
  const unguarded = await settleTwentyTimes(house, unlocked, await paidPages(house, 10))
  t.diagnostic(`without the locks: ${JSON.stringify(unguarded)}`)
  assert.ok(weak.weakenedStatements() > 0)
  assert.ok(unguarded.toldMoreThanOnce + unguarded.refused > 0, 'without locks the same crowd collides')
})

async function pagesOfTwentyTabs(house: PaymentsHouse): Promise<number> {
  const ask = house.ask()
  const views = await Promise.all(Array.from({ length: 20 }, (_, tab) => house.payments.start({ ...ask, clientKey: `tab ${tab}` })))
  return new Set(views.map(({ redirectUrl }) => redirectUrl)).size
}

test('twenty tabs with a key each open one page at the gateway', async (t) => {
  const house = await startPaymentsHouse(t, { timeoutMs: 5_000, poolSize: 30 })
  const guarded = await pagesOfTwentyTabs(house)
  await house.database.run(sql`drop index payment_one_open`)
  const unguarded = await pagesOfTwentyTabs(house)
  t.diagnostic(`pages with the index: ${guarded}, without it: ${unguarded}`)
  assert.equal(guarded, 1)
  assert.ok(unguarded > 1, 'without the index every tab could be paid')
})

/** Money goes back in two parts of which the first one's answer is lost; how much the gateway returned in all. */
async function returnHalf(house: PaymentsHouse, payments: Payments, database: Database): Promise<number> {
  const [page] = await paidPages(house, 1)
  assert.ok(page)
  await payments.settle(page.id, 'webhook')
  await transaction(database, (tx) =>
    payments.refundPaid(tx, page.ask.payableId, { amountMinor: 5_000, currency: 'SAR' }, 'cancelled_by_customer'),
  )
  await house.fault({ operation: 'refund', fault: 'after-work', times: 1 })
  for (let turn = 0; turn < 3; turn++) {
    await database.run(
      sql`update refund set next_try_at = now(), updated_at = updated_at - interval '31 seconds' where next_try_at is not null`,
    )
    await payments.sweeps.find(({ name }) => name === 'send-refunds')?.run()
  }
  return (await house.gateway<{ refunded: number }>('GET', `/payments/${page.chargeId}`)).refunded
}

test('a refund whose answer was lost is looked for before it is sent again', async (t) => {
  const house = await startPaymentsHouse(t)
  const guarded = await returnHalf(house, house.payments, house.database)
  const blind = house.with({
    gateway: (real) => ({
      ...real,
      fetchCharge: async (...args) => ({ ...(await real.fetchCharge(...args)), refundedMinor: 0, status: 'paid' }),
    }),
  })
  const unguarded = await returnHalf(house, blind, house.database)
  t.diagnostic(`of 5000 owed, returned with the look: ${guarded}, without it: ${unguarded}`)
  assert.equal(guarded, 5_000)
  assert.ok(unguarded > 5_000, 'without the look the same money goes back twice')
})
