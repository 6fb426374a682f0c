import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, transaction } from '#database'
import { type PaymentsHouse, startPaymentsHouse } from '../../tests/support/payments-house.ts'

async function paid(house: PaymentsHouse) {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  assert.equal((await house.payments.settle(id, 'webhook')).status, 'paid')
  return { ask, id, chargeId: paymentId }
}

const owe = (house: PaymentsHouse, payableId: string, amountMinor: number) =>
  transaction(house.database, (tx) => house.payments.refundPaid(tx, payableId, { amountMinor, currency: 'SAR' }, 'cancelled_by_customer'))

const returnedOf = (house: PaymentsHouse, chargeId: string) => house.returned(chargeId)

async function refundOf(house: PaymentsHouse, paymentId: string) {
  const row = await house.database.row<{ state: string; failureReason: string | null; nextTryAt: Temporal.Instant | null }>(
    sql`select state, failure_reason, next_try_at from refund where payment_id = ${paymentId}`,
  )
  assert.ok(row)
  return row
}

const sendDue = async (house: PaymentsHouse) => {
  await house.database.run(sql`update refund set next_try_at = now() where next_try_at is not null`)
  const sweep = house.payments.sweeps.find(({ name }) => name === 'send-refunds')
  assert.equal(await sweep?.run(), 1)
}

test('what is owed back is sent, in parts, and never more than was paid', async (t) => {
  const house = await startPaymentsHouse(t)
  const { ask, chargeId } = await paid(house)
  await owe(house, ask.payableId, 5_000)
  await house.passTime()
  await owe(house, ask.payableId, 4_000)
  await house.passTime()
  assert.equal(await returnedOf(house, chargeId), 9_000)
  await assert.rejects(owe(house, ask.payableId, 6_001), /6000 SAR can be returned/)
  await assert.rejects(owe(house, ask.payableId, 0), /can be returned/)
  const view = (await house.payments.latestOf(house.database, [ask.payableId])).get(ask.payableId)
  assert.deepEqual([view?.status, view?.refunded?.amountMinor], ['refunded', 9_000])
})

test('a refusal is for a person, and is seen', async (t) => {
  const house = await startPaymentsHouse(t)
  const { ask, id } = await paid(house)
  await owe(house, ask.payableId, 14_000)
  await house.fault({ operation: 'refund', fault: 'refuse', times: 1 })
  await sendDue(house)
  const refund = await refundOf(house, id)
  assert.deepEqual([refund.state, refund.nextTryAt], ['failed', null])
  assert.match(refund.failureReason ?? '', /http_4xx/)
  assert.equal((await house.payments.latestOf(house.database, [ask.payableId])).get(ask.payableId)?.status, 'refund_failed')
  assert.deepEqual(
    (await house.payments.counts(house.database)).map(({ state, count }) => [state, count]),
    [['refund_failed', 1]],
  )
})

test('money the business returned by its own hand is not returned again', async (t) => {
  const house = await startPaymentsHouse(t)
  const { ask, id, chargeId } = await paid(house)
  await house.gateway('POST', `/payments/${chargeId}/refund`, { amount: 15_000 })
  await owe(house, ask.payableId, 15_000)
  await sendDue(house)
  assert.equal((await refundOf(house, id)).state, 'refunded')
  assert.equal(await returnedOf(house, chargeId), 15_000)
})

test('a charge that cannot be looked at is not touched', async (t) => {
  const house = await startPaymentsHouse(t)
  const { ask, id, chargeId } = await paid(house)
  await owe(house, ask.payableId, 15_000)
  await house.fault({ operation: 'get-payment', fault: 'http-503', times: 1 })
  await sendDue(house)
  assert.equal((await refundOf(house, id)).state, 'due')
  assert.equal(await returnedOf(house, chargeId), 0)
  await sendDue(house)
  assert.equal(await returnedOf(house, chargeId), 15_000)
})
