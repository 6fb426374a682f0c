import assert from 'node:assert/strict'
import { randomInt, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql, transaction } from '../../server/database/index.ts'
import { inParallel, seeded } from '../support/chance.ts'
import { type PaymentsHouse, startPaymentsHouse } from '../support/payments-house.ts'

const invoice = { amount: 15_000, currency: 'SAR', description: 'Haircut' }
const someone = { by: randomUUID(), budgetMs: 120_000 }

interface Paid {
  id: string
  payableId: string
  chargeId: string
}

async function pay(house: PaymentsHouse): Promise<Paid> {
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  assert.equal((await house.payments.settle(id, 'webhook')).status, 'paid')
  return { id, payableId: ask.payableId, chargeId: paymentId }
}

async function refunded(house: PaymentsHouse, { payableId }: Paid): Promise<void> {
  await transaction(house.database, (tx) =>
    house.payments.refundPaid(tx, payableId, { amountMinor: 5_000, currency: 'SAR' }, 'cancelled_by_customer'),
  )
}

async function paidInvoice(house: PaymentsHouse, metadata?: Record<string, string>): Promise<string> {
  const { url } = await house.gateway<{ url: string }>('POST', '/invoices', { ...invoice, ...(metadata && { metadata }) })
  return (await house.play(url)).paymentId
}

/** Past every guard of the schema, as a restore or a hand in the database would. */
async function past(house: PaymentsHouse, ...statements: ReturnType<typeof sql>[]): Promise<void> {
  const client = await house.database.pool.connect()
  try {
    await client.query('set session_replication_role = replica')
    for (const { text, values } of statements) await client.query(text, values)
  } finally {
    await client.query('set session_replication_role = origin')
    client.release()
  }
}

type Harm = (house: PaymentsHouse, paid: Paid) => Promise<string | null>

/** Ways in which what we remember and what the gateway did come apart, each with the item it must become; null: it is put right without one. */
const harms: Record<string, { harm: Harm; opens: string | null }> = {
  'a payment whose row is gone': {
    opens: 'paid_unknown_to_us',
    harm: async (house, { id, chargeId }) => {
      await past(house, sql`delete from ledger_entry where payment_id = ${id}`, sql`delete from payment where id = ${id}`)
      return chargeId
    },
  },
  'a payment of which nobody heard that it was paid': {
    opens: null,
    harm: async (house, { id }) => {
      await past(
        house,
        sql`delete from ledger_entry where payment_id = ${id}`,
        sql`update payment set state = 'redirected', disposition = null, gateway_charge_id = null, next_check_at = null where id = ${id}`,
      )
      return null
    },
  },
  'a payment given up too early': {
    opens: null,
    harm: async (house, { id }) => {
      await past(
        house,
        sql`delete from ledger_entry where payment_id = ${id}`,
        sql`update payment set state = 'failed', disposition = null, gateway_charge_id = null, gateway_ref = null, next_check_at = null where id = ${id}`,
      )
      return null
    },
  },
  'a payment that the gateway never had': {
    opens: 'paid_here_not_there',
    harm: async (house) => {
      const chargeId = randomUUID()
      await past(
        house,
        sql`insert into payment (business_id, payable_id, client_key, provider, gateway_charge_id, amount_minor, currency, state, disposition, expires_at)
            select business_id, ${randomUUID()}, 'k', provider, ${chargeId}, 15000, 'SAR', 'paid', 'applied', now() from payment limit 1`,
      )
      return chargeId
    },
  },
  'an amount of ours that is not theirs': {
    opens: 'amount_differs',
    harm: async (house, { id, chargeId }) => {
      await past(house, sql`update payment set amount_minor = amount_minor - 1 - ${randomInt(5_000)}::integer where id = ${id}`)
      return chargeId
    },
  },
  'a refund of ours that is forgotten': {
    opens: 'refund_differs',
    harm: async (house, paid) => {
      await refunded(house, paid)
      await house.passTime()
      await past(house, sql`delete from refund where payment_id = ${paid.id}`)
      return paid.chargeId
    },
  },
  'a refund that never arrived': {
    opens: 'refund_differs',
    harm: async (house, { id, chargeId }) => {
      await past(
        house,
        sql`insert into refund (payment_id, gateway_charge_id, amount_minor, reason, state) values (${id}, ${chargeId}, 5000, 'cancelled_by_customer', 'refunded')`,
      )
      return chargeId
    },
  },
  'money returned by hand at the gateway': {
    opens: 'refund_differs',
    harm: async (house, { chargeId }) => {
      await house.gateway('POST', `/payments/${chargeId}/refund`, { amount: 100 + randomInt(14_000) })
      return chargeId
    },
  },
  'a second page of an attempt that was paid too': {
    opens: 'second_page_paid',
    harm: (house, { id }) => paidInvoice(house, { attempt_id: id }),
  },
  'money that names nobody': { opens: 'paid_unknown_to_us', harm: (house) => paidInvoice(house) },
}

