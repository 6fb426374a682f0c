import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql, transaction } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { codeFor, webhookEndpoint, webhookSecret } from '../support/product.ts'
import { type HeldBooking, startPayingCustomer, tablesHolding } from '../support/paying-customer.ts'
import { startPaymentsHouse } from '../support/payments-house.ts'

const card = '4111111111111111'
const clone = fileURLToPath(new URL('../../', import.meta.url))

interface Refused {
  code: string
  title: string
  errors: { pointer: string; code: string }[]
}

test('hands on the money', async (t) => {
  const { product, customer, wish, hold, pay, booking, gateway, play, until } = await startPayingCustomer(t)
  const { database } = product.house
  const pagesOf = async (attemptId: string) =>
    (
      await gateway<{
        invoices: { id: string; amount: number; currency: string; status: string; success_url: string; back_url: string }[]
      }>('GET', `/invoices?metadata[attempt_id]=${attemptId}`)
    ).invoices

  await t.test('57 a card number in any text of ours is refused in plain words and kept nowhere', async () => {
    const held = await hold()
    const attempts = [
      ['/v1/bookings', wish({ note: `my card: ${card}` }), '/note'],
      ['/v1/bookings', wish({ note: 'بطاقتي ٤١١١ ١١١١ ١١١١ ١١١١' }), '/note'],
      ['/v1/bookings', wish({ attendeeName: '4111-1111-1111-1111' }), '/attendeeName'],
      [`/v1/bookings/${held.id}/cancel`, { reason: `please refund ${card}` }, '/reason'],
      ['/v1/auth/sessions', { challengeId: randomUUID(), code: '123456', name: card }, '/name'],
    ] as const
    for (const [path, body, pointer] of attempts) {
      const { status, body: refused } = await customer<Refused>('POST', path, body)
      assert.deepEqual(
        [status, refused.code, refused.errors.map((one) => [one.pointer, one.code])],
        [422, 'card_number_not_taken', [[pointer, 'card_number']]],
        path,
      )
      assert.ok(!JSON.stringify(refused).includes('4111'), 'nor is it said back')
    }
    for (const written of [card, '4111-1111-1111-1111', '٤١١١']) assert.deepEqual(await tablesHolding(product, written), [])
    assert.equal((await booking(held.id)).status, 'held')
  })

  await t.test('57 no field of the interface asks for a card', async () => {
    const contract = await (await fetch(`${product.url}/openapi.json`)).text()
    const names = new Set(Array.from(contract.matchAll(/"([A-Za-z_]+)":\s*\{/g), ([, name = '']) => name.toLowerCase()))
    assert.deepEqual(
      [...names].filter((name) => /^(card|cardnumber|card_number|pan|cvc|cvv|cvn|expiry|expmonth|expyear|securitycode)$/.test(name)),
      [],
    )
  })

  await t.test(
    '58 the customer goes to the gateway’s own page: no frame, no form to elsewhere, no script of the gateway in ours',
    async () => {
      for (const path of ['/', '/bookings', '/v1/businesses']) {
        const policy = (await fetch(product.url + path, { headers: { accept: 'text/html' } })).headers.get('content-security-policy') ?? ''
        assert.match(policy, /frame-src 'none'/, path)
        assert.match(policy, /form-action 'self'/, path)
        assert.match(policy, /default-src 'self'/, path)
        assert.doesNotMatch(policy, /unsafe|moyasar|\*/, path)
      }
      for (const file of builtFiles())
        assert.doesNotMatch(readFileSync(file, 'utf8'), /<iframe|createElement\(["'`]iframe|moyasar\.com|mpf\//i, file)
      const { body } = await pay(await hold())
      assert.ok(body.redirectUrl.startsWith(`${product.simulatorsUrl}/checkout/`), 'a top-level address of the gateway')
    },
  )

  await t.test(
    '59 an amount or a currency of the browser’s choosing is refused; the server’s price is what the page asks for',
    async () => {
      for (const more of [{ amountMinor: 100 }, { price: { amountMinor: 100, currency: 'SAR' } }, { currency: 'KWD' }, { amountDue: 1 }])
        assert.equal((await customer('POST', '/v1/bookings', wish(more))).status, 400)
      const held = await hold()
      assert.equal((await customer('POST', `/v1/bookings/${held.id}/payments`, { amountMinor: 100 })).status, 400)
      const { body } = await pay(held)
      const [page] = await pagesOf(body.id)
      assert.deepEqual([page?.amount, page?.currency], [held.price.amountMinor, held.price.currency])
    },
  )

  await t.test('60 a forged return proves nothing: the booking waits until the gateway itself says paid', async () => {
    const held = await hold()
    const { body } = await pay(held)
    const forged = `returned=1&id=${randomUUID()}&status=paid&message=APPROVED&invoice_id=${randomUUID()}`
    for (const prefix of ['', '/en'])
      assert.equal((await fetch(`${product.url}${prefix}/bookings/${held.id}?${forged}`, { headers: { accept: 'text/html' } })).status, 200)
    assert.equal((await customer('GET', `/v1/bookings/${held.id}?${forged}`)).status, 400)
    assert.equal((await customer<{ status: string }>('GET', `/v1/payments/${body.id}`)).body.status, 'redirected')
    assert.equal((await booking(held.id)).status, 'held')
    await play(body.redirectUrl)
    await until(async () => (await booking(held.id)).status === 'confirmed')
  })

  await t.test('61 a cheaper payment bound to my page by its browser key goes to a person, and confirms nothing', async () => {
    const held = await hold()
    const { body } = await pay(held)
    const [page] = await pagesOf(body.id)
    const source = { type: 'creditcard', name: 'Mallory M', number: '4111114005765430', month: 1, year: 2099, cvc: '123' }
    const browserKey = `pk_test_${'k'.repeat(40)}`
    const cheap = await gateway<{ status: string }>(
      'POST',
      '/payments',
      { amount: 100, currency: 'SAR', callback_url: 'http://shop.test/', invoice_id: page?.id, metadata: { attempt_id: body.id }, source },
      browserKey,
    )
    assert.equal(cheap.status, 'paid')
    await until(async () => (await booking(held.id)).payment?.status === 'integrity_failure')
    assert.equal((await booking(held.id)).status, 'held')
  })

  await t.test('61 another’s payment that is shown for mine moves nothing', async () => {
    const [mine, other] = [await hold(), await hold(await signIn(product, '+966552222222'))]
    const { body: started } = await pay(mine)
    assert.equal((await pay(other)).status, 404, 'nor can I pay theirs')
    const cheap = await gateway<{ id: string; url: string }>('POST', '/invoices', { amount: 100, currency: 'SAR', description: 'x' })
    const { paymentId } = await play(cheap.url)
    const eventId = randomUUID()
    const answer = await fetch(`${product.url}/v1/webhooks/moyasar/${webhookEndpoint}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: eventId,
        type: 'payment_paid',
        secret_token: webhookSecret,
        live: false,
        data: { id: paymentId, status: 'paid', amount: mine.price.amountMinor, invoice_id: cheap.id, metadata: { attempt_id: started.id } },
      }),
    })
    assert.equal(answer.status, 200)
    await until(
      async () => (await database.rows(sql`select 1 from webhook_event where event_id = ${eventId} and attempts > 0`)).length === 1,
    )
    assert.deepEqual([(await booking(mine.id)).status, (await booking(mine.id)).payment?.status], ['held', 'redirected'])
  })

  await t.test('62 the same key twenty times at once is one page at the gateway; for another booking it is refused', async () => {
    const [held, other] = [await hold(), await hold()]
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(held, key)))
    const good = answers.filter(({ status }) => status === 201)
    assert.ok(good.length >= 1)
    assert.deepEqual(
      [...new Set(answers.map(({ status }) => status))].filter((status) => status !== 201 && status !== 409),
      [],
    )
    assert.equal(new Set(good.map(({ body }) => body.redirectUrl)).size, 1)
    assert.equal((await pagesOf(good[0]?.body.id ?? '')).length, 1)
    const reused = await pay(other, key)
    assert.deepEqual([reused.status, reused.body.code], [422, 'idempotency_key_reused'])
  })

  await t.test('64 cancelled ten times at once, the money goes back once', async () => {
    const held = await hold()
    const { body } = await pay(held)
    const { paymentId } = await play(body.redirectUrl)
    await until(async () => (await booking(held.id)).status === 'confirmed')
    await Promise.all(Array.from({ length: 10 }, () => customer('POST', `/v1/bookings/${held.id}/cancel`, {})))
    await until(async () => (await booking(held.id)).payment?.status === 'refunded')
    const charge = await gateway<{ status: string; amount: number; refunded: number }>('GET', `/payments/${paymentId}`)
    // So soon after paying it is voided: all of it is back, and the gateway counts nothing of that as refunded.
    assert.deepEqual([charge.status, charge.refunded], ['voided', 0])
    assert.equal((await booking(held.id)).payment?.refunded?.amountMinor, charge.amount)
    assert.equal((await database.rows(sql`select 1 from refund where gateway_charge_id = ${paymentId}`)).length, 1)
  })

  await t.test('65 nobody is sent to an address of another: not by next, not by slashes, not by a forged host', async () => {
    const elsewhere = ['https://evil.test', '//evil.test/', '/\\evil.test', '/%2f%2fevil.test', '/%5cevil.test', '/.//evil.test/..']
    const paths = elsewhere.flatMap((to) => [
      `/?next=${to}`,
      `/bookings?next=${to}&redirect=${to}&return_url=${to}`,
      ...(to.startsWith('/') ? [to] : []),
    ])
    for (const path of paths) assert.deepEqual(await redirectOf(product.url, path), null, path)
    const held = await hold()
    const { body } = await pay(held)
    const [page] = await pagesOf(body.id)
    const own = `${product.url}/bookings/${held.id}?returned=1`
    assert.deepEqual([page?.success_url, page?.back_url], [own, own])
    assert.equal(
      (await fetch(`${product.url}/v1/bookings/${(await hold()).id}/payments?success_url=https://evil.test`, { method: 'POST' })).status >=
        400,
      true,
    )
  })
})

test('64 more than was paid is never owed back, not even by two at once', async (t) => {
  const house = await startPaymentsHouse(t)
  const ask = house.ask()
  const { id, redirectUrl } = await house.payments.start(ask)
  const { paymentId } = await house.play(redirectUrl)
  await house.payments.settle(id, 'webhook')
  const owe = (amountMinor: number) =>
    transaction(house.database, (tx) =>
      house.payments.refundPaid(tx, ask.payableId, { amountMinor, currency: 'SAR' }, 'cancelled_by_customer'),
    )
  const ends = await Promise.allSettled(Array.from({ length: 8 }, () => owe(9_000)))
  assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1)
  await assert.rejects(owe(15_001))
  await house.passTime()
  assert.equal((await house.gateway<{ refunded: number }>('GET', `/payments/${paymentId}`)).refunded, 9_000)
})

test('63 71 what proves, what pays and who it is are in no log line; keys are in no bundle, no file of the repository and no answer', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'thabit-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'server.log')
  const phone = '+966554443322'
  const { product, customer, hold, pay, play, fault, booking, until } = await startPayingCustomer(t, {
    phone,
    env: { LOG_LEVEL: 'trace', LOG_FILE: file, MOYASAR_TIMEOUT_MS: '500' },
  })
  const answers: string[] = []
  const note = async <T>(call: Promise<{ body: T }>): Promise<T> => {
    const { body } = await call
    answers.push(JSON.stringify(body))
    return body
  }
  const held = await hold()
  for (const name of ['http-401', 'http-500', 'html', 'wrong-id', 'hang', 'refuse']) {
    await fault('create-invoice', name)
    await note(pay(await hold()))
  }
  const started = await note(pay(held))
  await fault('webhook', 'forged-webhook')
  await play(started.redirectUrl)
  await until(async () => (await booking(held.id)).status === 'confirmed')
  await note(customer<HeldBooking>('POST', '/v1/bookings', { note: `card ${card}` }))
  const code = await codeFor(product.simulatorsUrl, phone)
  await product.stop()

  const log = readFileSync(file, 'utf8')
  assert.ok(log.split('\n').length > 20, 'there is a log to look at')
  const secrets = {
    'webhook secret': webhookSecret,
    'gateway key': 'k'.repeat(40),
    'token secret': 'a-token-secret-of-this-test-only',
    'one-time code': `"${code}"`,
    phone,
    'phone without plus': phone.slice(1),
    card,
    'forged secret': '"secret_token":"forged',
  }
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(!log.includes(secret), `the log holds the ${what}`)
    if (what !== 'phone' && what !== 'phone without plus') assert.ok(!answers.join('\n').includes(secret), `an answer holds the ${what}`)
  }
  assert.doesNotMatch(log, /eyJ[\w-]+\.[\w-]+\.[\w-]+|Bearer |Basic [A-Za-z0-9+/]{20}|[?&]token=/, 'a token')

  const keys = /\b[sp]k_(?:live|test)_[A-Za-z0-9]{40}\b|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/]/
  assert.match(`key: ${['sk', 'live', 'a'.repeat(40)].join('_')};`, keys, 'the search finds one')
  const holding = [...builtFiles(), ...repositoryFiles()].filter((path) => keys.test(readFileSync(path, 'latin1')))
  assert.deepEqual(holding, [])
  for (const path of builtFiles()) assert.doesNotMatch(readFileSync(path, 'latin1'), /\bsk_(?:live|test)_|secret_token|TOKEN_SECRET/, path)
})

/** Where an address sends whoever asks for it, as it is written on the wire; null when it sends nowhere or to our own paths. */
function redirectOf(url: string, path: string): Promise<string | null> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test', accept: 'text/html' } }, (answer) => {
      answer.resume()
      const { location } = answer.headers
      resolve(location === undefined || /^\/(?![/\\])/.test(location) ? null : location)
    })
      .on('error', reject)
      .end()
  })
}

function builtFiles(): string[] {
  return filesUnder(join(clone, 'web/dist')).filter((path) => /\.(js|css|html)$/.test(path))
}

function repositoryFiles(): string[] {
  return filesUnder(clone).filter((path) => /\.([cm]?[jt]sx?|json|md|sql|ya?ml|html|css|env|example|txt|sh)$/.test(path))
}

const notOurs = new Set(['node_modules', '.git', 'dist', '.thabit'])

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesUnder(path)
    return entry.isFile() ? [path] : []
  })
}
