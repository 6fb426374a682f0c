import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PaymentsHouse, startPaymentsHouse } from '../../tests/support/payments-house.ts'
import { sql } from '#database'
import { Problem } from '#foundation'
import type { PaymentView, StartAsk } from '#payments'
import { openMoyasar } from '../providers/moyasar/index.ts'

const timeoutMs = 1_000

type Outcome = { view: PaymentView } | { problem: string; members: Readonly<Record<string, unknown>> }

async function outcomeOf(starting: Promise<PaymentView>): Promise<Outcome> {
  try {
    return { view: await starting }
  } catch (error) {
    if (error instanceof Problem) return { problem: error.code, members: error.members }
    throw error
  }
}

const said = (outcome: Outcome) => ('view' in outcome ? outcome.view.status : outcome.problem)

async function onlyAttempt(house: PaymentsHouse, { payableId }: StartAsk) {
  const [row, ...more] = await house.payments
    .list(house.database, { limit: 100 })
    .then((rows) => rows.filter(({ bookingId }) => bookingId === payableId))
  assert.ok(row)
  assert.equal(more.length, 0, 'one wish is one attempt')
  return row
}

async function pagesOf(house: PaymentsHouse, attemptId: string) {
  return (await house.gateway<{ invoices: { status: string; url: string }[] }>('GET', `/invoices?metadata[attempt_id]=${attemptId}`))
    .invoices
}

test('a payment is started: the intent is kept, the page is the gateway’s, and it carries our id', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  const view = await house.payments.start(ask)
  assert.equal(view.status, 'redirected')
  const [page, ...more] = await pagesOf(house, view.id)
  assert.equal(more.length, 0)
  assert.equal(page?.url, view.redirectUrl)
  const { gatewayRef } = await house.state(view.id)
  const invoice = await house.gateway<Record<string, unknown>>('GET', `/invoices/${gatewayRef}`)
  assert.deepEqual(
    [invoice['amount'], invoice['currency'], invoice['success_url'], invoice['back_url']],
    [15_000, 'SAR', ask.returnUrl, ask.returnUrl],
  )
  assert.equal(Date.parse(String(invoice['expired_at'])), ask.expiresAt.epochMilliseconds)
})

async function freedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a gateway that nobody answers at is surely not reached; another key starts afresh', async (t) => {
  const house = await startPaymentsHouse(t)
  const nobody = openMoyasar({ baseUrl: `http://127.0.0.1:${await freedPort()}`, secretKey: 'sk_test_nobody' })
  const gone = house.with({ gateway: () => nobody })
  const ask = house.ask()
  assert.equal(said(await outcomeOf(gone.start(ask))), 'payment_provider_unreachable')
  const attempt = await onlyAttempt(house, ask)
  assert.equal(attempt.state, 'failed')
  assert.equal(attempt.nextCheckAt, null)
  const other = await house.payments.start({ ...ask, clientKey: 'another' })
  assert.equal(other.status, 'redirected')
  assert.notEqual(other.id, attempt.id)
})

test('an attempt whose outcome is unknown heals by itself, without the customer', async (t) => {
  const house = await startPaymentsHouse(t)
  const [done, notDone] = [house.ask(), house.ask()]
  await house.fault({ operation: 'create-invoice', fault: 'after-work', times: 1 })
  assert.equal(said(await outcomeOf(house.payments.start(done))), 'payment_outcome_unknown')
  await house.fault({ operation: 'create-invoice', fault: 'before-work', times: 1 })
  assert.equal(said(await outcomeOf(house.payments.start(notDone))), 'payment_outcome_unknown')
  await house.passTime()

  const healed = await onlyAttempt(house, done)
  assert.equal(healed.state, 'redirected')
  assert.equal((await pagesOf(house, healed.id)).length, 1)
  const waiting = await onlyAttempt(house, notDone)
  assert.equal(waiting.state, 'unknown', 'a moment later a page may still appear')
  await house.older(waiting.id, 61)
  await house.passTime()
  const ended = await onlyAttempt(house, notDone)
  assert.deepEqual([ended.state, ended.nextCheckAt, (await house.state(ended.id)).failureReason], ['failed', null, 'never_created'])
})

test('a page that appears only after it was thought never made is found by the same key and not made twice', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  await house.fault({ operation: 'create-invoice', fault: 'after-work', times: 1 })
  await outcomeOf(house.payments.start(ask))
  const { id } = await onlyAttempt(house, ask)
  await house.database.run(sql`update payment set state = 'failed', failure_reason = 'never_created' where id = ${id}`)
  const view = await house.payments.start(ask)
  assert.deepEqual([view.id, view.status], [id, 'redirected'])
  assert.equal((await pagesOf(house, id)).length, 1)
})