test('of two hundred payments damaged at random every break is found: put right, or an item for a person, and nothing else is', async (t) => {
  const { seed, pick } = seeded()
  t.diagnostic(`THABIT_SEED=${seed}`)
  const house = await startPaymentsHouse(t, { timeoutMs: 10_000 })
  const payments = await inParallel(200, 8, () => pay(house))
  // The first comparison finds a sound house.
  const sound = await house.payments.reconcile(someone)
  assert.deepEqual([sound.complete, sound.seen, sound.repaired, sound.opened], [true, 200, 0, 0])

  const names = Object.keys(harms)
  const wanted = new Map<string, string>()
  let repaired = 0
  const injected: Record<string, number> = {}
  for (const paid of payments.filter((_, at) => at % 4 === 0)) {
    const name = pick(names)
    const { harm, opens } = harms[name]!
    const subject = await harm(house, paid)
    injected[name] = (injected[name] ?? 0) + 1
    if (opens === null) repaired += 1
    else wanted.set(`${opens} ${subject}`, name)
  }
  t.diagnostic(JSON.stringify(injected))

  const startedAt = performance.now()
  const run = await house.payments.reconcile(someone)
  t.diagnostic(
    `injected ${wanted.size + repaired}, repaired ${run.repaired}, opened ${run.opened}, ${run.seen} looked at in ${Math.round(performance.now() - startedAt)} ms`,
  )
  const items = async () =>
    (
      await house.database.rows<{ kind: string; subject: string }>(
        sql`select kind, subject from money_difference where resolved_at is null`,
      )
    ).map(({ kind, subject }) => `${kind} ${subject}`)
  assert.deepEqual((await items()).toSorted(), [...wanted.keys()].toSorted())
  assert.deepEqual([run.complete, run.repaired, run.opened], [true, repaired, wanted.size])

  // The same again says nothing new, and forgets nothing.
  const again = await house.payments.reconcile(someone)
  assert.deepEqual([again.repaired, again.opened, (await items()).length], [0, 0, wanted.size])
})

test('a list that shifts while it is read, or comes twice, is compared whole; one that breaks off is not believed', async (t) => {
  const house = await startPaymentsHouse(t)
  await inParallel(45, 5, () => pay(house))
  let late = 0
  const shifting = house.with({
    gateway: (real) => ({
      ...real,
      async listCharges(...ask) {
        // A payment made between two pages pushes the last of the first onto the second.
        if (ask[1] !== null && late++ === 0) await paidInvoice(house)
        return real.listCharges(...ask)
      },
    }),
  })
  const run = await shifting.reconcile(someone)
  assert.deepEqual([run.complete, run.seen, run.opened], [true, 45, 0])
  assert.equal((await house.payments.reconcile(someone)).opened, 1)

  await house.fault({ operation: 'list-payments', fault: 'http-503' })
  const broken = await house.payments.reconcile(someone)
  assert.deepEqual([broken.complete, broken.error, broken.opened], [false, 'http_5xx', 0])
  await house.clearFaults()
  await house.fault({ operation: 'list-payments', fault: 'truncated', times: 1 })
  assert.equal((await house.payments.reconcile(someone)).complete, false)
})

test('what the gateway cannot be asked about just now is no difference', async (t) => {
  const house = await startPaymentsHouse(t, { timeoutMs: 500 })
  const paid = await pay(house)
  await harms['a payment of which nobody heard that it was paid']!.harm(house, paid)
  await house.fault({ operation: 'get-invoice', fault: 'hang' })
  const run = await house.payments.reconcile(someone)
  assert.deepEqual([run.complete, run.repaired, run.opened], [false, 0, 0])
  await house.clearFaults()
  const second = await house.payments.reconcile(someone)
  assert.deepEqual([second.complete, second.repaired, second.opened], [true, 1, 0])
  assert.equal((await house.state(paid.id)).state, 'paid')
})

test('two at once compare once', async (t) => {
  const house = await startPaymentsHouse(t)
  await pay(house)
  const both = await Promise.allSettled([house.payments.reconcile(someone), house.payments.reconcile(someone)])
  const refused = both.flatMap((one) => (one.status === 'rejected' ? [String((one.reason as { code?: string }).code)] : []))
  assert.ok(refused.length <= 1 && refused.every((code) => code === 'reconciliation_running'), refused.join())
  // One that died keeps nobody waiting for ever.
  await house.database.run(
    sql`insert into reconciliation (from_at, to_at, database_identity, lease_until) values (now(), now(), 'x', now() - interval '1 second')`,
  )
  assert.equal((await house.payments.reconcile(someone)).complete, true)
})

test('a database that was restored or failed over compares at once, without being told to', async (t) => {
  const house = await startPaymentsHouse(t)
  const paid = await pay(house)
  const sweep = house.payments.sweeps.find(({ name }) => name === 'reconcile')
  const items = async () => (await house.database.rows(sql`select 1 from money_difference where resolved_at is null`)).length
  await sweep?.run()
  // The last commits are gone; what was compared before says nothing of them.
  const subject = await harms['a payment whose row is gone']!.harm(house, paid)
  await sweep?.run()
  assert.equal(await items(), 0, 'compared moments ago: not due')
  await house.database.run(sql`update reconciliation set database_identity = 'the history before', started_at = now() - interval '1 hour'`)
  await sweep?.run()
  const { differences } = await house.payments.openMoney(house.database)
  assert.deepEqual(
    differences.map(({ kind, gatewayChargeId }) => [kind, gatewayChargeId]),
    [['paid_unknown_to_us', subject]],
  )
})
