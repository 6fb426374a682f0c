import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, transaction } from '../../../server/database/index.ts'
import { type PaymentsHouse, startPaymentsHouse } from '../../support/payments-house.ts'

// What the search found in the code as it first was, played against PostgreSQL and the played gateway in the order it found.

const refusedCard = '4123120001090000'

test('a page that another caller adopted while ours was made is gone on with; ours is closed and nobody is called', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  const invoice = { amount: 15_000, currency: 'SAR', description: 'Haircut' }
  let first = ''
  let second = ''
  const overtaken = house.with({
    gateway: (real) => ({
      ...real,
      async createPage(wanted, signal) {
        // A former request for this page, given up long ago, is worked on only now; the waiting customer's question finds it.
        first = (await house.gateway<{ id: string }>('POST', '/invoices', { ...invoice, metadata: { attempt_id: wanted.attemptId } })).id
        await house.payments.settle(wanted.attemptId, 'return')
        const page = await real.createPage(wanted, signal)
        second = page.ref
        return page
      },
    }),
  })
  const view = await overtaken.start(ask)
  assert.equal(view.status, 'redirected')
  assert.equal((await house.state(view.id)).gatewayRef, first)
  assert.equal((await house.gateway<{ status: string }>('GET', `/invoices/${second}`)).status, 'canceled')
  await house.play(view.redirectUrl)
  assert.equal((await house.payments.settle(view.id, 'return')).status, 'paid')
})

test('money that a webhook tells of after the last planned question is found, however often the gateway is silent then', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, redirectUrl } = await house.payments.start(house.ask())
  await house.database.run(
    sql`update payment set state = 'expired', expires_at = now() - interval '1 hour', next_check_at = null where id = ${id}`,
  )
  await house.play(redirectUrl)
  await house.fault({ operation: 'get-invoice', fault: 'http-503' })
  await house.payments.settle(id, 'webhook')
  for (let time = 0; time < 3; time += 1) {
    assert.ok((await house.state(id)).nextCheckAt, `after ${time} more silences it will be asked about again`)
    await house.database.run(sql`update payment set next_check_at = now() where id = ${id}`)
    await house.payments.sweeps.find(({ name }) => name === 'settle-payments')?.run()
  }
  await house.clearFaults()
  await house.passTime()
  assert.equal((await house.state(id)).state, 'paid')
})

async function halfOwed(house: PaymentsHouse) {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  await house.payments.settle(id, 'return')
  await transaction(house.database, (tx) =>
    house.payments.refundPaid(tx, ask.payableId, { amountMinor: 7_500, currency: 'SAR' }, 'cancelled_by_customer'),
  )
  return paymentId
}

test('a worker that stood still until its lease was gone does not send a refund that another one is sending', async (t) => {
  const house = await startPaymentsHouse(t)
  const chargeId = await halfOwed(house)
  const makeDue = () => house.database.run(sql`update refund set next_try_at = now()`)
  // It was marked as sent half a minute ago by a process that died before it sent.
  await house.database.run(
    sql`update refund set state = 'sent', expected_total_minor = 7500, updated_at = now() - interval '31 seconds', next_try_at = now()`,
  )

  const looked = Promise.withResolvers<void>()
  const wokenUp = Promise.withResolvers<void>()
  const slow = house.with({
    gateway: (real) => ({
      ...real,
      async fetchCharge(...call) {
        const charge = await real.fetchCharge(...call)
        looked.resolve()
        await wokenUp.promise
        return charge
      },
    }),
  })
  const sending = (payments: PaymentsHouse['payments']) => payments.sweeps.find(({ name }) => name === 'send-refunds')!.run()
  const slowTurn = sending(slow)
  await looked.promise
  await makeDue()
  const quick = house.with({
    gateway: (real) => ({
      ...real,
      async refund(...call) {
        wokenUp.resolve()
        await slowTurn
        return real.refund(...call)
      },
    }),
  })
  await sending(quick)
  assert.equal((await house.gateway<{ refunded: number }>('GET', `/payments/${chargeId}`)).refunded, 7_500)
})

test('a hold is not freed before the gateway was asked about a page on which only the first card failed', async (t) => {
  const house = await startPaymentsHouse(t)
  await house.switches({ invoiceAfterRefusedCard: 'failed' })
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  await house.play(redirectUrl, { card: refusedCard })
  assert.equal((await house.payments.settle(id, 'return')).status, 'failed')
  await house.play(redirectUrl)

  await house.fault({ operation: 'get-invoice', fault: 'http-503', times: 1 })
  assert.equal(await house.payments.settleOpen(ask.payableId), 'still_open', 'nothing was heard')
  assert.equal(await house.payments.settleOpen(ask.payableId), 'settled')
  assert.equal((await house.state(id)).state, 'paid')
})
