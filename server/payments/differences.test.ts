import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql, transaction } from '#database'
import type { Problem } from '#foundation'
import { type PaymentsHouse, startPaymentsHouse } from '../../tests/support/payments-house.ts'

const by = randomUUID()
const why = { by, reason: 'looked at the bank’s statement' }
const run = (house: PaymentsHouse) => house.payments.reconcile({ by, budgetMs: 20_000 })

async function paid(house: PaymentsHouse) {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  await house.payments.settle(id, 'webhook')
  return { id, payableId: ask.payableId, chargeId: paymentId, redirectUrl }
}

async function strayMoney(house: PaymentsHouse, amount = 15_000, metadata?: Record<string, string>): Promise<string> {
  const page = await house.gateway<{ url: string }>('POST', '/invoices', {
    amount,
    currency: 'SAR',
    description: 'x',
    ...(metadata && { metadata }),
  })
  return (await house.play(page.url)).paymentId
}

async function onlyItem(house: PaymentsHouse) {
  const { differences } = await house.payments.openMoney(house.database)
  assert.equal(differences.length, 1, JSON.stringify(differences))
  return differences[0]!
}

const returnedOf = (house: PaymentsHouse, chargeId: string) => house.returned(chargeId)

async function orderStands(house: PaymentsHouse, payableId: string): Promise<number> {
  const { balances } = await house.payments.ledgerOf(house.database, payableId)
  return -(balances.find(({ account }) => account === 'order')?.balanceMinor ?? 0) + 0
}

const isProblem = (code: string) => (error: Problem) => error.code === code

/** Whatever was decided, the next comparison finds nothing that is not dealt with. */
async function isQuiet(house: PaymentsHouse): Promise<void> {
  await house.passTime()
  const { complete, opened } = await run(house)
  assert.deepEqual([complete, opened], [true, 0])
  assert.deepEqual((await house.payments.openMoney(house.database)).differences, [])
}

test('money that names nobody pays the booking an operator names, when it is what the booking costs', async (t) => {
  const house = await startPaymentsHouse(t)
  const chargeId = await strayMoney(house)
  await run(house)
  const item = await onlyItem(house)
  assert.deepEqual([item.kind, item.gatewayChargeId, item.theirs?.amountMinor], ['paid_unknown_to_us', chargeId, 15_000])
  await assert.rejects(house.payments.adopt(item.id, why), isProblem('booking_reference_needed'))
  await assert.rejects(house.payments.adopt(item.id, { ...why, bookingReference: 'TH-NONE' }), isProblem('booking_reference_unknown'))
  const payableId = randomUUID()
  const adopted = await house.payments.adopt(item.id, { ...why, bookingReference: payableId })
  assert.deepEqual([adopted.resolution, adopted.acts], ['adopted', []])
  assert.equal(house.told.get(payableId), 1)
  const view = (await house.payments.latestOf(house.database, [payableId])).get(payableId)
  assert.deepEqual([view?.status, view?.disposition], ['paid', 'applied'])
  assert.equal(await orderStands(house, payableId), 15_000)

  // Said twice is done once; something else about it is refused.
  await house.payments.adopt(item.id, { ...why, bookingReference: payableId })
  assert.equal(house.told.get(payableId), 1)
  await assert.rejects(house.payments.writeOff(item.id, why), isProblem('difference_resolved'))
  await isQuiet(house)
})

test('a payment whose row was lost comes back under its own id, and of another amount not at all', async (t) => {
  const house = await startPaymentsHouse(t)
  const lost = randomUUID()
  await strayMoney(house, 15_000, { attempt_id: lost })
  await run(house)
  const item = await onlyItem(house)
  const payableId = randomUUID()
  await house.payments.adopt(item.id, { ...why, bookingReference: payableId })
  assert.equal((await house.state(lost)).state, 'paid')
  assert.equal((await house.payments.settle(lost, 'sweep')).status, 'paid')

  await strayMoney(house, 14_999)
  await run(house)
  await assert.rejects(
    house.payments.adopt((await onlyItem(house)).id, { ...why, bookingReference: randomUUID() }),
    isProblem('adoption_amount_differs'),
  )
})

