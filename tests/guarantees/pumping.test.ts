// Statements about who makes us send texts with codes, and what that may cost (SMS pumping).
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { leadingZeroBits } from '../../server/accounts/proof-of-work.ts'
import { sql } from '../../server/database/index.ts'
import { CallFailure } from '../../server/external-calls/index.ts'
import { parsePhoneNumber } from '../../server/foundation/index.ts'
import { type AccountsServer, openAccountsServer, times } from '../support/accounts-server.ts'

interface Asked {
  status: number
  code: string | undefined
  body: Record<string, unknown>
  retryAfter: number
}

async function ask({ app }: AccountsServer, phone: string, remoteAddress: string, more: object = {}, headers = {}): Promise<Asked> {
  const answer = await app.inject({ method: 'POST', url: '/v1/auth/codes', payload: { phone, ...more }, remoteAddress, headers })
  const body = answer.json<Record<string, unknown>>()
  return { status: answer.statusCode, code: body['code'] as string | undefined, body, retryAfter: Number(answer.headers['retry-after']) }
}

const number = (nth: number, range = '+96655123') => `${range}${String(nth).padStart(4, '0')}`
const addressOf = (nth: number) => `10.${nth >> 8}.${nth & 255}.1`

/** What the page does with a riddle. */
function solve({ challenge, difficulty }: Record<string, unknown>): { challenge: string; solution: string } {
  for (let nonce = 0; ; nonce++) {
    const solution = nonce.toString(36)
    if (
      leadingZeroBits(
        createHash('sha256')
          .update(`${String(challenge)}:${solution}`)
          .digest(),
      ) >= Number(difficulty)
    )
      return { challenge: String(challenge), solution }
  }
}

const strict = { perAddressPerHour: 10, proofAfter: 3, unusedPerPrefix: 50 }

async function figure({ metrics }: AccountsServer, name: string): Promise<number> {
  const metric = await metrics.registry.getSingleMetric(name)?.get()
  return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? 0
}

const watch = async ({ accounts }: AccountsServer) => accounts.sweeps.find(({ name }) => name === 'watch-code-sending')?.run()

// 18. One address.

const limitTakenOut = (statement: string) =>
  statement.replace(/(where spent\.used \+ \$\d+::integer) <= (\$\d+::integer)/, '$1 <= $2 + 1000000')

test('1000 requests for numbers in a row from one address send no more than ten texts, with riddles solved or not', async (t) => {
  const server = await openAccountsServer(t, { codes: { ...strict, unusedPerPrefix: 10_000 } })
  for (let batch = 0; batch < 20; batch++) await times(50, (nth) => ask(server, number(batch * 50 + nth), '203.0.113.7'))
  assert.equal(server.sent.length, 3, 'without a riddle solved')
  for (let nth = 1_000; nth < 1_030; nth++) {
    const first = await ask(server, number(nth), '203.0.113.7')
    if (first.code === 'code_proof_required') await ask(server, number(nth), '203.0.113.7', { proof: solve(first.body) })
  }
  assert.equal(server.sent.length, 10, 'with every riddle solved')
})

test('without the count of an address the same requests send a text each', async (t) => {
  const server = await openAccountsServer(t, { codes: { perAddressPerHour: 10, unusedPerPrefix: 10_000 }, weaken: limitTakenOut })
  await times(40, (nth) => ask(server, number(nth), '203.0.113.7'))
  assert.equal(server.sent.length, 40)
})

// 19. Many addresses, one range of numbers.

