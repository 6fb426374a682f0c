import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { codeFor, messageTo, type Product, startProduct } from '../support/product.ts'

interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

async function call(
  product: Product,
  method: string,
  path: string,
  { body, ...headers }: { body?: unknown; [header: string]: unknown } = {},
): Promise<Answer> {
  const response = await fetch(product.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(headers as Record<string, string>) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
}

const askCode = (product: Product, phone: string, members: Record<string, unknown> = {}) =>
  call(product, 'POST', '/v1/auth/codes', { body: { phone, ...members } })
const signIn = (product: Product, challengeId: unknown, code: string) =>
  call(product, 'POST', '/v1/auth/sessions', { body: { challengeId, code } })
const codeOf = ({ body }: Answer) => body['code']

async function setFault(product: Product, fault: string, more: Record<string, unknown> = {}): Promise<void> {
  const answer = await fetch(`${product.simulatorsUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'unifonic', operation: 'send', fault, times: 1, ...more }),
  })
  assert.ok(answer.ok, await answer.text())
}

const textsTo = async (product: Product, phone: string) =>
  ((await (await fetch(`${product.simulatorsUrl}/inbox.json?to=${encodeURIComponent(phone)}`)).json()) as unknown[]).length

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A number nobody in this file used before: each may be sent one code a minute. */
let used = 0
const newPhone = () => `+96655300${String(++used).padStart(4, '0')}`

test('signing in by code', async (t: TestContext) => {
  const product = await startProduct(t, { env: { CODE_RESEND_MS: '60000', CODE_TIMEOUT_MS: '700' } })

  await t.test('every spelling of the superuser’s number signs in to the one account that opens the operator’s page', async () => {
    const local = `0${product.superuserPhone.slice(4)}`
    const arabic = local.replace(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit)))
    const ids = new Set<unknown>()
    const asked = await askCode(product, arabic)
    assert.equal(asked.status, 201)
    const code = await codeFor(product.simulatorsUrl, product.superuserPhone)
    // The same number in another spelling is the same number: it has to wait.
    for (const written of [local, product.superuserPhone, `00966 ${local.slice(1)}`])
      assert.equal(codeOf(await askCode(product, written)), 'code_too_soon')
    const arabicCode = code.replace(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit)))
    const session = await signIn(product, asked.body['challengeId'], arabicCode)
    assert.equal(session.status, 201)
    ids.add((session.body['account'] as { id: string }).id)
    const superuser = await product.house.makeSuperuser(local)
    ids.add(superuser.accountId)
    assert.equal(ids.size, 1)
    assert.equal(superuser.created, false)
    const ops = await call(product, 'GET', '/v1/ops/notifications', { authorization: `Bearer ${String(session.body['accessToken'])}` })
    assert.equal(ops.status, 200)
  })

  await t.test('a customer signs in, is known, and may not see the operator’s page', async () => {
    const phone = newPhone()
    const asked = await askCode(product, phone, { locale: 'en' })
    assert.match(await messageTo(product.simulatorsUrl, phone), /^Thabit sign-in code: \d{6}/)
    const session = await signIn(product, asked.body['challengeId'], await codeFor(product.simulatorsUrl, phone))
    const authorization = `Bearer ${String(session.body['accessToken'])}`
    const me = await call(product, 'GET', '/v1/me', { authorization })
    assert.deepEqual({ phone: me.body['phone'], locale: me.body['locale'], roles: me.body['roles'] }, { phone, locale: 'en', roles: [] })
    assert.equal((await call(product, 'GET', '/v1/ops/notifications', { authorization })).status, 403)
    assert.equal((await call(product, 'GET', '/v1/me')).status, 401)

    const cookie = (session.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const refreshed = await call(product, 'POST', '/v1/auth/sessions/refresh', { cookie })
    assert.equal(refreshed.status, 200)
    assert.equal((await call(product, 'DELETE', '/v1/auth/sessions/current', { cookie, authorization })).status, 204)
    assert.equal((await call(product, 'GET', '/v1/me', { authorization: `Bearer ${String(refreshed.body['accessToken'])}` })).status, 401)
  })

  await t.test('a second code within the minute is refused with the time to wait, and no text is sent', async () => {
    const phone = newPhone()
    const first = await askCode(product, phone)
    const pause = Date.parse(String(first.body['resendAt'])) - Date.now()
    assert.ok(pause > 55_000 && pause <= 61_000, `${pause} ms`)
    const second = await askCode(product, phone)
    assert.equal(second.status, 429)
    assert.equal(codeOf(second), 'code_too_soon')
    const seconds = Number(second.headers.get('retry-after'))
    assert.ok(seconds > 50 && seconds <= 60, `${seconds} s`)
    assert.equal(await textsTo(product, phone), 1)
  })

  await t.test('a number that is none, and one of a country that gets no codes, are told apart in both languages', async () => {
    for (const [phone, code, ar, en] of [
      ['0112345678', 'phone_invalid', /جوال/, /mobile number/],
      ['+447911123456', 'phone_country_not_allowed', /الدولة/, /country/],
    ] as const) {
      for (const [language, title] of [
        ['ar', ar],
        ['en', en],
      ] as const) {
        const answer = await call(product, 'POST', '/v1/auth/codes', { body: { phone }, 'accept-language': language })
        assert.equal(answer.status, 422)
        assert.equal(codeOf(answer), code)
        assert.match(String(answer.body['title']), title)
      }
    }
    assert.equal(await textsTo(product, '+447911123456'), 0)
  })

  await t.test('a vendor that refuses: the client is told, and may ask again at once', async () => {
    const phone = newPhone()
    await setFault(product, 'refuse')
    const refused = await askCode(product, phone)
    assert.equal(refused.status, 422)
    assert.equal(codeOf(refused), 'code_refused')
    await setFault(product, 'http-401')
    const misconfigured = await askCode(product, phone)
    assert.equal(misconfigured.status, 502)
    assert.equal(codeOf(misconfigured), 'code_provider_refused')
    assert.equal((await askCode(product, phone)).status, 201)
  })

  await t.test('a vendor that answers too late: delivery is unknown within the deadline, and the code that came works', async () => {
    const phone = newPhone()
    await setFault(product, 'slow', { delayMs: 3_000 })
    const startedAt = performance.now()
    const asked = await askCode(product, phone)
    const tookMs = performance.now() - startedAt
    assert.equal(asked.status, 504)
    assert.equal(codeOf(asked), 'code_delivery_unknown')
    assert.ok(tookMs >= 650 && tookMs < 2_500, `${tookMs} ms`)
    assert.ok(Date.parse(String(asked.body['expiresAt'])) > Date.now())
    assert.equal(codeOf(await askCode(product, phone)), 'code_too_soon', 'it may have been sent, so the number waits')
    assert.equal((await signIn(product, asked.body['challengeId'], await codeFor(product.simulatorsUrl, phone))).status, 201)
  })

  for (const [fault, what] of [
    ['after-work', 'cuts the line after it sent the text'],
    ['html', 'answers with a web page'],
    ['truncated', 'cuts its answer'],
    ['drip', 'drips its answer'],
  ] as const) {
    await t.test(`a vendor that ${what}: delivery is unknown, and nothing is claimed`, async () => {
      const phone = newPhone()
      await setFault(product, fault)
      const asked = await askCode(product, phone)
      assert.equal(asked.status, 504)
      assert.equal(codeOf(asked), 'code_delivery_unknown')
      assert.ok(typeof asked.body['challengeId'] === 'string')
      // One answer that came whole keeps the circuit of this vendor closed for the next test.
      assert.equal((await askCode(product, newPhone())).status, 201)
    })
  }

  await t.test('wrong, unknown and used up are one answer', async () => {
    const phone = newPhone()
    const { body } = await askCode(product, phone)
    const code = await codeFor(product.simulatorsUrl, phone)
    const wrong = await signIn(product, body['challengeId'], code === '123456' ? '654321' : '123456')
    const unknown = await signIn(product, crypto.randomUUID(), code)
    assert.equal((await signIn(product, body['challengeId'], code)).status, 201)
    const usedUp = await signIn(product, body['challengeId'], code)
    const noCode = await signIn(product, body['challengeId'], 'abcdef')
    const seen = [wrong, unknown, usedUp, noCode].map((answer) => JSON.stringify({ ...answer.body, instance: null, status: answer.status }))
    assert.equal(new Set(seen).size, 1, seen.join('\n'))
    assert.equal(codeOf(wrong), 'code_invalid')
  })

  await t.test('whether a number has an account cannot be told from the answer', async () => {
    const answers = [await askCode(product, newPhone()), await askCode(product, '+966500000009')]
    await product.house.makeSuperuser('+966500000008')
    answers.push(await askCode(product, '+966500000008'))
    for (const { status, body } of answers)
      assert.deepEqual([status, Object.keys(body).toSorted()], [201, ['challengeId', 'expiresAt', 'resendAt']])
  })

  await t.test('unknown fields, missing fields and wrong types are refused before anything is sent', async () => {
    for (const body of [
      {},
      { phone: 5 },
      { phone: '' },
      { phone: '0551234567', bypass: true },
      { phone: '0551234567', locale: 'fr' },
      { phone: '0'.repeat(41) },
      [],
    ]) {
      const answer = await call(product, 'POST', '/v1/auth/codes', { body })
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.equal(codeOf(answer), 'invalid_request')
    }
    assert.equal((await signIn(product, 'not-an-id', '123456')).status, 400)
  })
})

test('a vendor that cannot be reached is a third answer; after some of them it is not asked for a while', async (t) => {
  const product = await startProduct(t, { env: { CODE_RESEND_MS: '60000', UNIFONIC_BASE_URL: `http://127.0.0.1:${await closedPort()}` } })
  const phone = newPhone()
  for (let nth = 0; nth < 5; nth++) {
    const answer = await askCode(product, phone)
    assert.equal(answer.status, 502)
    assert.equal(codeOf(answer), 'code_provider_unreachable')
  }
  const paused = await askCode(product, phone)
  assert.equal(paused.status, 503)
  assert.equal(codeOf(paused), 'code_sending_paused')
  assert.ok(Number(paused.headers.get('retry-after')) > 0)
})