test('money that came twice, by another page, goes back; so does what nobody can be found for, each once', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, payableId } = await paid(house)
  const second = await strayMoney(house, 15_000, { attempt_id: id })
  await run(house)
  const item = await onlyItem(house)
  assert.deepEqual([item.kind, item.paymentId], ['second_page_paid', id])
  await Promise.all([house.payments.returnDifference(item.id, why), house.payments.returnDifference(item.id, why)])
  await isQuiet(house)
  assert.equal(await returnedOf(house, second), 15_000)
  assert.equal(await orderStands(house, payableId), 15_000)

  const stray = await strayMoney(house, 7_000)
  await run(house)
  await house.fault({ operation: 'refund', fault: 'after-work', times: 1 })
  await house.payments.returnDifference((await onlyItem(house)).id, why)
  await isQuiet(house)
  // Its answer was lost: it is looked for, not sent again.
  await house.passTime()
  assert.equal(await returnedOf(house, stray), 7_000)
  const [refund] = await house.database.rows<{ state: string; reason: string }>(
    sql`select state, reason from refund where payment_id is null`,
  )
  assert.deepEqual(refund, { state: 'refunded', reason: 'paid_unknown_to_us' })
})

test('an answer that is not what was asked for waits for a person, who gives it back and hears no more of it', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  const { id } = await house.payments.start(ask)
  await house.database.run(sql`update payment set amount_minor = 14000 where id = ${id}`)
  const { redirectUrl } = (await house.payments.latestOf(house.database, [ask.payableId])).get(ask.payableId)!
  const { paymentId: chargeId } = await house.play(redirectUrl)
  await house.payments.settle(id, 'webhook')
  assert.equal((await house.state(id)).state, 'integrity_failure')
  const item = await onlyItem(house)
  assert.deepEqual([item.kind, item.ours?.amountMinor, item.theirs?.amountMinor], ['integrity_failure', 14_000, 15_000])
  await house.payments.returnDifference(item.id, why)
  assert.equal((await house.state(id)).state, 'failed')
  await isQuiet(house)
  assert.equal(await returnedOf(house, chargeId), 15_000)
  assert.equal(await orderStands(house, ask.payableId), 0)
  // The webhook of the return brings the same answer: the person has decided.
  await house.payments.settle(id, 'webhook')
  assert.equal((await house.state(id)).state, 'failed')
})

test('money that differs and was voided by hand after a person sent it back calls nobody again', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, redirectUrl } = await house.payments.start(house.ask())
  await house.database.run(sql`update payment set amount_minor = 14000 where id = ${id}`)
  const { paymentId: chargeId } = await house.play(redirectUrl)
  await house.payments.settle(id, 'webhook')
  await house.payments.returnDifference((await onlyItem(house)).id, why)
  await house.gateway('POST', `/payments/${chargeId}/void`)
  await isQuiet(house)
  await house.payments.settle(id, 'webhook')
  assert.equal((await house.state(id)).state, 'failed')
  await isQuiet(house)
})

test('a return at the gateway that we did not know is written down; one that never arrived is sent again', async (t) => {
  const house = await startPaymentsHouse(t)
  const byHand = await paid(house)
  await house.gateway('POST', `/payments/${byHand.chargeId}/refund`, { amount: 4_000 })
  await run(house)
  const item = await onlyItem(house)
  assert.deepEqual([item.kind, item.ours?.amountMinor, item.theirs?.amountMinor], ['refund_differs', 0, 4_000])
  await house.payments.adopt(item.id, why)
  await isQuiet(house)
  assert.deepEqual([await orderStands(house, byHand.payableId), await returnedOf(house, byHand.chargeId)], [11_000, 4_000])

  const never = await paid(house)
  const believed = house.with({
    gateway: (real) => ({
      ...real,
      fetchCharge: async (...asked) => ({ ...(await real.fetchCharge(...asked)), status: 'voided' as const }),
    }),
  })
  await transaction(house.database, (tx) =>
    house.payments.refundPaid(tx, never.payableId, { amountMinor: 6_000, currency: 'SAR' }, 'cancelled_by_customer'),
  )
  await believed.sweeps.find(({ name }) => name === 'send-refunds')?.run()
  assert.deepEqual([await orderStands(house, never.payableId), await returnedOf(house, never.chargeId)], [9_000, 0])
  await run(house)
  await house.payments.returnDifference((await onlyItem(house)).id, why)
  assert.equal(await orderStands(house, never.payableId), 15_000)
  await isQuiet(house)
  assert.deepEqual([await orderStands(house, never.payableId), await returnedOf(house, never.chargeId)], [9_000, 6_000])
})

