/*
 * Every fault × every call to the gateway, on the real payments and the real adapter, on a pool of one connection. For each:
 * the class as tabled, the deadline, the free connection, the memory; and the truth, once the fault is gone. The table is
 * tests/support/gateway-fault-table.ts; what else may happen around each call is told beside the code it happens to.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql, transaction } from '../../server/database/index.ts'
import { Problem } from '../../server/foundation/index.ts'
import type { PaymentGateway, Payments } from '../../server/payments/index.ts'
import { openMoyasar } from '../../server/providers/moyasar/index.ts'
import { startBadAddresses } from '../support/bad-addresses.ts'
import {
  addressFaults,
  type CallClass,
  type FaultMeaning,
  type GatewayCall,
  gatewayCalls,
  lies,
  playedFaults,
  stateAfter,
  toldAtCreation,
} from '../support/gateway-fault-table.ts'
import { gatewayKey, type PaymentsHouse, startPaymentsHouse } from '../support/payments-house.ts'

const deadlineMs = 300
/** Silences outlast the deadline, and the work that comes late is done by then. */
const delays: Record<string, number> = { slow: deadlineMs * 1.5, 'late-work': deadlineMs * 1.5, 'slow-headers': deadlineMs / 2, drip: 20 }
const mostGrowth = 48 * 1024 * 1024

const methods = {
  'create-invoice': 'createPage',
  'get-invoice': 'fetchPage',
  'list-invoices': 'findPages',
  'cancel-invoice': 'cancelPage',
  'get-payment': 'fetchCharge',
  refund: 'refund',
  void: 'voidCharge',
} as const satisfies Record<GatewayCall, keyof PaymentGateway>
const nameInMetrics: Partial<Record<GatewayCall, string>> = { 'list-invoices': 'find-invoices' }

interface Cell {
  call: GatewayCall
  name: string
  meaning: FaultMeaning
  /** Breaks the call from here on, and repairs it; resolves once all that is still under way at the gateway is done. */
  hurt(): Promise<void>
  mend(): Promise<void>
  payments: Payments
}

/** What was seen of the call itself. */
interface Watch {
  tookMs: number
  calls: number
  connectionsHeld: number
}

function watched(
  house: PaymentsHouse,
  call: GatewayCall,
  watch: Watch,
  real: () => PaymentGateway,
  healthy: PaymentGateway,
): PaymentGateway {
  const { pool } = house.database
  const method = methods[call]
  const run = async (...given: unknown[]) => {
    const startedAt = performance.now()
    const held = () => (watch.connectionsHeld = Math.max(watch.connectionsHeld, pool.totalCount - pool.idleCount))
    held()
    const timer = setInterval(held, 10)
    try {
      return await (real()[method] as (...all: unknown[]) => Promise<unknown>)(...given)
    } finally {
      clearInterval(timer)
      watch.calls += 1
      watch.tookMs = Math.max(watch.tookMs, performance.now() - startedAt)
    }
  }
  return { ...healthy, [method]: run }
}

const refundOf = async (house: PaymentsHouse, paymentId: string) =>
  (await house.database.row<{ state: string }>(sql`select state from refund where payment_id = ${paymentId}`))?.state
const returnedOf = (house: PaymentsHouse, chargeId: string) => house.returned(chargeId)
const pagesOf = async (house: PaymentsHouse, id: string) =>
  (await house.gateway<{ invoices: { id: string; status: string; url: string }[] }>('GET', `/invoices?metadata[attempt_id]=${id}`)).invoices
const attemptOf = async (house: PaymentsHouse, payableId: string) => {
  const row = await house.database.row<{ id: string; state: string; nextCheckAt: unknown }>(
    sql`select id, state, next_check_at from payment where payable_id = ${payableId}`,
  )
  assert.ok(row)
  return row
}

async function said(starting: Promise<{ status: string }>): Promise<string> {
  return starting.then(
    ({ status }) => status,
    (error: unknown) => {
      if (error instanceof Problem) return error.code
      throw error
    },
  )
}

