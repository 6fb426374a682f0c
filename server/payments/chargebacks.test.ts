import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CallFailure } from '#external-calls'
import { startPaymentsHouse } from '../../tests/support/payments-house.ts'
import type { PaymentGateway } from './gateway.ts'

const why = { by: '0199a0b0-0000-7000-8000-000000000001', reason: 'the bank decided' }

async function paid(t: TestContext, count = 1) {
  const house = await startPaymentsHouse(t)
  const all = []
  for (let made = 0; made < count; made += 1) {
    const ask = house.ask()
    const { id, redirectUrl } = await house.payments.start(ask)
    const { paymentId: chargeId } = await house.play(redirectUrl)
    await house.payments.settle(id, 'webhook')
    all.push({ id, chargeId, payableId: ask.payableId })
  }
  const run = (payments = house.payments) => payments.reconcile({ by: null, budgetMs: 20_000 })
  const items = async () => (await house.payments.openMoney(house.database)).differences
  const takeBack = (paymentId: string) =>
    fetch(`${house.simulatorsUrl}/play/moyasar/chargebacks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paymentId }),
    })
  return { house, all, run, items, takeBack }
}

test('money that a bank took back is an item for a person, once; what it paid for stands, and the books say it when it is closed', async (t) => {
  const { house, all, run, items, takeBack } = await paid(t)
  const [{ id, chargeId, payableId }] = all as [(typeof all)[0]]
  assert.equal((await run()).opened, 0)
  await takeBack(chargeId)
  assert.deepEqual([(await run()).opened, (await run()).opened], [1, 0])
  const [item, ...others] = await items()
  assert.ok(item)
  assert.deepEqual(
    [others.length, item.kind, item.paymentId, item.ours?.amountMinor, item.theirs?.amountMinor, item.acts],
    [0, 'chargeback', id, 15_000, 15_000, ['write_off']],
  )
  assert.equal((await house.state(id)).state, 'paid')
  assert.equal(house.told.get(payableId), 1, 'nothing that was paid for hears of it')

  await house.payments.writeOff(item.id, why)
  assert.equal((await run()).opened, 0, 'a line of a settlement is told of once')
  assert.deepEqual(await items(), [])
  const { entries } = await house.payments.ledgerOf(house.database, payableId)
  const closed = entries.find(({ kind }) => kind === 'write_off')
  assert.deepEqual([closed?.debit, closed?.credit, closed?.amountMinor], ['written_off', 'gateway', 15_000])
})

test('settlements are read to their last page', async (t) => {
  const { all, run, items, takeBack } = await paid(t)
  for (let more = 0; more < 41; more += 1) await takeBack(all[0]!.chargeId)
  assert.equal((await run()).opened, 41)
  assert.equal((await items()).length, 41)
})

test('settlements that cannot be read leave the comparison to be done again; an account that has none does not', async (t) => {
  const { house, run } = await paid(t)
  const settled = (status: number) =>
    house.with({
      gateway: (real): PaymentGateway => ({
        ...real,
        listChargebacks: async () => {
          throw new CallFailure(
            status === 404
              ? { outcome: 'refused', errorType: 'http_4xx', cause: 'permanent', providerCode: '404' }
              : { outcome: 'unknown', errorType: 'http_5xx', providerCode: '503' },
          )
        },
      }),
    })
  assert.equal((await run(settled(503))).complete, false)
  assert.equal((await run(settled(404))).complete, true)
})
