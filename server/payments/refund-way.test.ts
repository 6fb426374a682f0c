import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, transaction } from '#database'
import { type PaymentsHouse, startPaymentsHouse } from '../../tests/support/payments-house.ts'
import { wayOf } from './refund-way.ts'

const now = Temporal.Instant.from('2026-03-01T12:00:00Z')
const whole = { way: null, attempts: 0, amountMinor: 15_000, paymentMinor: 15_000, paymentCreatedAt: now.subtract({ minutes: 5 }), now }
const paidCharge = { status: 'paid', amount: { amountMinor: 15_000, currency: 'SAR' }, refundedMinor: 0 } as const

test('only a whole charge of a moment ago is voided, and no more than twice', () => {
  assert.equal(wayOf(whole, paidCharge), 'void')
  for (const part of [
    { amountMinor: 14_999 },
    { paymentCreatedAt: now.subtract({ hours: 2 }) },
    { paymentCreatedAt: null },
    { paymentMinor: 14_000 },
    { way: 'refund' as const },
    { attempts: 2 },
  ])
    assert.equal(wayOf({ ...whole, ...part }, paidCharge), 'refund', JSON.stringify(part))
  assert.equal(wayOf({ ...whole, amountMinor: 14_000 }, { ...paidCharge, refundedMinor: 1_000 }), 'refund')
  assert.equal(wayOf(whole, { ...paidCharge, refundedMinor: 1_000 }), 'refund')
})

async function owing(house: PaymentsHouse, amountMinor = 15_000) {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId: chargeId } = await house.play(redirectUrl)
  await house.payments.settle(id, 'webhook')
  await transaction(house.database, (tx) =>
    house.payments.refundPaid(tx, ask.payableId, { amountMinor, currency: 'SAR' }, 'cancelled_by_customer'),
  )
  return { id, chargeId, payableId: ask.payableId }
}

const statusOf = async (house: PaymentsHouse, chargeId: string) => {
  const { status, refunded } = await house.gateway<{ status: string; refunded: number }>('GET', `/payments/${chargeId}`)
  return [status, refunded]
}

const refundOf = async (house: PaymentsHouse, paymentId: string) =>
  house.database.row<{ state: string; way: string; attempts: number }>(
    sql`select state, way, attempts from refund where payment_id = ${paymentId}`,
  )

const send = async (house: PaymentsHouse, payments = house.payments) => {
  await house.database.run(sql`update refund set next_try_at = now() where next_try_at is not null`)
  await payments.sweeps.find(({ name }) => name === 'send-refunds')?.run()
}

const settled = (house: PaymentsHouse) => house.database.run(sql`update refund set updated_at = updated_at - interval '31 seconds'`)

const balances = async (house: PaymentsHouse, payableId: string) =>
  Object.fromEntries((await house.payments.ledgerOf(house.database, payableId)).balances.map((row) => [row.account, row.balanceMinor]))

test('a whole refund soon after paying is a void: nothing is settled, nobody keeps a fee, and the comparison agrees', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, chargeId, payableId } = await owing(house)
  assert.ok(((await balances(house, payableId))['fees'] ?? 0) > 0)
  await house.passTime()
  assert.deepEqual(await refundOf(house, id), { state: 'refunded', way: 'void', attempts: 1 })
  assert.deepEqual(await statusOf(house, chargeId), ['voided', 0])
  assert.deepEqual(await balances(house, payableId), { fees: 0, gateway: 0, order: 0 })
  const { opened } = await house.payments.reconcile({ by: null, budgetMs: 10_000 })
  assert.equal(opened, 0)
})

test('once the charge is settled the gateway says so, and the sum is returned instead', async (t) => {
  const house = await startPaymentsHouse(t)
  await house.switches({ voidWindowMinutes: 0 })
  const { id, chargeId, payableId } = await owing(house)
  await house.passTime()
  assert.deepEqual(await refundOf(house, id), { state: 'refunded', way: 'refund', attempts: 2 })
  assert.deepEqual(await statusOf(house, chargeId), ['refunded', 15_000])
  assert.ok(((await balances(house, payableId))['fees'] ?? 0) > 0, 'what was settled keeps its fee')
})

test('a part is refunded, never voided', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, chargeId } = await owing(house, 14_999)
  await house.passTime()
  assert.deepEqual(await refundOf(house, id), { state: 'refunded', way: 'refund', attempts: 1 })
  assert.deepEqual(await statusOf(house, chargeId), ['refunded', 14_999])
})

test('a void whose answer was lost is found on the charge before anything else is sent', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, chargeId } = await owing(house)
  await house.fault({ operation: 'void', fault: 'after-work', times: 1 })
  await send(house)
  assert.equal((await refundOf(house, id))?.state, 'unknown')
  await house.fault({ operation: 'refund', fault: 'http-500' })
  await house.fault({ operation: 'void', fault: 'http-500' })
  await send(house)
  assert.deepEqual(await refundOf(house, id), { state: 'refunded', way: 'void', attempts: 1 })
  assert.deepEqual(await statusOf(house, chargeId), ['voided', 0])
})

test('a gateway that says neither yes nor no to voids is asked twice, and then the sum is returned', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, chargeId } = await owing(house)
  await house.fault({ operation: 'void', fault: 'http-500' })
  for (let turn = 0; turn < 3; turn += 1) {
    await send(house)
    await settled(house)
  }
  assert.deepEqual(await refundOf(house, id), { state: 'refunded', way: 'refund', attempts: 3 })
  assert.deepEqual(await statusOf(house, chargeId), ['refunded', 15_000])
})

test('a void that arrives late, between our look and our refund, is no refusal for a person: the charge is looked at again', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, chargeId } = await owing(house)
  await house.fault({ operation: 'void', fault: 'http-500', times: 2 })
  for (let turn = 0; turn < 2; turn += 1) {
    await send(house)
    await settled(house)
  }
  const overtaken = house.with({
    gateway: (real) => ({
      ...real,
      async refund(...call) {
        await house.gateway('POST', `/payments/${chargeId}/void`)
        return real.refund(...call)
      },
    }),
  })
  await send(house, overtaken)
  assert.deepEqual(await refundOf(house, id), { state: 'refunded', way: 'void', attempts: 3 })
  assert.deepEqual(await house.payments.openMoney(house.database).then(({ differences }) => differences), [])
})
