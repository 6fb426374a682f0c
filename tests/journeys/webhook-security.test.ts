import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '../../server/database/index.ts'
import { webhookEndpoint, webhookSecret } from '../support/product.ts'
import { startPayingCustomer, tablesHolding } from '../support/paying-customer.ts'

const formerSecret = 'the-former-webhook-secret-of-this-test'

test('hostile webhooks', async (t) => {
  const { product, hold, pay, play, booking, fault, until } = await startPayingCustomer(t, {
    env: { MOYASAR_WEBHOOK_SECRET_BEFORE: formerSecret },
  })
  const { database } = product.house
  const address = `${product.url}/v1/webhooks/moyasar/${webhookEndpoint}`
  const post = (body: unknown, headers: Record<string, string> = {}, url = address) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const event = (data: object, more: object = {}) => ({
    id: randomUUID(),
    type: 'payment_paid',
    created_at: new Date().toISOString(),
    secret_token: webhookSecret,
    account_name: null,
    live: false,
    data,
    ...more,
  })
  const kept = async () => (await database.row<{ count: number }>(sql`select count(*) as count from webhook_event`))?.count ?? 0
  const checksOf = async (id: string) =>
    (await database.row<{ checks: number }>(sql`select checks from payment where id = ${id}`))?.checks ?? 0
  /** A booking whose page is open, and what a forger may know of it. */
  const open = async () => {
    const held = await hold()
    const { body } = await pay(held)
    const row = await database.row<{ gatewayRef: string }>(sql`select gateway_ref from payment where id = ${body.id}`)
    return {
      held,
      payment: body,
      data: {
        id: randomUUID(),
        status: 'paid',
        amount: held.price.amountMinor,
        invoice_id: row?.gatewayRef,
        metadata: { attempt_id: body.id },
      },
    }
  }

  const wrongSecrets: unknown[] = [
    undefined,
    null,
    '',
    ' ',
    'x',
    webhookSecret.slice(0, -1),
    `${webhookSecret}x`,
    webhookSecret.toUpperCase(),
    ` ${webhookSecret}`,
    'x'.repeat(10_000),
    [webhookSecret],
    { $eq: webhookSecret },
    true,
    0,
    1e308,
  ]

  await t.test(
    '66 a secret that is missing, short, long, almost right or of another type is turned away alike and leaves nothing',
    async () => {
      const { data, payment, held } = await open()
      const [before, asked] = [await kept(), await checksOf(payment.id)]
      const said = new Set<string>()
      for (const secret of wrongSecrets) {
        const answer = await post(event(data, { secret_token: secret }))
        const { instance: _, ...body } = (await answer.json()) as Record<string, unknown>
        said.add(JSON.stringify([answer.status, body]))
      }
      for (const body of [[], [event(data)], 'null', 'true', '"text"', '{}', { secret_token: webhookSecret }]) {
        const answer = await post(body)
        assert.ok(answer.status === 401 || answer.status === 400, `${JSON.stringify(body).slice(0, 40)}: ${answer.status}`)
      }
      assert.equal((await post(event(data), {}, `${product.url}/v1/webhooks/moyasar/${webhookEndpoint}x`)).status, 401)
      assert.equal(said.size, 1, [...said].join('\n'))
      assert.match([...said][0] ?? '', /^\[401,.*webhook_not_trusted/)
      assert.deepEqual([await kept(), (await booking(held.id)).status], [before, 'held'])
      assert.ok((await checksOf(payment.id)) - asked <= 2, 'nobody was asked but by our own sweep')
    },
  )

  await t.test('66 an almost right secret takes no longer to refuse than a wrong one', async () => {
    const { data } = await open()
    const { app } = product.house
    const timed = async (secret: string): Promise<number> => {
      const startedAt = performance.now()
      await app.inject({ method: 'POST', url: `/v1/webhooks/moyasar/${webhookEndpoint}`, payload: event(data, { secret_token: secret }) })
      return performance.now() - startedAt
    }
    const near = `${webhookSecret.slice(0, -1)}x`
    const far = 'y'.repeat(webhookSecret.length)
    const times: Record<string, number[]> = { [near]: [], [far]: [] }
    for (let round = 0; round < 300; round++)
      for (const secret of round % 2 === 0 ? [near, far] : [far, near]) times[secret]?.push(await timed(secret))
    const median = (secret: string) => times[secret]?.toSorted((a, b) => a - b)[150] ?? 0
    t.diagnostic(`refusing takes ${median(near).toFixed(3)} ms for all but the last letter right, ${median(far).toFixed(3)} ms for none`)
    assert.ok(Math.abs(median(near) - median(far)) < Math.max(median(near), median(far)) * 0.5)
  })

  await t.test('while the secret is being changed the former one is taken too', async () => {
    const { data } = await open()
    const before = await kept()
    assert.equal((await post(event(data, { secret_token: formerSecret }))).status, 200)
    assert.equal((await post(event(data, { secret_token: `${formerSecret}x` }))).status, 401)
    assert.equal(await kept(), before + 1)
    assert.deepEqual(await tablesHolding(product, formerSecret), [])
  })

  await t.test('67 the right secret and a lie: asked, and nothing moves', async () => {
    const { data, held, payment } = await open()
    const before = await checksOf(payment.id)
    assert.equal((await post(event(data))).status, 200)
    await until(async () => (await checksOf(payment.id)) > before)
    assert.deepEqual([(await booking(held.id)).status, (await booking(held.id)).payment?.status], ['held', 'redirected'])
  })

  await t.test('68 the same event a hundred times at once is kept once, answered 200 each time, and has one effect', async () => {
    const { data, held, payment } = await open()
    await fault('webhook', 'drop-webhook')
    const { paymentId } = await play(payment.redirectUrl)
    const before = await kept()
    const one = event({ ...data, id: paymentId })
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(one)))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    assert.equal((await kept()) - before, 1)
    await until(async () => (await booking(held.id)).status === 'confirmed')
    const steps = await database.rows(sql`select 1 from audit_entry where subject_id = ${payment.id} and action = 'payment.paid'`)
    assert.equal(steps.length, 1)
  })

  await t.test('69 too much, too deep, of another kind or asked for: each has its refusal', async () => {
    const { data } = await open()
    const before = await kept()
    const huge = event({ ...data, pad: 'x'.repeat(10_000_000) })
    assert.equal((await product.house.app.inject({ method: 'POST', url: new URL(address).pathname, payload: huge })).statusCode, 413)
    // Over a socket it is cut off while it still sends.
    assert.ok(
      [413, 'cut'].includes(
        await post(huge).then(
          ({ status }) => status,
          () => 'cut',
        ),
      ),
    )
    assert.equal(
      (await post(`{"secret_token":${JSON.stringify(webhookSecret)},"data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).status,
      400,
    )
    assert.equal((await post(`{"id":"x","secret_token":"${webhookSecret}",`)).status, 400)
    assert.equal((await post(event(data), { 'content-type': 'text/plain' })).status, 415)
    assert.equal((await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status, 415)
    assert.equal((await post('<x/>', { 'content-type': 'application/xml' })).status, 415)
    const asked = await fetch(address)
    assert.deepEqual([asked.status, asked.headers.get('allow')], [405, 'POST'])
    assert.equal(await kept(), before)
  })

  await t.test('70 a thousand forged events under a leaked secret cost a few questions, and customers are served meanwhile', async () => {
    const { data, held, payment } = await open()
    const before = await checksOf(payment.id)
    const startedAt = performance.now()
    const flood = Array.from({ length: 1_000 }, (_, index) => index)
    const waits: number[] = []
    const statuses = new Set<number>()
    const sender = async () => {
      while (flood.pop() !== undefined) statuses.add((await post(event({ ...data, id: randomUUID() }))).status)
    }
    const customer = async () => {
      while (flood.length > 0) {
        const askedAt = performance.now()
        assert.equal((await fetch(`${product.url}/v1/businesses`)).status, 200)
        waits.push(performance.now() - askedAt)
      }
    }
    await Promise.all([...Array.from({ length: 20 }, sender), customer()])
    assert.deepEqual([...statuses], [200])
    // What was kept is acted on now, as fast as it may be.
    await sleep(3_000)
    const seconds = (performance.now() - startedAt) / 1_000
    const asked = (await checksOf(payment.id)) - before
    t.diagnostic(
      `1,000 forged events, and ${seconds.toFixed(1)} s from the first of them: ${asked} questions to the gateway; the customers’ ${waits.length} requests meanwhile took at most ${Math.max(...waits).toFixed(0)} ms`,
    )
    assert.ok(asked <= Math.ceil(seconds) + 3, `${asked} questions in ${seconds} s`)
    assert.ok(Math.max(...waits) < 3_000)
    const [events, questions] = [await kept(), await checksOf(payment.id)]
    const guesses = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        product.house.app.inject({
          method: 'POST',
          url: new URL(address).pathname,
          payload: event(data, { secret_token: `guess ${index}` }),
        }),
      ),
    )
    assert.deepEqual([...new Set(guesses.map(({ statusCode }) => statusCode))], [401])
    assert.equal(await kept(), events, 'without the secret nothing is even kept')
    assert.ok((await checksOf(payment.id)) - questions <= 2)
    assert.equal((await booking(held.id)).status, 'held')
  })

  await t.test('71 what is kept of an event has no secret, no holder and no token', async () => {
    const { data } = await open()
    const tell = {
      token: 'token_of_this_test_only',
      transaction_url: 'https://bank.test/form?token=auth_of_this_test',
      name: 'Holder Of This Test',
      number: '4111-11XX-XXXX-1111',
    }
    assert.equal((await post(event({ ...data, source: { type: 'creditcard', ...tell } }))).status, 200)
    for (const secret of [webhookSecret, 'token_of_this_test', 'auth_of_this_test', 'Holder Of This Test', '4111-11XX'])
      assert.deepEqual(await tablesHolding(product, secret), [], secret)
  })

  await t.test('72 nothing rests on where a webhook seems to come from', async () => {
    const { data } = await open()
    for (const from of ['127.0.0.1', '3.28.0.1', '10.0.0.1, 3.28.0.1', 'moyasar.com']) {
      const headers = { 'x-forwarded-for': from, 'x-real-ip': from, 'cf-connecting-ip': from, 'user-agent': 'Moyasar' }
      assert.equal((await post(event(data, { secret_token: 'guessed' }), headers)).status, 401, from)
      assert.equal((await post(event(data), headers)).status, 200, from)
    }
  })
})
