import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from '#database'
import { openAccountsServer } from '../../tests/support/accounts-server.ts'

const phone = '+966551234567'

async function signedIn(t: TestContext) {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const { body } = await server.signIn(await server.getCode(phone))
  const headers = { authorization: `Bearer ${String(body['accessToken'])}` }
  const put = async (payload: unknown) => {
    const answer = await server.app.inject({ method: 'PUT', url: '/v1/me/contact', headers, payload: payload as object })
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
  }
  const me = async () => (await server.app.inject({ url: '/v1/me', headers })).json<{ id: string; contact: unknown }>()
  return { server, put, me }
}

test('a person adds an address for messages and agrees to promotional ones, sees both, and takes both back', async (t) => {
  const { server, put, me } = await signedIn(t)
  assert.deepEqual((await me()).contact, { email: null, marketing: false })
  assert.deepEqual(await put({ email: 'noura@example.sa', marketing: true }), {
    status: 200,
    body: { email: 'noura@example.sa', marketing: true },
  })
  const { id, contact } = await me()
  assert.deepEqual(contact, { email: 'noura@example.sa', marketing: true })
  const known = await server.accounts.contactOf(server.database, id)
  assert.deepEqual([known?.email, known?.marketingConsent], ['noura@example.sa', true])

  await put({ email: null, marketing: false })
  assert.deepEqual((await me()).contact, { email: null, marketing: false })
})

test('the first agreement keeps its time, and every change is in the audit log without the address', async (t) => {
  const { server, put } = await signedIn(t)
  const agreedAt = async () =>
    (await server.database.row<{ at: Temporal.Instant | null }>(sql`select marketing_consent_at as at from account`))?.at
  await put({ email: 'noura@example.sa', marketing: true })
  const first = await agreedAt()
  await put({ email: 'other@example.sa', marketing: true })
  assert.equal(String(await agreedAt()), String(first))
  await put({ email: 'other@example.sa', marketing: false })
  assert.equal(await agreedAt(), null)
  const audited = await server.database.rows<{ action: string; details: unknown }>(
    sql`select action, details from audit_entry where action = 'account.contact_changed' order by at, id`,
  )
  assert.equal(audited.length, 3)
  assert.doesNotMatch(JSON.stringify(audited), /example\.sa/)
})

test('what is no address, or has a second recipient or a line hidden in it, is refused', async (t) => {
  const { put, me } = await signedIn(t)
  for (const email of [
    '',
    'noura',
    'noura@',
    '@example.sa',
    'a@b',
    'a b@example.sa',
    'a@example.sa,b@example.sa',
    'a@example.sa\r\nBcc: b@example.sa',
    '<a@example.sa>',
  ])
    assert.equal((await put({ email, marketing: false })).status, 400, email)
  assert.deepEqual((await me()).contact, { email: null, marketing: false })
})

test('a number leads to whoever has it now, and tells when they last signed in', async (t) => {
  const { server, put } = await signedIn(t)
  await put({ email: 'noura@example.sa', marketing: true })
  const person = await server.accounts.personAt(server.database, phone)
  assert.equal(person?.email, 'noura@example.sa')
  assert.ok(person?.signedInAt)
  await server.database.run(sql`update login_identifier set active_to = now()`)
  assert.equal(await server.accounts.personAt(server.database, phone), null)
})