test('500 addresses and one range of numbers: after 50 codes nobody uses it gets no more, the alarm is on, others are served, and it ends by itself', async (t) => {
  const server = await openAccountsServer(t, { codes: strict })
  const answers: Asked[] = []
  for (let batch = 0; batch < 10; batch++)
    answers.push(...(await times(50, (nth) => ask(server, number(batch * 50 + nth), addressOf(batch * 50 + nth)))))
  assert.equal(server.sent.length, 50)
  const refused = answers.filter(({ status }) => status !== 201)
  assert.deepEqual(new Set(refused.map(({ status, code }) => `${status} ${code}`)), new Set(['503 code_sending_paused']))
  assert.ok(refused.every(({ retryAfter }) => retryAfter > 0))

  await watch(server)
  assert.equal(await figure(server, 'otp_prefix_blocked'), 1)
  assert.equal((await ask(server, number(1, '+96655124'), addressOf(900))).status, 201, 'another range')

  await server.database.run(sql`update code_challenge set created_at = created_at - interval '16 minutes'`)
  await watch(server)
  assert.equal(await figure(server, 'otp_prefix_blocked'), 0)
  assert.equal((await ask(server, number(600), addressOf(901))).status, 201, 'it closed itself')
})

test('a range whose codes are used is not stopped', async (t) => {
  const server = await openAccountsServer(t, { codes: { ...strict, unusedPerPrefix: 10 } })
  for (let nth = 0; nth < 30; nth++) {
    const asked = await server.getCode(number(nth), addressOf(nth))
    if (nth % 4 === 0) assert.equal((await server.signIn(asked, addressOf(nth))).status, 201)
  }
})

test('without the look at its codes a range is sent texts without end', async (t) => {
  const server = await openAccountsServer(t, {
    codes: strict,
    weaken: (statement) => statement.replace('where prefix = $1 and', 'where prefix = $1 and false and'),
  })
  await times(120, (nth) => ask(server, number(nth), addressOf(nth)))
  assert.equal(server.sent.length, 120)
})

// 20 and 21. Which numbers.

test('a number of a country that is not on the list gets no text', async (t) => {
  const server = await openAccountsServer(t)
  for (const phone of ['+8801712345678', '+447911123456', '+15005550006', '+201001234567'])
    assert.deepEqual([(await ask(server, phone, '10.0.0.1')).status, server.sent.length], [422, 0])
  const open = await openAccountsServer(t, { codes: { countries: ['SA', 'BD'] } })
  assert.equal((await ask(open, '+8801712345678', '10.0.0.1')).status, 201, 'the list is what stops it')
})

test('premium, landline, internet, satellite and wrongly long numbers are none a code is sent to', async (t) => {
  const server = await openAccountsServer(t)
  const none = {
    'a landline in Riyadh': '+966112345678',
    'a toll-free number': '+9668001234567',
    'a shared-cost number': '+966920012345',
    'a premium number': '+971900234567',
    'an Emirati landline': '+97142345678',
    'an Emirati toll-free number': '+971800123456',
    'an internet number': '+966811234567',
    'one digit too many': '+9665512345678',
    'one digit too few': '+96655123456',
    'a satellite phone': '+881612345678',
    'a global premium number': '+979123456789',
    'an international network': '+883510001234567',
  }
  for (const [what, phone] of Object.entries(none)) {
    const asked = await ask(server, phone, '10.0.0.1')
    assert.deepEqual([asked.status, asked.code], [422, 'phone_invalid'], what)
    assert.equal(parsePhoneNumber(phone), null, what)
  }
  assert.equal(server.sent.length, 0)
})

// 22. What it may cost.

test('once a day’s money is spent sending stops for all, loudly, and those who are signed in go on', async (t) => {
  const server = await openAccountsServer(t, { codes: { spendCapPerDay: 50 } })
  const before = await server.signIn(await server.getCode(number(0)))
  const answers = await times(12, (nth) => ask(server, number(nth + 1), addressOf(nth)))
  assert.equal(server.sent.length, 4, 'four texts at 11 are 44, a fifth would be 55')
  assert.deepEqual(
    new Set(answers.filter(({ status }) => status !== 201).map(({ status, code }) => `${status} ${code}`)),
    new Set(['503 code_sending_paused']),
  )
  assert.equal(await server.me(before.body['accessToken']), 200)
  assert.equal((await server.refresh(before.cookie)).status, 200)
  const blocked = (await server.metrics.codesBlocked.get()).values.find(({ labels }) => labels.reason === 'spend')
  assert.equal(blocked?.value, 9)
  await watch(server)
  assert.ok((await figure(server, 'otp_spend_share')) > 0.8)
})

