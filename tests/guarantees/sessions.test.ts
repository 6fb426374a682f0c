import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { type AccountsServer, openAccountsServer } from '../support/accounts-server.ts'

const phone = '+966551234567'

/** As if every refresh token used so far had been used a while ago. */
const letTimePass = ({ database }: AccountsServer) =>
  database.run(sql`update refresh_token set used_at = used_at - interval '11 seconds' where used_at is not null`)

async function signedIn(server: AccountsServer) {
  return server.signIn(await server.getCode(phone))
}

test('two tabs that refresh at once both go on, and so does each after that', async (t) => {
  const server = await openAccountsServer(t)
  const { cookie } = await signedIn(server)
  const tabs = await Promise.all([server.refresh(cookie), server.refresh(cookie)])
  assert.deepEqual(
    tabs.map(({ status }) => status),
    [200, 200],
  )
  for (const tab of tabs) {
    assert.equal(await server.me(tab.body['accessToken']), 200)
    assert.equal((await server.refresh(tab.cookie)).status, 200)
  }
})

test('without the ten seconds of grace the second tab is thrown out', async (t) => {
  const server = await openAccountsServer(t, { weaken: (statement) => statement.replace('used_at > now() - ', 'used_at > now() + ') })
  const { cookie } = await signedIn(server)
  const tabs = await Promise.all([server.refresh(cookie), server.refresh(cookie)])
  assert.deepEqual(
    tabs.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 401],
  )
})

test('a refresh token presented again later ends the whole login: whoever has the newer one is out too', async (t) => {
  const server = await openAccountsServer(t)
  const { cookie: stolen } = await signedIn(server)
  const owner = await server.refresh(stolen)
  await letTimePass(server)
  const thief = await server.refresh(stolen)
  assert.equal(thief.status, 401)
  assert.equal(thief.body['code'], 'session_ended')
  assert.equal((await server.refresh(owner.cookie)).status, 401)
  assert.equal(await server.me(owner.body['accessToken']), 401)
  const entry = await server.database.row<{ details: unknown }>(sql`select details from audit_entry where action = 'session.ended'`)
  assert.deepEqual(entry?.details, { reason: 'token_reused' })
})

test('without the mark that a refresh token is used a thief goes on unseen', async (t) => {
  const server = await openAccountsServer(t, {
    weaken: (statement) =>
      statement.replace(/(update refresh_token set used_at = now\(\) where token_hash = \$\d+) and used_at is null/, '$1'),
  })
  const { cookie: stolen } = await signedIn(server)
  const owner = await server.refresh(stolen)
  await letTimePass(server)
  assert.equal((await server.refresh(stolen)).status, 200)
  assert.equal(await server.me(owner.body['accessToken']), 200)
})

test('signing out ends access and refresh tokens at once', async (t) => {
  const server = await openAccountsServer(t)
  const { cookie, body } = await signedIn(server)
  const out = await server.app.inject({
    method: 'DELETE',
    url: '/v1/auth/sessions/current',
    headers: { cookie, authorization: `Bearer ${String(body['accessToken'])}` },
  })
  assert.equal(out.statusCode, 204)
  assert.match(String(out.headers['set-cookie']), /^thabit=; Max-Age=0; Path=\/;/)
  assert.equal(await server.me(body['accessToken']), 401)
  assert.equal((await server.refresh(cookie)).status, 401)
})

test('a disabled account is out at once, and no code brings it back', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const { cookie, body } = await signedIn(server)
  await server.database.run(sql`update account set status = 'disabled'`)
  assert.equal(await server.me(body['accessToken']), 401)
  assert.equal((await server.refresh(cookie)).status, 401)
  const again = await signedIn(server)
  assert.equal(again.status, 401)
  assert.equal(again.body['code'], 'code_invalid')
})

test('a login that is not used ends, and one that is used ends all the same after ninety days', async (t) => {
  const server = await openAccountsServer(t)
  const { cookie } = await signedIn(server)
  await server.database.run(sql`update session set created_at = now() - interval '89 days'`)
  const used = await server.refresh(cookie)
  assert.equal(used.status, 200)
  await server.database.run(
    sql`update session set created_at = created_at - interval '1 day', expires_at = expires_at - interval '30 days'`,
  )
  assert.equal((await server.refresh(used.cookie)).status, 401)
  assert.equal(await server.me(used.body['accessToken']), 401)
})

test('each sign-in is a login of its own: ending one leaves the other', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const one = await signedIn(server)
  const other = await signedIn(server)
  assert.notEqual(one.cookie, other.cookie)
  await server.app.inject({ method: 'DELETE', url: '/v1/auth/sessions/current', headers: { cookie: one.cookie } })
  assert.equal((await server.refresh(one.cookie)).status, 401)
  assert.equal((await server.refresh(other.cookie)).status, 200)
})

test('what no longer decides anything is forgotten, and nothing else', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const sweepAll = async () => {
    let forgotten = 0
    for (const sweep of server.accounts.sweeps) forgotten += await sweep.run()
    return forgotten
  }
  const { cookie } = await signedIn(server)
  await signedIn(server)
  assert.equal(await sweepAll(), 0)
  assert.equal((await server.refresh(cookie)).status, 200)
  await server.database.run(sql`update code_challenge set expires_at = now() - interval '25 hours'`)
  await server.database.run(sql`update code_limit set window_start = window_start - interval '3 days'`)
  await server.database.run(sql`update code_pause set until = now() - interval '2 hours'`)
  await server.database.run(sql`update session set ended_at = now() - interval '31 days'`)
  assert.ok((await sweepAll()) > 0)
  assert.equal(await sweepAll(), 0)
  for (const table of [sql`code_challenge`, sql`code_limit`, sql`code_pause`, sql`session`, sql`refresh_token`]) {
    assert.equal((await server.database.row<{ count: number }>(sql`select count(*) from ${table}`))?.count, 0, table.text)
  }
})