/** Pays whatever page of the attempt takes money and sees it arrive; what a person was given is asked again by that person. */
async function payAndArrive(house: PaymentsHouse, payableId: string): Promise<void> {
  const { id, state } = await attemptOf(house, payableId)
  const open = (await pagesOf(house, id)).find(({ status }) => status === 'initiated')
  assert.ok(open, 'a page takes money')
  await house.play(open.url)
  await house.payments.settle(id, state === 'integrity_failure' ? 'operator' : 'return')
  assert.equal((await attemptOf(house, payableId)).state, 'paid')
  assert.equal(house.told.get(payableId), 1)
}

/** An attempt the gateway made a page for and we never heard of it. */
async function unheardOf(house: PaymentsHouse): Promise<{ payableId: string; id: string }> {
  const ask = house.ask()
  await house.fault({ operation: 'create-invoice', fault: 'after-work', times: 1 })
  assert.equal(await said(house.payments.start(ask)), 'payment_outcome_unknown')
  return { payableId: ask.payableId, id: (await attemptOf(house, ask.payableId)).id }
}

/** A part, which is refunded; or the whole, which is voided as long as it can be. */
async function owing(house: PaymentsHouse, amountMinor = 4_000): Promise<{ id: string; chargeId: string; amountMinor: number }> {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  await house.payments.settle(id, 'webhook')
  await transaction(house.database, (tx) =>
    house.payments.refundPaid(tx, ask.payableId, { amountMinor, currency: 'SAR' }, 'cancelled_by_customer'),
  )
  return { id, chargeId: paymentId, amountMinor }
}

async function sendRefunds(house: PaymentsHouse, payments: Payments): Promise<void> {
  await house.database.run(sql`update refund set next_try_at = now() where next_try_at is not null`)
  await payments.sweeps.find(({ name }) => name === 'send-refunds')?.run()
}

/** The money comes back exactly once: looked at, waited for, looked at again, and by a person where it was refused. */
async function returnsOnce(house: PaymentsHouse, { id, chargeId, amountMinor }: Awaited<ReturnType<typeof owing>>): Promise<void> {
  if ((await refundOf(house, id)) === 'failed')
    await house.database.run(sql`update refund set state = 'due', next_try_at = now() where payment_id = ${id}`)
  await sendRefunds(house, house.payments)
  await house.database.run(sql`update refund set updated_at = updated_at - interval '31 seconds' where payment_id = ${id}`)
  await sendRefunds(house, house.payments)
  assert.deepEqual([await refundOf(house, id), await returnedOf(house, chargeId)], ['refunded', amountMinor])
}

/** How each call is reached, what it leaves, and how the truth is found afterwards. `act` is the part that is measured. */
const stories: Record<
  GatewayCall,
  (house: PaymentsHouse, cell: Cell, act: (work: () => Promise<unknown>) => Promise<void>) => Promise<void>
