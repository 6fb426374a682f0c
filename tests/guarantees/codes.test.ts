import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { CallFailure } from '../../server/external-calls/index.ts'
import { type AccountsServer, openAccountsServer, times, wrongCode } from '../support/accounts-server.ts'

const phone = '+966551234567'

async function countRows({ database }: AccountsServer, table: 'session' | 'account'): Promise<number> {
  const row = await database.row<{ count: number }>(
    table === 'session' ? sql`select count(*) from session` : sql`select count(*) from account`,
  )
  return row?.count ?? 0
}

// Five guesses.

async function guessTogether(server: AccountsServer): Promise<number> {
  const { challengeId, code } = await server.getCode(phone)
  await times(100, (nth) => server.signIn({ challengeId, code: wrongCode(code, nth + 1) }))
  return server.comparisons()
}

test('of 100 guesses at once exactly 5 are compared, and then not even the right code opens', async (t) => {
  const server = await openAccountsServer(t)
  const { challengeId, code } = await server.getCode(phone)
  const answers = await times(100, (nth) => server.signIn({ challengeId, code: wrongCode(code, nth + 1) }))
  assert.deepEqual(new Set(answers.map(({ status, body }) => `${status} ${String(body['code'])}`)), new Set(['401 code_invalid']))
  assert.equal(await server.comparisons(), 5)
  assert.equal((await server.signIn({ challengeId, code })).status, 401)
  assert.equal(await server.comparisons(), 5)
})

test('without the count in front of the comparison more than 5 guesses are compared', async (t) => {
  const server = await openAccountsServer(t, {
    weaken: (statement) => statement.replace(/and attempts < (\$\d+)/, 'and attempts < $1 + 1000000'),
  })
  await server.database.run(sql`alter table code_challenge drop constraint code_challenge_attempts_check`)
  assert.ok((await guessTogether(server)) > 5)
})

test('the schema alone also stops a sixth guess', async (t) => {
  const server = await openAccountsServer(t, {
    weaken: (statement) => statement.replace(/and attempts < (\$\d+)/, 'and attempts < $1 + 1000000'),
  })
  assert.equal(await guessTogether(server), 5)
})

// Twenty wrong guesses a day for one number.

const anyLimit = (statement: string) =>
  statement
    .replace(/(where spent\.used \+ \$\d+::integer) <= (\$\d+::integer)/, '$1 <= $2 + 1000000')
    .replace(/(where total \+ \$\d+::integer) > (\$\d+::integer)/, '$1 > $2 + 1000000')

async function guessOverManyChallenges(server: AccountsServer): Promise<number[]> {
  const statuses: number[] = []
  for (let challenge = 0; challenge < 5; challenge++) {
    const { challengeId, code } = await server.getCode(phone)
    for (let guess = 1; guess <= 5; guess++) statuses.push((await server.signIn({ challengeId, code: wrongCode(code, guess) })).status)
  }
  return statuses
}

test('a number is guessed at 20 times a day, however many challenges are opened, and gets no code after that', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const opened = [
    await server.getCode(phone),
    await server.getCode(phone),
    await server.getCode(phone),
    await server.getCode(phone),
    await server.getCode(phone),
  ]
  const answers: { status: number; body: Record<string, unknown> }[] = []
  for (const { challengeId, code } of opened)
    for (let guess = 1; guess <= 5; guess++) answers.push(await server.signIn({ challengeId, code: wrongCode(code, guess) }))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [...Array<number>(20).fill(401), ...Array<number>(5).fill(429)],
  )
  assert.equal(answers.at(-1)?.body['code'], 'code_limit_reached')
  assert.equal(await server.comparisons(), 20)
  const asked = await server.app.inject({ method: 'POST', url: '/v1/auth/codes', payload: { phone } })
  assert.equal(asked.statusCode, 429)
  assert.ok(Number(asked.headers['retry-after']) > 0)
})

test('without the count of a number’s guesses new challenges give guesses without end', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 }, weaken: anyLimit })
  assert.deepEqual(new Set(await guessOverManyChallenges(server)), new Set([401]))
  assert.equal(await server.comparisons(), 25)
})