test('one country’s money does not stop another’s codes, and what was surely not sent costs nothing', async (t) => {
  const failing = new Set<string>()
  const server = await openAccountsServer(t, {
    codes: { spendCapPerCountry: { AE: 160, '*': 1_000 } },
    sendCode: async ({ to }) => {
      if (failing.has(to)) throw new CallFailure({ outcome: 'unreachable', errorType: 'connect' })
      return { providerMessageId: null }
    },
  })
  const emirati = (nth: number) => `+97150123${String(nth).padStart(4, '0')}`
  for (let nth = 0; nth < 4; nth++) failing.add(emirati(nth))
  for (let nth = 0; nth < 4; nth++) assert.equal((await ask(server, emirati(nth), addressOf(nth))).status, 502)
  const statuses = [
    await ask(server, emirati(5), addressOf(5)),
    await ask(server, emirati(6), addressOf(6)),
    await ask(server, emirati(7), addressOf(7)),
  ]
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [201, 201, 503],
  )
  assert.equal((await ask(server, number(1), addressOf(8))).status, 201)
})

test('without the cap money is spent without end', async (t) => {
  const server = await openAccountsServer(t, { codes: { spendCapPerDay: 50 }, weaken: limitTakenOut })
  await times(12, (nth) => ask(server, number(nth), addressOf(nth)))
  assert.equal(server.sent.length, 12)
})

// 23. A riddle after three quick requests.

test('a fresh address that asks three times quickly is set a riddle, goes on once it is solved, and a solution is good once', async (t) => {
  const server = await openAccountsServer(t, { codes: strict })
  const from = '203.0.113.20'
  for (let nth = 0; nth < 3; nth++) assert.equal((await ask(server, number(nth), from)).status, 201)
  const riddle = await ask(server, number(3), from)
  assert.deepEqual([riddle.status, riddle.code, server.sent.length], [429, 'code_proof_required', 3])
  const proof = solve(riddle.body)
  for (const wrong of [
    { challenge: proof.challenge, solution: 'wrong' },
    { challenge: proof.challenge.replace(/^\d+/, '0'), solution: proof.solution },
    { challenge: 'made.up.words', solution: '0' },
  ])
    assert.equal((await ask(server, number(3), from, { proof: wrong })).code, 'code_proof_required')
  assert.equal((await ask(server, number(3), from, { proof })).status, 201)
  assert.equal((await ask(server, number(4), from, { proof })).code, 'code_proof_required', 'it carries no second code')
  assert.equal((await ask(server, number(5), '203.0.113.21')).status, 201, 'another address is asked nothing')
})

test('one proof presented 20 times at once carries one code', async (t) => {
  const server = await openAccountsServer(t, { codes: { ...strict, perAddressPerHour: 1_000 } })
  for (let nth = 0; nth < 3; nth++) await ask(server, number(nth), '203.0.113.22')
  const proof = solve((await ask(server, number(3), '203.0.113.22')).body)
  await times(20, (nth) => ask(server, number(nth + 10), '203.0.113.22', { proof }))
  assert.equal(server.sent.length, 4)
})

test('without the mark that a proof is used it carries many codes', async (t) => {
  const server = await openAccountsServer(t, { codes: { ...strict, perAddressPerHour: 1_000 }, weaken: limitTakenOut })
  for (let nth = 0; nth < 3; nth++) await ask(server, number(nth), '203.0.113.22')
  const proof = solve((await ask(server, number(3), '203.0.113.22')).body)
  await times(8, (nth) => ask(server, number(nth + 10), '203.0.113.22', { proof }))
  assert.ok(server.sent.length > 4)
})

// 24. Limits outlive processes, and have no edge.