> = {
  'create-invoice': async (house, cell, act) => {
    const ask = house.ask()
    let told = ''
    await act(async () => (told = await said(cell.payments.start(ask))))
    const { id, state, nextCheckAt } = await attemptOf(house, ask.payableId)
    assert.equal(state, expectedState(cell))
    assert.equal(
      told,
      { integrity_failure: 'payment_under_review', unknown: 'payment_outcome_unknown' }[state] ?? toldAtCreation[cell.meaning.class],
    )
    if (state === 'unknown') assert.ok(nextCheckAt, 'somebody will ask')
    await cell.mend()
    assert.equal((await pagesOf(house, id)).length, cell.meaning.done ? 1 : 0)
    assert.equal(await said(house.payments.start(ask)), state === 'integrity_failure' ? 'payment_under_review' : 'redirected')
    assert.equal((await pagesOf(house, id)).filter(({ status }) => status === 'initiated').length, 1, 'one page that takes money')
    await payAndArrive(house, ask.payableId)
  },
  'get-invoice': async (house, cell, act) => {
    const ask = house.ask()
    const { id, redirectUrl } = await house.payments.start(ask)
    await house.play(redirectUrl)
    await act(() => cell.payments.settle(id, 'webhook'))
    const { state } = await attemptOf(house, ask.payableId)
    assert.equal(state, expectedState(cell))
    if (state !== 'paid') assert.equal(house.told.get(ask.payableId), undefined, 'nothing is confirmed on such a word')
    await cell.mend()
    await (state === 'integrity_failure' ? house.payments.settle(id, 'operator') : house.passTime())
    assert.deepEqual([(await attemptOf(house, ask.payableId)).state, house.told.get(ask.payableId)], ['paid', 1])
  },
  'list-invoices': async (house, cell, act) => {
    const { id, payableId } = await unheardOf(house)
    await act(() => cell.payments.settle(id, 'sweep'))
    assert.equal((await attemptOf(house, payableId)).state, expectedState(cell))
    await cell.mend()
    await house.passTime()
    await payAndArrive(house, payableId)
  },
  'cancel-invoice': async (house, cell, act) => {
    const { id, payableId } = await unheardOf(house)
    await house.gateway('POST', '/invoices', { amount: 15_000, currency: 'SAR', description: 'Haircut', metadata: { attempt_id: id } })
    await act(() => cell.payments.settle(id, 'sweep'))
    assert.equal((await attemptOf(house, payableId)).state, expectedState(cell))
    await cell.mend()
    assert.deepEqual((await pagesOf(house, id)).map(({ status }) => status).toSorted(), [
      cell.meaning.done ? 'canceled' : 'initiated',
      'initiated',
    ])
    const { gatewayRef } = await house.state(id)
    await house.play((await pagesOf(house, id)).find((page) => page.id === gatewayRef)?.url ?? null)
    await house.passTime()
    assert.deepEqual([(await attemptOf(house, payableId)).state, house.told.get(payableId)], ['paid', 1])
  },
  'get-payment': async (house, cell, act) => {
    const owed = await owing(house)
    await act(() => sendRefunds(house, cell.payments))
    assert.equal(await refundOf(house, owed.id), expectedState(cell))
    await cell.mend()
    await returnsOnce(house, owed)
  },
  refund: async (house, cell, act) => {
    const owed = await owing(house)
    await act(() => sendRefunds(house, cell.payments))
    assert.equal(await refundOf(house, owed.id), expectedState(cell))
    await cell.mend()
    assert.equal(await returnedOf(house, owed.chargeId), cell.meaning.done ? 4_000 : 0)
    await returnsOnce(house, owed)
  },
  void: async (house, cell, act) => {
    const owed = await owing(house, 15_000)
    await act(() => sendRefunds(house, cell.payments))
    assert.equal(await refundOf(house, owed.id), expectedState(cell))
    await cell.mend()
    assert.equal(await returnedOf(house, owed.chargeId), cell.meaning.done ? 15_000 : 0)
    await returnsOnce(house, owed)
  },
}

const lieOf = ({ call, name }: Cell) => (lies as Record<string, (typeof lies)[keyof typeof lies]>)[name]?.[call]
const expectedState = (cell: Cell): string => lieOf(cell)?.state ?? stateAfter[cell.call][cell.meaning.class]

/** How the watched call ended by the metrics: `outcome errorType`, and how often. */
async function endings(house: PaymentsHouse, call: GatewayCall): Promise<Map<string, number>> {
  const { values } = await house.metrics.calls.get()
  const ours = values.filter(
    ({ labels, metricName }) => labels['operation'] === (nameInMetrics[call] ?? call) && metricName?.endsWith('_count'),
  )
  return new Map(ours.map(({ labels, value }) => [`${labels['outcome']} ${labels['error_type']}`.trim(), value]))
}

interface Seen {
  cells: number
  worst: { tookMs: number; at: string }
  growth: { bytes: number; at: string }
}