test('a return the gateway refused is an item at once: tried again, or closed with a reason and no longer owed', async (t) => {
  const house = await startPaymentsHouse(t)
  const refuse = async (payableId: string) => {
    await transaction(house.database, (tx) =>
      house.payments.refundPaid(tx, payableId, { amountMinor: 5_000, currency: 'SAR' }, 'cancelled_by_customer'),
    )
    await house.fault({ operation: 'refund', fault: 'refuse', times: 1 })
    await house.payments.sweeps.find(({ name }) => name === 'send-refunds')?.run()
  }
  const first = await paid(house)
  await refuse(first.payableId)
  const item = await onlyItem(house)
  assert.equal(item.kind, 'refund_failed')
  await house.payments.returnDifference(item.id, why)
  await isQuiet(house)
  assert.equal(await returnedOf(house, first.chargeId), 5_000)

  const other = await paid(house)
  await refuse(other.payableId)
  await house.payments.writeOff((await onlyItem(house)).id, why)
  await isQuiet(house)
  assert.equal(await returnedOf(house, other.chargeId), 0)
  assert.equal(await orderStands(house, other.payableId), 10_000)
  assert.deepEqual(await house.payments.counts(house.database), [])
  const view = (await house.payments.latestOf(house.database, [other.payableId])).get(other.payableId)
  assert.deepEqual([view?.status, view?.refunded], ['paid', null])
  // The customer got it another way: only the rest is left to return.
  const { returnable } = await house.payments.moneyOf(house.database, other.payableId, 'SAR')
  assert.equal(returnable.amountMinor, 10_000)
  const rest = { by, reason: 'all of it', clientKey: 'rest' }
  await assert.rejects(house.payments.refund(other.id, { ...rest, amountMinor: 10_001 }), isProblem('refund_too_large'))
  await house.payments.refund(other.id, rest)
  await isQuiet(house)
  assert.deepEqual([await returnedOf(house, other.chargeId), await orderStands(house, other.payableId)], [10_000, 0])
})

test('what is written off stays quiet until the facts change, and the books say what was given up', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, payableId, chargeId } = await paid(house)
  await house.gateway('POST', `/payments/${chargeId}/refund`, { amount: 1_000 })
  await run(house)
  await house.payments.writeOff((await onlyItem(house)).id, why)
  await isQuiet(house)
  const { entries } = await house.payments.ledgerOf(house.database, payableId)
  assert.deepEqual(
    entries.filter(({ kind }) => kind === 'write_off').map(({ debit, credit, amountMinor }) => [debit, credit, amountMinor]),
    [['written_off', 'gateway', 1_000]],
  )
  await house.gateway('POST', `/payments/${chargeId}/refund`, { amount: 500 })
  assert.equal((await run(house)).opened, 1)
  const audit = await house.database.rows<{ action: string; actorId: string }>(
    sql`select action, actor_id from audit_entry where subject = 'difference' order by id`,
  )
  assert.deepEqual(audit, [{ action: 'difference.written_off', actorId: by }])
  assert.ok(id)
})

test('a difference that went away by itself is resolved by nobody', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id } = await paid(house)
  await house.database.run(sql`update payment set amount_minor = 1 where id = ${id}`)
  await run(house)
  const item = await onlyItem(house)
  await house.database.run(sql`update payment set amount_minor = 15000 where id = ${id}`)
  await isQuiet(house)
  const row = await house.database.row(sql`select resolution, resolved_by from money_difference where id = ${item.id}`)
  assert.deepEqual(row, { resolution: 'repaired', resolvedBy: null })
})