test('a stranger’s wrong guesses at another address do not lock the owner of the number out, and in all there are 100', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const guessFrom = async (address: string) => {
    const { challengeId, code } = await server.getCode(phone, address)
    const answers = await times(5, (nth) => server.signIn({ challengeId, code: wrongCode(code, nth + 1) }, address))
    return answers.filter(({ status }) => status === 401).length
  }
  for (let round = 0; round < 4; round++) assert.equal(await guessFrom('203.0.113.9'), 5)
  assert.equal(await ask(server, phone, '203.0.113.9'), 429, 'his own tries are used up')
  const own = await server.getCode(phone, '198.51.100.7')
  assert.equal((await server.signIn(own, '198.51.100.7')).status, 201)
  for (let address = 1; address <= 16; address++) assert.equal(await guessFrom(`203.0.114.${address}`), 5)
  assert.equal(await ask(server, phone, '198.51.100.8'), 429, 'a hundred in a day are all there are')
  assert.equal(await server.comparisons(), 101)
})

test('an address asks for half of a number’s codes at most, so that the owner of the number has some left', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0, perPhonePerDay: 6 } })
  const from = async (address: string) => [await ask(server, phone, address), await ask(server, phone, address)]
  assert.deepEqual([...(await from('10.0.0.1')), ...(await from('10.0.0.1'))], [201, 201, 201, 429])
  assert.deepEqual(await from('10.0.0.2'), [201, 201])
})

test('a right code does not count among a number’s wrong guesses', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  for (let round = 0; round < 22; round++) assert.equal((await server.signIn(await server.getCode(phone))).status, 201)
})

// Used once.

async function answerTogether(server: AccountsServer): Promise<number[]> {
  const right = await server.getCode(phone)
  const answers = await times(50, () => server.signIn(right))
  return answers.map(({ status }) => status).filter((status) => status === 201)
}

test('50 right answers at once make one session', async (t) => {
  const server = await openAccountsServer(t)
  assert.equal((await answerTogether(server)).length, 1)
  assert.equal(await countRows(server, 'session'), 1)
})

test('without the mark that a code is used the same code makes several sessions', async (t) => {
  const server = await openAccountsServer(t, {
    weaken: (statement) => (statement.includes('update code_challenge') ? statement.replace('and used_at is null', '') : statement),
  })
  assert.ok((await answerTogether(server)).length > 1)
  assert.ok((await countRows(server, 'session')) > 1)
})

test('a code is not used up by a sign-in that failed half way', async (t) => {
  let broken = true
  const server = await openAccountsServer(t, {
    weaken: (statement) => (broken ? statement.replace('insert into session', 'insert into no_such_table') : statement),
  })
  const right = await server.getCode(phone)
  assert.equal((await server.signIn(right)).status, 500)
  assert.equal(await countRows(server, 'account'), 0)
  broken = false
  assert.equal((await server.signIn(right)).status, 201)
})

test('a code opens its own challenge only, although the number is the same', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const first = await server.getCode(phone)
  const second = await server.getCode(phone)
  if (first.code !== second.code) assert.equal((await server.signIn({ ...first, code: second.code })).status, 401)
  assert.equal((await server.signIn(first)).status, 201, 'an earlier code stays valid until its end')
  assert.equal((await server.signIn(second)).status, 201)
})

test('a code lives five minutes by the database’s clock', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  const age = (challengeId: string, seconds: number) =>
    server.database.run(sql`update code_challenge set expires_at = expires_at - ${seconds} * interval '1 second' where id = ${challengeId}`)
  const [young, old] = [await server.getCode(phone), await server.getCode(phone)]
  await age(young.challengeId, 4 * 60 + 30)
  await age(old.challengeId, 5 * 60)
  assert.equal((await server.signIn(young)).status, 201)
  assert.equal((await server.signIn(old)).body['code'], 'code_invalid')
  assert.equal(await server.comparisons(), 1)
})

// One account.

async function signInTogether(server: AccountsServer, number: string): Promise<Set<unknown>> {
  const opened: { challengeId: string; code: string }[] = []
  for (let nth = 0; nth < 6; nth++) opened.push(await server.getCode(number))
  const answers = await Promise.all(opened.map((right) => server.signIn(right)))
  for (const { status, body } of answers) assert.equal(status, 201, JSON.stringify(body))
  return new Set(answers.map(({ body }) => (body['account'] as { id: string }).id))
}

test('first sign-ins at once from one number make one account', async (t) => {
  const server = await openAccountsServer(t, { codes: { resendMs: 0 } })
  for (let nth = 0; nth < 3; nth++) assert.equal((await signInTogether(server, `+96655123400${nth}`)).size, 1)
  assert.equal(await countRows(server, 'account'), 3)
})

