import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#database'
import { Problem } from '#foundation'
import { type PaymentsHouse, startPaymentsHouse } from '../../tests/support/payments-house.ts'

const refusedCard = '4123120001090000'

async function startAndPay(house: PaymentsHouse, how: Parameters<PaymentsHouse['play']>[1] = {}) {
  const ask = house.ask()
  const view = await house.payments.start(ask)
  const played = await house.play(view.redirectUrl, how)
  return { ask, id: view.id, redirectUrl: view.redirectUrl, played }
}

test('what a person looks at is settled by a person: asked again by the operator, the right answer confirms', async (t) => {
  const house = await startPaymentsHouse(t)
  const { ask, id } = await startAndPay(house)
  await house.fault({ operation: 'get-invoice', fault: 'wrong-amount', times: 1 })
  await house.payments.settle(id, 'webhook')
  assert.equal((await house.payments.settle(id, 'webhook')).status, 'integrity_failure')
  assert.equal((await house.payments.settle(id, 'operator')).status, 'paid')
  assert.equal(house.told.get(ask.payableId), 1)
})

test('a refused card leaves the page open, and the next card pays', async (t) => {
  const house = await startPaymentsHouse(t)
  const { ask, id, redirectUrl, played } = await startAndPay(house, { card: refusedCard })
  assert.equal(played.paymentStatus, 'failed')
  const tried = await house.payments.settle(id, 'webhook')
  assert.deepEqual([tried.status, tried.redirectUrl], ['redirected', redirectUrl])
  await house.play(redirectUrl)
  assert.equal((await house.payments.settle(id, 'webhook')).status, 'paid')
  assert.equal(house.told.get(ask.payableId), 1)
})

test('failed is no end: money that comes later wins', async (t) => {
  const house = await startPaymentsHouse(t)
  await house.switches({ invoiceAfterRefusedCard: 'failed' })
  const { ask, id, redirectUrl } = await startAndPay(house, { card: refusedCard })
  assert.equal((await house.payments.settle(id, 'webhook')).status, 'failed')
  assert.ok((await house.state(id)).nextCheckAt, 'it is still asked about, should the webhook never come')
  await house.play(redirectUrl)
  await house.passTime()
  assert.equal((await house.state(id)).state, 'paid')
  assert.equal(house.told.get(ask.payableId), 1)
})

test('a page nobody paid expires; a bank’s page left open keeps it waiting, and its late approval is decided by what is paid for', async (t) => {
  const house = await startPaymentsHouse(t)
  const left = await house.payments.start(house.ask())
  const { ask, id, played } = await startAndPay(house, { threeDs: 'leave' })
  await house.advanceGateway(11 * 60_000)
  assert.equal((await house.payments.settle(left.id, 'sweep')).status, 'expired')
  assert.equal((await house.payments.settle(id, 'sweep')).status, 'redirected')
  assert.equal(await house.payments.settleOpen(ask.payableId), 'still_open')

  house.decide({ disposition: 'applied_late' })
  await house.play(played.challengeUrl, { threeDs: 'approve' })
  assert.equal(await house.payments.settleOpen(ask.payableId), 'settled')
  assert.deepEqual(await house.state(id).then(({ state, disposition }) => [state, disposition]), ['paid', 'applied_late'])
  assert.equal(await house.payments.settleOpen(ask.payableId), 'none_open')
})

test('a bank’s page that is never finished ends with the gateway’s own patience', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id } = await startAndPay(house, { threeDs: 'leave' })
  await house.advanceGateway(16 * 60_000)
  assert.equal((await house.payments.settle(id, 'sweep')).status, 'expired')
})

test('money that came too late is owed back in the same breath, once, and goes back', async (t) => {
  const house = await startPaymentsHouse(t)
  house.decide({ disposition: 'refund_due', reason: 'slot_gone' })
  const { ask, id, played } = await startAndPay(house)
  for (let time = 0; time < 10; time++) await house.payments.settle(id, 'webhook')
  const view = await house.payments.latestOf(house.database, [ask.payableId])
  assert.equal(view.get(ask.payableId)?.status, 'refund_due')
  assert.equal(house.told.get(ask.payableId), 1)

  await house.passTime()
  const after = (await house.payments.latestOf(house.database, [ask.payableId])).get(ask.payableId)
  assert.deepEqual(
    [after?.status, after?.disposition, after?.refunded],
    ['refunded', 'refund_due', { amountMinor: 15_000, currency: 'SAR' }],
  )
  assert.equal(await house.returned(played.paymentId), 15_000)
})

test('one page paid in two tabs: the first is applied, the second goes back', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const second = await house.play(redirectUrl, { threeDs: 'leave' })
  await house.play(redirectUrl)
  await house.payments.settle(id, 'webhook')
  const { paymentStatus } = await house.play(second.challengeUrl, { threeDs: 'approve' })
  assert.equal(paymentStatus, 'paid')
  // No webhook told us of it: the page is looked at again after its time.
  await house.passTime()
  assert.equal(house.told.get(ask.payableId), 1)
  assert.equal(await house.returned(second.paymentId), 15_000)
  const view = (await house.payments.latestOf(house.database, [ask.payableId])).get(ask.payableId)
  assert.deepEqual([view?.status, view?.refunded], ['paid', null], 'what paid for it stands')
})

test('a charge of another amount or currency confirms nothing', async (t) => {
  const house = await startPaymentsHouse(t)
  for (const twist of [{ amountMinor: 14_000 }, { currency: 'KWD' }]) {
    const discounted = house.with({
      gateway: (real) => ({
        ...real,
        fetchPage: async (...args) => {
          const page = await real.fetchPage(...args)
          return { ...page, charges: page.charges.map((charge) => ({ ...charge, amount: { ...charge.amount, ...twist } })) }
        },
      }),
    })
    const { ask, id } = await startAndPay(house)
    assert.equal((await discounted.settle(id, 'webhook')).status, 'integrity_failure')
    assert.equal(house.told.get(ask.payableId), undefined)
  }
})

test('one charge cannot pay for two things', async (t) => {
  const house = await startPaymentsHouse(t)
  const [one, other] = [await startAndPay(house), await startAndPay(house)]
  await house.payments.settle(one.id, 'webhook')
  const confused = house.with({
    gateway: (real) => ({
      ...real,
      fetchPage: async (...args) => {
        const page = await real.fetchPage(...args)
        return { ...page, charges: page.charges.map((charge) => ({ ...charge, id: one.played.paymentId })) }
      },
    }),
  })
  assert.equal((await confused.settle(other.id, 'webhook')).status, 'integrity_failure')
  assert.equal(house.told.get(other.ask.payableId), undefined)
})

test('every step is in the audit log with where it came from', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id } = await startAndPay(house)
  await house.payments.settle(id, 'webhook')
  const entries = await house.database.rows<{ action: string; from: string }>(
    sql`select action, details ->> 'from' as from from audit_entry where subject_id = ${id} order by id`,
  )
  assert.deepEqual(
    entries.map(({ action, from }) => `${from} → ${action}`),
    ['intent → payment.redirected', 'redirected → payment.paid'],
  )
})

test('a payment nobody knows is not found', async (t) => {
  const house = await startPaymentsHouse(t)
  await assert.rejects(
    house.payments.settle('00000000-0000-4000-8000-000000000000', 'operator'),
    (error: unknown) => error instanceof Problem && error.code === 'not_found',
  )
})