test('of several pages of one attempt one is kept and the others are cancelled', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  await house.fault({ operation: 'create-invoice', fault: 'after-work', times: 1 })
  await outcomeOf(house.payments.start(ask))
  const { id } = await onlyAttempt(house, ask)
  await house.gateway('POST', '/invoices', { amount: 15_000, currency: 'SAR', description: 'Haircut', metadata: { attempt_id: id } })
  const view = await house.payments.start(ask)
  const pages = await pagesOf(house, id)
  assert.deepEqual(pages.map(({ status }) => status).toSorted(), ['canceled', 'initiated'])
  assert.equal(pages.find(({ status }) => status === 'initiated')?.url, view.redirectUrl)
})

test('twenty tabs at once, each with its own key, are given one page', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  const views = await Promise.all(Array.from({ length: 20 }, (_, tab) => house.payments.start({ ...ask, clientKey: `tab ${tab}` })))
  assert.equal(new Set(views.map(({ redirectUrl }) => redirectUrl)).size, 1)
  const attempt = await onlyAttempt(house, ask)
  assert.equal((await pagesOf(house, attempt.id)).length, 1)
})

test('tabs that retry a failed attempt and tabs with keys of their own still end on one page', async (t) => {
  const house = await startPaymentsHouse(t, { timeoutMs: 5_000, poolSize: 20 })
  for (let round = 0; round < 5; round++) {
    const ask = house.ask()
    await house.fault({ operation: 'create-invoice', fault: 'refuse', times: 1 })
    assert.equal(said(await outcomeOf(house.payments.start(ask))), 'payment_refused')
    const views = await Promise.all(
      Array.from({ length: 12 }, (_, tab) => house.payments.start(tab % 2 === 0 ? ask : { ...ask, clientKey: `tab ${tab}` })),
    )
    assert.deepEqual([...new Set(views.map(({ status }) => status))], ['redirected'])
    assert.equal(new Set(views.map(({ redirectUrl }) => redirectUrl)).size, 1)
  }
})

test('an attempt whose process died before the gateway answered is continued by the same key and by a sweep', async (t) => {
  const house = await startPaymentsHouse(t)
  const dying = house.with({
    gateway: (real) => ({
      ...real,
      createPage: async (...args) => {
        await real.createPage(...args)
        throw new Error('killed')
      },
    }),
  })
  const [returns, leaves] = [house.ask(), house.ask()]
  for (const ask of [returns, leaves]) {
    await assert.rejects(dying.start(ask), /killed/)
    const { id, state } = await onlyAttempt(house, ask)
    assert.equal(state, 'intent')
    await house.older(id, 0)
  }
  assert.equal((await house.payments.start(returns)).status, 'redirected')
  await house.passTime()
  for (const ask of [returns, leaves]) {
    const { id, state } = await onlyAttempt(house, ask)
    assert.equal(state, 'redirected')
    assert.equal((await pagesOf(house, id)).length, 1)
  }
})

test('no database connection is held while the gateway is silent', async (t) => {
  const house = await startPaymentsHouse(t, { timeoutMs, poolSize: 2 })
  await house.fault({ operation: 'create-invoice', fault: 'hang' })
  const starting = Array.from({ length: 6 }, () => outcomeOf(house.payments.start(house.ask())))
  await sleep(300)
  const startedAt = performance.now()
  await house.database.row(sql`select 1`)
  const waitedMs = performance.now() - startedAt
  assert.deepEqual((await Promise.all(starting)).map(said), Array(6).fill('payment_outcome_unknown'))
  t.diagnostic(`six silent calls, two connections: a query waited ${waitedMs.toFixed(1)} ms`)
  assert.ok(waitedMs < 300)
})

test('a new attempt first closes the page a former one left open, and takes what was paid there', async (t) => {
  const house = await startPaymentsHouse(t)
  await house.switches({ invoiceAfterRefusedCard: 'failed' })
  const ask = house.ask()
  const first = await house.payments.start(ask)
  await house.play(first.redirectUrl, { card: '4123120001090000' })
  assert.equal((await house.payments.settle(first.id, 'webhook')).status, 'failed')
  const second = await house.payments.start({ ...ask, clientKey: 'second try' })
  assert.notEqual(second.id, first.id)
  const [old] = await pagesOf(house, first.id)
  assert.equal(old?.status, 'canceled')
})