test('limits hold in a process that was just started, and in two at once', async (t) => {
  const first = await openAccountsServer(t, { codes: { perAddressPerHour: 5 } })
  for (let nth = 0; nth < 3; nth++) assert.equal((await ask(first, number(nth), '10.0.0.1')).status, 201)
  const second = await openAccountsServer(t, { codes: { perAddressPerHour: 5 }, databaseUrl: first.databaseUrl })
  await Promise.all([
    times(6, (nth) => ask(first, number(nth + 10), '10.0.0.1')),
    times(6, (nth) => ask(second, number(nth + 20), '10.0.0.1')),
  ])
  assert.equal(first.sent.length + second.sent.length, 5)
})

test('a window slides: at no edge does twice as much pass, and an hour later all of it does', async (t) => {
  const server = await openAccountsServer(t, { codes: { perAddressPerHour: 6 } })
  const age = (minutes: number) =>
    server.database.run(sql`update code_limit set window_start = window_start - ${minutes} * interval '1 minute' where scope = 'address'`)
  let asked = 0
  const sentNow = async (many: number) => {
    const before = server.sent.length
    for (let nth = 0; nth < many; nth++) await ask(server, number(asked++), '10.0.0.1')
    return server.sent.length - before
  }
  assert.equal(await sentNow(3), 3)
  await age(55)
  assert.equal(await sentNow(6), 3, 'those of 55 minutes ago still count')
  assert.ok((await ask(server, number(99), '10.0.0.1')).retryAfter <= 11 * 60)
  await age(11)
  assert.equal(await sentNow(6), 3, 'the first three are over, the later three are not')
  await age(66)
  assert.equal(await sentNow(8), 6)
})

// 25. Whose address it is.

test('an address a client writes into a header is believed from our own proxy alone', async (t) => {
  const bare = await openAccountsServer(t, { codes: { perAddressPerHour: 2 } })
  await times(6, (nth) =>
    ask(bare, number(nth), '203.0.113.5', {}, { 'x-forwarded-for': `198.51.100.${nth}`, 'x-real-ip': `198.51.100.${nth}` }),
  )
  assert.equal(bare.sent.length, 2)
  const behind = await openAccountsServer(t, { codes: { perAddressPerHour: 2 }, trustedProxies: 1 })
  // What the client wrote stands first; what our proxy saw stands last.
  await times(6, (nth) => ask(behind, number(nth), '10.9.9.9', {}, { 'x-forwarded-for': `198.51.100.${nth}, 203.0.113.5` }))
  assert.equal(behind.sent.length, 2)
  const gullible = await openAccountsServer(t, { codes: { perAddressPerHour: 2 }, trustedProxies: 2 })
  await times(6, (nth) => ask(gullible, number(nth), '10.9.9.9', {}, { 'x-forwarded-for': `198.51.100.${nth}, 203.0.113.5` }))
  assert.equal(gullible.sent.length, 6, 'one proxy too many in the setting and the client’s own word counts')
})

// 26. An honest address that many share.

async function honestCrowd(server: AccountsServer): Promise<Asked[]> {
  const shared = '198.51.100.200'
  const answers: Asked[] = []
  for (let person = 0; person < 100; person++) {
    const asked = await ask(server, number(person, `+9665${[0, 3, 4, 5, 6][person % 5]}777`), shared)
    answers.push(asked)
    // Nine of ten type their code in.
    const code = /\d{6}/.exec(server.sent.at(-1)?.text ?? '')?.[0] ?? ''
    if (asked.status === 201 && person % 10 !== 9)
      assert.equal((await server.signIn({ challengeId: String(asked.body['challengeId']), code }, shared)).status, 201)
  }
  return answers
}

test('a hundred people behind one address who use their codes are served, all of them, without a riddle', async (t) => {
  const server = await openAccountsServer(t, { codes: strict })
  const answers = await honestCrowd(server)
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
})

test('without regard to the codes that were used the same hundred people are turned away', async (t) => {
  const server = await openAccountsServer(t, {
    codes: strict,
    weaken: (statement) => statement.replace('count(distinct phone) filter (where used_at is not null)', '0'),
  })
  const answers = await honestCrowd(server)
  assert.ok(answers.filter(({ status }) => status === 429).length > 50)
})