test('without the unique index first sign-ins at once make several accounts of one number', async (t) => {
  const server = await openAccountsServer(t, {
    codes: { resendMs: 0 },
    weaken: (statement) => statement.replace('on conflict (kind, value) where active_to is null do nothing', ''),
  })
  await server.database.run(sql`drop index login_identifier_one_account`)
  let doubled = false
  for (let nth = 0; nth < 10 && !doubled; nth++) doubled = (await signInTogether(server, `+96655123400${nth}`)).size > 1
  assert.ok(doubled)
})

// One text a minute, and no more than the limits.

const ask = async (server: AccountsServer, number: string, address: string) =>
  (await server.app.inject({ method: 'POST', url: '/v1/auth/codes', payload: { phone: number }, remoteAddress: address })).statusCode

test('20 requests at once for one number send one text', async (t) => {
  const server = await openAccountsServer(t)
  const statuses = await times(20, (nth) => ask(server, phone, `10.0.0.${nth}`))
  assert.equal(server.sent.length, 1)
  assert.deepEqual(
    statuses.toSorted((a, b) => a - b),
    [201, ...Array<number>(19).fill(429)],
  )
})

test('without the pause 20 requests at once send many texts', async (t) => {
  const server = await openAccountsServer(t, { weaken: (statement) => statement.replace('where code_pause.until <= now()', '') })
  await times(20, (nth) => ask(server, phone, `10.0.0.${nth}`))
  assert.ok(server.sent.length > 1)
})

const number = (nth: number) => `+9665512345${String(nth).padStart(2, '0')}`

test('30 requests at once from one address send as many texts as the limit says; the same /64 is one address', async (t) => {
  const server = await openAccountsServer(t, { codes: { perAddressPerHour: 7 } })
  const statuses = await times(30, (nth) => ask(server, number(nth), `2001:db8:1:2::${nth + 1}`))
  assert.equal(server.sent.length, 7)
  assert.equal(statuses.filter((status) => status === 429).length, 23)
  assert.equal(await ask(server, number(99), '2001:db8:1:3::1'), 201)
})

test('an address a client writes into a header of its own changes no limit', async (t) => {
  const server = await openAccountsServer(t, { codes: { perAddressPerHour: 2 } })
  await times(6, (nth) =>
    server.app.inject({
      method: 'POST',
      url: '/v1/auth/codes',
      payload: { phone: number(nth) },
      headers: { 'x-forwarded-for': `198.51.100.${nth}`, forwarded: `for=198.51.100.${nth}` },
    }),
  )
  assert.equal(server.sent.length, 2)
})

test('without the guarded count 30 requests at once send more texts than the limit', async (t) => {
  const server = await openAccountsServer(t, { codes: { perAddressPerHour: 7 }, weaken: anyLimit })
  await times(30, (nth) => ask(server, number(nth), '10.0.0.1'))
  assert.ok(server.sent.length > 7)
})

test('in total no more texts are sent in an hour than the limit says, from wherever they are asked for', async (t) => {
  const server = await openAccountsServer(t, { codes: { totalPerHour: 4 } })
  const statuses = await times(12, (nth) => ask(server, number(nth), `10.0.1.${nth}`))
  assert.equal(server.sent.length, 4)
  assert.equal(statuses.filter((status) => status === 503).length, 8)
})

test('what was surely not sent makes nobody wait and counts for nothing against the number', async (t) => {
  const outcomes = ['refused', 'unreachable', 'refused', 'unreachable'] as const
  let nth = 0
  const server = await openAccountsServer(t, {
    codes: { perPhonePerDay: 1 },
    sendCode: async () => {
      const outcome = outcomes[nth++]
      if (outcome) throw new CallFailure({ outcome, errorType: outcome === 'refused' ? 'rejected' : 'connect' })
      return { providerMessageId: null }
    },
  })
  const statuses: number[] = []
  for (let request = 0; request < 6; request++) statuses.push(await ask(server, phone, '10.0.0.1'))
  assert.deepEqual(statuses, [502, 502, 502, 502, 201, 429])
})

test('a number is sent no more codes in a day than the limit says', async (t) => {
  const server = await openAccountsServer(t, { codes: { perPhonePerDay: 3, resendMs: 0 } })
  const statuses: number[] = []
  for (let nth = 0; nth < 5; nth++) statuses.push(await ask(server, phone, `10.0.2.${nth}`))
  assert.deepEqual(statuses, [201, 201, 201, 429, 429])
})