async function runCell(
  house: PaymentsHouse,
  cell: Omit<Cell, 'payments'>,
  gateway: () => PaymentGateway,
  healthy: PaymentGateway,
  seen: Seen,
): Promise<void> {
  const at = `${cell.name} at ${cell.call}`
  const watch: Watch = { tookMs: 0, calls: 0, connectionsHeld: 0 }
  const payments = house.with({ gateway: () => watched(house, cell.call, watch, gateway, healthy) })
  try {
    await stories[cell.call](house, { ...cell, payments }, async (work) => {
      const before = await endings(house, cell.call)
      const bytes = () => process.memoryUsage().heapUsed + process.memoryUsage().external
      const floor = bytes()
      let peak = floor
      const timer = setInterval(() => (peak = Math.max(peak, bytes())), 5)
      await cell.hurt()
      try {
        await work()
      } finally {
        clearInterval(timer)
      }
      const ended = [...(await endings(house, cell.call))].filter(([how, count]) => count !== (before.get(how) ?? 0)).map(([how]) => how)
      const errorType = lieOf(cell as Cell)?.errorType ?? cell.meaning.errorType
      const outcome = errorType === cell.meaning.errorType ? cell.meaning.class.split(':')[0] : 'unknown'
      assert.deepEqual(ended, [`${outcome} ${errorType}`.trim()])
      assert.equal(watch.calls, 1, 'asked once')
      assert.equal(watch.connectionsHeld, 0, 'a connection was held meanwhile')
      seen.cells += 1
      if (watch.tookMs > seen.worst.tookMs) seen.worst = { tookMs: watch.tookMs, at }
      if (peak - floor > seen.growth.bytes) seen.growth = { bytes: peak - floor, at }
    })
  } catch (error) {
    throw new Error(`${at}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function judge(t: TestContext, { cells, worst, growth }: Seen): void {
  t.diagnostic(
    `${cells} cells, deadline ${deadlineMs} ms: the longest call took ${worst.tookMs.toFixed(0)} ms (${worst.at}), ${(worst.tookMs - deadlineMs).toFixed(0)} ms past it; 0 connections held; memory grew by at most ${(growth.bytes / 1024 / 1024).toFixed(1)} MB (${growth.at})`,
  )
  assert.ok(worst.tookMs < deadlineMs * 2.5, `${worst.tookMs} ms (${worst.at})`)
  assert.ok(growth.bytes < mostGrowth, `${growth.bytes} bytes (${growth.at})`)
}

const nothingSeen = (): Seen => ({ cells: 0, worst: { tookMs: 0, at: '' }, growth: { bytes: 0, at: '' } })

for (const call of gatewayCalls) {
  test(`every fault at ${call} is what the table says, within the deadline, with no connection held and memory bounded, and the truth is found afterwards`, async (t) => {
    const house = await startPaymentsHouse(t, { timeoutMs: deadlineMs, poolSize: 1 })
    const healthy = openMoyasar({ baseUrl: house.simulatorsUrl, secretKey: gatewayKey })
    const seen = nothingSeen()
    for (const [name, meaning] of Object.entries(playedFaults)) {
      const delayMs = delays[name]
      const hurt = () => house.fault({ operation: call, fault: name, ...(delayMs !== undefined && { delayMs }) })
      const mend = async () => {
        await house.clearFaults()
        if (name === 'late-work') await sleep(deadlineMs)
      }
      await runCell(house, { call, name, meaning, hurt, mend }, () => healthy, healthy, seen)
    }
    judge(t, seen)
  })
}

test('every fault of the address, at every call, is what the table says and passes with it', async (t) => {
  const house = await startPaymentsHouse(t, { timeoutMs: deadlineMs, poolSize: 1 })
  const healthy = openMoyasar({ baseUrl: house.simulatorsUrl, secretKey: gatewayKey })
  const addresses = await startBadAddresses(t)
  const seen = nothingSeen()
  for (const [name, meaning] of Object.entries(addressFaults)) {
    const astray = openMoyasar({ baseUrl: addresses[name] ?? assert.fail(name), secretKey: gatewayKey })
    for (const call of gatewayCalls) {
      await runCell(house, { call, name, meaning, hurt: async () => {}, mend: async () => {} }, () => astray, healthy, seen)
    }
  }
  judge(t, seen)
})

test('the table speaks of every fault the played gateway knows, and of no other', async (t) => {
  const house = await startPaymentsHouse(t)
  const { known } = (await (await fetch(`${house.simulatorsUrl}/faults`)).json()) as { known: { moyasar: Record<string, string[]> } }
  for (const call of gatewayCalls) assert.deepEqual((known.moyasar[call] ?? []).toSorted(), Object.keys(playedFaults).toSorted(), call)
  const classes = new Set<CallClass>(Object.values({ ...playedFaults, ...addressFaults }).map((meaning) => meaning.class))
  assert.deepEqual([...classes].toSorted(), Object.keys(toldAtCreation).toSorted())
})
