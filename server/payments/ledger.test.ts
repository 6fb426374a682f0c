import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { array, assert as assertProperty, asyncProperty, boolean, double, integer, record } from 'fast-check'
import { sql, transaction } from '#database'
import { type PaymentsHouse, startPaymentsHouse } from '../../tests/support/payments-house.ts'
import { postCharge, postRefund, postWriteOff } from './ledger.ts'

const books = () => ({ businessId: '', payableId: randomUUID(), paymentId: randomUUID() })

async function balances(house: PaymentsHouse, payableId: string): Promise<Record<string, number>> {
  const { balances } = await house.payments.ledgerOf(house.database, payableId)
  return Object.fromEntries(balances.map(({ account, balanceMinor }) => [account, balanceMinor]))
}

test('whatever is posted, and however often, all accounts together stand at nothing and the order at what came less what went back', async (t) => {
  const house = await startPaymentsHouse(t)
  const { businessId } = house.ask()
  const charge = record({
    amountMinor: integer({ min: 1, max: 10_000_000 }),
    feeMinor: integer({ min: 0, max: 1_000 }),
    twice: boolean(),
  })
  const part = record({ share: double({ min: 0, max: 1, noNaN: true }), twice: boolean() })
  const writeOff = integer({ min: -1_000, max: 1_000 })
  await assertProperty(
    asyncProperty(array(charge, { minLength: 1, maxLength: 4 }), array(part, { maxLength: 4 }), writeOff, async (charges, parts, minor) => {
      const mine = { ...books(), businessId }
      let [came, fees, back] = [0, 0, 0]
      await transaction(house.database, async (tx) => {
        for (const { amountMinor, feeMinor, twice } of charges) {
          const money = { id: randomUUID(), amount: { amountMinor, currency: 'SAR' }, feeMinor }
          for (let time = 0; time < (twice ? 2 : 1); time++) await postCharge(tx, mine, money)
          came += amountMinor
          fees += feeMinor
        }
        for (const { share, twice } of parts) {
          const amountMinor = Math.floor((came - back) * share)
          const refund = { ...mine, refundId: randomUUID(), attempts: 1, amountMinor, currency: 'SAR' }
          for (let time = 0; time < (twice ? 2 : 1); time++) await postRefund(tx, refund)
          back += amountMinor
        }
        await postWriteOff(tx, mine, { id: randomUUID(), account: 'gateway', minor, currency: 'SAR' })
      })
      const stands = await balances(house, mine.payableId)
      assert.equal(
        Object.values(stands).reduce((sum, one) => sum + one, 0),
        0,
      )
      assert.equal(0 - (stands['order'] ?? 0), came - back)
      assert.equal(stands['fees'] ?? 0, fees)
      assert.equal(stands['gateway'] ?? 0, came - back - fees + minor)
    }),
    { numRuns: 60 },
  )
})

test('an entry is final, names two accounts, and moves a positive amount', async (t) => {
  const house = await startPaymentsHouse(t)
  const mine = { ...books(), businessId: house.ask().businessId }
  await transaction(house.database, (tx) => postCharge(tx, mine, { id: 'c1', amount: { amountMinor: 100, currency: 'SAR' }, feeMinor: 3 }))
  for (const statement of [sql`update ledger_entry set amount_minor = 1`, sql`delete from ledger_entry`, sql`truncate ledger_entry`])
    await assert.rejects(house.database.run(statement), /ledger entry is final/)
  const entry = (debit: string, minor: number) => sql`
    insert into ledger_entry (business_id, kind, debit, credit, amount_minor, currency, payable_id, payment_id, fact)
    values (${mine.businessId}, 'charge', ${debit}, 'order', ${minor}, 'SAR', ${mine.payableId}, ${mine.paymentId}, ${randomUUID()})`
  await assert.rejects(house.database.run(entry('order', 5)), /check constraint/)
  await assert.rejects(house.database.run(entry('gateway', 0)), /check constraint/)
  assert.deepEqual(await balances(house, mine.payableId), { gateway: 97, order: -100, fees: 3 })
})

test('the books are written with the money: charge and fee when it is taken, the refund when it arrived, a second card both ways', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  assert.deepEqual(await balances(house, ask.payableId), {})
  for (const via of ['webhook', 'return', 'sweep'] as const) await house.payments.settle(id, via)
  const { fee } = await house.gateway<{ fee: number }>('GET', `/payments/${paymentId}`)
  assert.ok(fee > 0)
  assert.deepEqual(await balances(house, ask.payableId), { gateway: 15_000 - fee, order: -15_000, fees: fee })

  await transaction(house.database, (tx) =>
    house.payments.refundPaid(tx, ask.payableId, { amountMinor: 4_000, currency: 'SAR' }, 'cancelled_by_customer'),
  )
  assert.equal((await balances(house, ask.payableId))['order'], -15_000, 'what is owed has not moved yet')
  await house.passTime()
  assert.deepEqual(await balances(house, ask.payableId), { gateway: 11_000 - fee, order: -11_000, fees: fee })
  const { entries } = await house.payments.ledgerOf(house.database, ask.payableId)
  assert.deepEqual(
    entries.map(({ kind }) => kind),
    ['charge', 'fee', 'refund'],
  )
})
