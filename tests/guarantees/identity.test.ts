import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import { sql } from '../../server/database/index.ts'
import { type AccountsServer, openAccountsServer } from '../support/accounts-server.ts'

const phone = '+966551234567'
const spellings = [
  '0551234567',
  '551234567',
  '+966551234567',
  '00966 55 123 4567',
  '966-55-123-4567',
  '+966 055 123 4567',
  '٠٥٥١٢٣٤٥٦٧',
  '۰۵۵۱۲۳۴۵۶۷',
  '\u200f+٩٦٦ ٥٥ ١٢٣ ٤٥٦٧',
]
const secret = new TextEncoder().encode('a-token-secret-of-this-test-only-0123456789')

async function signedIn(server: AccountsServer, written = phone) {
  const { status, body, cookie } = await server.signIn(await server.getCode(written))
  assert.equal(status, 201)
  return { accessToken: String(body['accessToken']), account: body['account'] as { id: string; phone: string }, cookie }
}

test('however a number is written, it leads to the account the superuser command made', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const made = await server.accounts.makeSuperuser('0551234567')
  assert.deepEqual(made, { accountId: made.accountId, phone, created: true })
  for (const written of spellings) assert.deepEqual(await server.accounts.makeSuperuser(written), { ...made, created: false }, written)
  for (const written of spellings) {
    const { account, accessToken } = await signedIn(server, written)
    assert.equal(account.id, made.accountId, written)
    const me = await server.app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${accessToken}` } })
    assert.deepEqual(me.json<{ roles: unknown }>().roles, [{ role: 'platform_admin', businessId: null }])
  }
  assert.equal((await server.database.row<{ count: number }>(sql`select count(*) from account`))?.count, 1)
  assert.deepEqual(await server.accounts.contactOf(server.database, made.accountId), {
    phone,
    locale: 'ar',
    name: null,
    email: null,
    marketingConsent: false,
  })
})

test('what is no mobile number, or of another country, is refused and nothing is made', async (t) => {
  const server = await openAccountsServer(t)
  for (const written of ['0112345678', '9200123456', '05512', 'hello', '+1', '0521234567']) {
    await assert.rejects(server.accounts.makeSuperuser(written), { code: 'phone_invalid' }, written)
  }
  await assert.rejects(server.accounts.makeSuperuser('+447911123456'), { code: 'phone_country_not_allowed' })
  assert.equal((await server.database.row<{ count: number }>(sql`select count(*) from account`))?.count, 0)
})

test('a number that passes to another person leads to another account, and the first one’s tokens stay the first one’s', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const before = await signedIn(server)
  await server.database.run(sql`update login_identifier set active_to = now()`)
  const after = await signedIn(server)
  assert.notEqual(after.account.id, before.account.id)
  assert.equal(decodeJwt(before.accessToken).sub, before.account.id)
  assert.equal(await server.accounts.contactOf(server.database, before.account.id), null)
})

test('a name given at the first sign-in stays; one given later does not replace it', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const nameAfter = async (name: string) =>
    ((await server.signIn({ ...(await server.getCode(phone)), name })).body['account'] as { name: string }).name
  assert.equal(await nameAfter('سارة'), 'سارة')
  assert.equal(await nameAfter('Somebody else'), 'سارة')
})

test('an access token names the account by its random id, and holds no phone, name or language', async (t) => {
  const server = await openAccountsServer(t)
  const { accessToken, account } = await signedIn(server)
  const claims = decodeJwt(accessToken)
  assert.deepEqual(Object.keys(claims).toSorted(), ['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub'])
  assert.equal(claims.sub, account.id)
  assert.match(account.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4/)
})

test('a token that we did not make in this way, for this, for now, proves nothing', async (t) => {
  const server = await openAccountsServer(t)
  const { accessToken, cookie, account } = await signedIn(server)
  assert.equal(await server.me(accessToken), 200)
  const { sid } = decodeJwt<{ sid: string }>(accessToken)
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: account.id, sid, aud: 'thabit', iss: 'http://localhost:3000', iat: now, exp: now + 600, jti: 'x' }
  const sign = (changed: Record<string, unknown>, header: Record<string, unknown> = {}, key = secret) =>
    new SignJWT(JSON.parse(JSON.stringify({ ...claims, ...changed })))
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header })
      .sign(key)
  assert.equal(await server.me(await sign({})), 200, 'the forger of this test knows the secret, so this one is good')

  const parts = accessToken.split('.')
  const worthless: Record<string, string> = {
    'alg none': new UnsecuredJWT(claims).encode(),
    'alg none, our signature kept': `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${parts[1]}.${parts[2]}`,
    'another algorithm': await sign({}, { alg: 'HS512' }, new Uint8Array(64)),
    'another secret': await sign({}, {}, new TextEncoder().encode('another-secret-of-this-test-only-0123456789')),
    'a key id that points somewhere': await sign({}, { kid: '../../dev/null', jku: 'http://127.0.0.1/keys' }, new Uint8Array(32)),
    'changed after signing': `${parts[0]}.${Buffer.from(JSON.stringify({ ...claims, sub: crypto.randomUUID() })).toString('base64url')}.${parts[2]}`,
    'no signature': `${parts[0]}.${parts[1]}.`,
    'a refresh token': cookie.split('=')[1] ?? '',
    'another kind': await sign({}, { typ: 'JWT' }),
    'another audience': await sign({ aud: 'somebody' }),
    'another issuer': await sign({ iss: 'http://localhost:3001' }),
    expired: await sign({ iat: now - 1_000, exp: now - 60 }),
    'not yet valid': await sign({ nbf: now + 120 }),
    'without an end': await sign({ exp: undefined }),
    'without a session': await sign({ sid: undefined }),
    'of a session that is not there': await sign({ sid: crypto.randomUUID() }),
    'of another account': await sign({ sub: crypto.randomUUID() }),
    'of no id at all': await sign({ sub: phone }),
    nothing: '',
  }
  for (const [what, token] of Object.entries(worthless)) assert.equal(await server.me(token), 401, what)
})

test('the refresh cookie is out of reach of scripts and other sites, and over https bound to this host', async (t) => {
  for (const [secure, expected] of [
    [true, /^__Host-thabit=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/],
    [false, /^thabit=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/],
  ] as const) {
    const server = await openAccountsServer(t, { secure })
    const answer = await server.app.inject({ method: 'POST', url: '/v1/auth/sessions', payload: await server.getCode(phone) })
    assert.match(String(answer.headers['set-cookie']), expected)
  }
})

test('what another site makes a browser send is refused where the cookie counts', async (t) => {
  const server = await openAccountsServer(t)
  const { cookie } = await signedIn(server)
  const refresh = async (headers: Record<string, string>) =>
    (await server.app.inject({ method: 'POST', url: '/v1/auth/sessions/refresh', headers: { cookie, host: 'localhost:3000', ...headers } }))
      .statusCode
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3001' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:3000' },
  ]
  for (const headers of foreign) assert.equal(await refresh(headers), 403, JSON.stringify(headers))
  const out = await server.app.inject({
    method: 'DELETE',
    url: '/v1/auth/sessions/current',
    headers: { cookie, 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(out.statusCode, 403)
  const signIn = await server.app.inject({
    method: 'POST',
    url: '/v1/auth/sessions',
    headers: { 'sec-fetch-site': 'cross-site' },
    payload: { challengeId: crypto.randomUUID(), code: '123456' },
  })
  assert.equal(signIn.statusCode, 403)
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: 'http://localhost:3000' }, {}] as Record<string, string>[])
    assert.equal(await refresh(headers), 200, JSON.stringify(headers))
})

test('neither the database nor the log holds a code or a token that opens anything', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'thabit-log-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const logFile = join(folder, 'log')
  const server = await openAccountsServer(t, { logFile })
  const { challengeId, code } = await server.getCode(phone)
  await server.signIn({ challengeId, code: code === '000000' ? '111111' : '000000' })
  const { body, cookie } = await server.signIn({ challengeId, code })
  await server.refresh(cookie)
  const refreshToken = cookie.split('=')[1] ?? ''
  assert.match(refreshToken, /^[\w-]{43}$/)

  const tables = await server.database.rows<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  let dump = ''
  for (const { name } of tables)
    dump += JSON.stringify((await server.database.pool.query(`select * from ${name}`)).rows, (_, value: unknown) => value) + '\n'
  assert.ok(dump.includes(challengeId), 'the dump reaches the challenge')
  const log = await readFile(logFile, 'utf8')
  assert.ok(log.includes(challengeId), 'the log speaks of the challenge')
  const standsAlone = new RegExp(`(?<![\\d.a-f-])${code}(?![\\d.a-f-])`)
  for (const [where, text] of [
    ['the database', dump],
    ['the log', log],
  ] as const) {
    assert.ok(!standsAlone.test(text), `the code is in ${where}`)
    assert.ok(!text.includes(refreshToken), `the refresh token is in ${where}`)
    assert.ok(!text.includes(String(body['accessToken'])), `the access token is in ${where}`)
  }
  assert.ok(!log.includes('551234567'), 'the phone is in the log')
})