test('an operator gives back a part, then the rest, and never more; the same wish twice is one', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, chargeId } = await paid(house)
  const wish = { ...why, clientKey: 'one', amountMinor: 4_000 }
  await Promise.all([house.payments.refund(id, wish), house.payments.refund(id, wish)])
  await assert.rejects(house.payments.refund(id, { ...wish, clientKey: 'two', amountMinor: 11_001 }), isProblem('refund_too_large'))
  await house.payments.refund(id, { ...why, clientKey: 'three' })
  await assert.rejects(house.payments.refund(id, { ...why, clientKey: 'four' }), isProblem('nothing_to_refund'))
  // Never two at once.
  await house.passTime()
  await isQuiet(house)
  assert.equal(await returnedOf(house, chargeId), 15_000)
})

test('of an open attempt the operator sees what was asked and answered, the latest twenty', async (t) => {
  const house = await startPaymentsHouse(t, { timeoutMs: 500 })
  const { id } = await house.payments.start(house.ask())
  await house.fault({ operation: 'get-invoice', fault: 'http-503', times: 1 })
  await house.payments.settle(id, 'operator')
  await house.payments.settle(id, 'webhook')
  const { payments } = await house.payments.openMoney(house.database)
  assert.deepEqual(
    payments[0]?.asked.map(({ via, answer, errorType }) => [via, answer, errorType]),
    [
      ['webhook', 'open', null],
      ['operator', 'no_answer', 'http_5xx'],
      ['start', 'open', null],
    ],
  )
  for (let time = 0; time < 20; time++) await house.payments.settle(id, 'sweep')
  const asked = (await house.payments.openMoney(house.database)).payments[0]?.asked
  assert.deepEqual([asked?.length, new Set(asked?.map(({ via }) => via)).size], [20, 1])
})

/** Paid, and then called into doubt by an answer about another amount. */
async function doubted(house: PaymentsHouse) {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  await house.fault({ operation: 'get-invoice', fault: 'wrong-amount', times: 1 })
  assert.equal((await house.payments.settle(id, 'sweep')).status, 'integrity_failure')
  return { id, payableId: ask.payableId, chargeId: paymentId }
}

test('money that was settled by hand and is adopted too pays once and stays', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, chargeId } = await doubted(house)
  const item = await onlyItem(house)
  assert.equal((await house.payments.settle(id, 'operator')).status, 'paid')
  assert.equal((await house.payments.adopt(item.id, why)).resolution, 'adopted')
  await isQuiet(house)
  assert.deepEqual([(await house.state(id)).state, await returnedOf(house, chargeId)], ['paid', 0])
})

test('money that a person sends back pays nothing on its way', async (t) => {
  const house = await startPaymentsHouse(t)
  const { id, payableId, chargeId } = await doubted(house)
  await house.payments.returnDifference((await onlyItem(house)).id, why)
  for (const via of ['sweep', 'webhook', 'operator'] as const) assert.equal((await house.payments.settle(id, via)).status, 'failed', via)
  assert.equal(house.told.get(payableId), undefined)
  await isQuiet(house)
  assert.equal(await returnedOf(house, chargeId), 15_000)
})

test('money that was closed as it is pays nothing later, and what was settled meanwhile cannot be closed', async (t) => {
  const house = await startPaymentsHouse(t)
  const closed = await doubted(house)
  await house.payments.writeOff((await onlyItem(house)).id, why)
  for (const via of ['sweep', 'webhook', 'operator'] as const) await house.payments.settle(closed.id, via)
  assert.equal((await house.state(closed.id)).state, 'failed')
  const entries = async (payableId: string) => (await house.payments.ledgerOf(house.database, payableId)).entries.map(({ kind }) => kind)
  assert.deepEqual(await entries(closed.payableId), ['write_off'])
  await isQuiet(house)

  const settled = await doubted(house)
  const item = await onlyItem(house)
  await house.payments.settle(settled.id, 'operator')
  await assert.rejects(house.payments.writeOff(item.id, why), isProblem('difference_act_unfit'))
  await isQuiet(house)
  assert.deepEqual(await entries(settled.payableId), ['charge', 'fee'])
})
