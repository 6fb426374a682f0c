// A whole run with vendors that repeat everything they are sent: nothing of it may stay where it does not belong.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openDatabase } from '../../server/database/index.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { startParrot } from '../support/parrot.ts'
import { anyCard, found, plantedCode, plantedPhone, type PlantedWord, plantedText } from '../support/planted-words.ts'
import { openTracedHouse } from '../support/traced-house.ts'

const phone = '+966551234567'
const arabicPhone = '٠٥٥١٢٣٤٥٦٧'
const another = '+966559876543'
const mail = 'mona.planted@example.com'

/** Where a word legitimately stands; every other column of every table is searched. */
const mayHold: Record<string, readonly string[]> = {
  'login_identifier.value': ['phone'],
  'code_challenge.phone': ['phone'],
  'code_pause.phone': ['phone'],
  // Limits are counted by number, two days at most.
  'code_limit.key': ['phone'],
  'notification.recipient': ['phone'],
  // Whom a message on another channel is for.
  'notification.phone': ['phone'],
}

async function wholeRun(t: TestContext, careless: string) {
  const house = await openTracedHouse(t, { CODE_RESEND_MS: '0', NOTIFICATION_DELIVERY: 'inline' }, { careless, between: startParrot })
  const { parrot } = house
  assert.ok(parrot)
  const planted: PlantedWord[] = [plantedPhone(phone), plantedPhone(another), plantedText('mail', mail), anyCard]
  const secrets = Object.entries(house.settings).filter(([name]) => /SECRET|TOKEN$|APP_SID|_KEY|ENDPOINT_ID/.test(name))
  for (const [name, value] of secrets) planted.push(plantedText(name, value))
  const business = await (await fetch(`${house.url}/v1/businesses`)).json()
  const businesses = (business as { items: { slug: string }[] }).items.map(({ slug }) => slug)

  // Signing in, in Arabic digits, after a wrong code, a vendor that refuses, and words in all the wrong places.
  parrot.repeat('/rest/SMS/messages', 1)
  await house.send('POST', '/v1/auth/codes', { phone: another })
  const { code, accessToken, cookie } = await house.signIn(phone, arabicPhone)
  planted.push(
    plantedCode(code),
    plantedText('access token', accessToken),
    plantedText('refresh token', /=([^;]+)/.exec(cookie)?.[1] ?? 'none'),
  )
  for (const [path, body] of [
    [`/v1/auth/codes?phone=${encodeURIComponent(phone)}&mail=${encodeURIComponent(mail)}`, { phone, code, mail }],
    [`/v1/bookings/${encodeURIComponent(phone)}/cancel`, { reason: `call ${phone} or ${mail}` }],
    ['/v1/auth/sessions', { challengeId: phone, code }],
    ['/v1/auth/sessions', { challengeId: crypto.randomUUID(), code }],
    ['/v1/auth/codes', { phone: '4111 1111 1111 1111' }],
    [
      `/v1/webhooks/moyasar/${String(house.settings['MOYASAR_WEBHOOK_ENDPOINT_ID'])}`,
      { secret_token: 'forged', phone, mail, number: '4111111111111111' },
    ],
  ] as const)
    await house.send('POST', path, body, {
      authorization: `Bearer ${accessToken}`,
      'user-agent': `${phone} ${mail}`,
      traceparent: phone,
      'x-request-id': phone,
    })

  // A booking that is paid at the third try, told by a vendor that refuses, and returned through a gateway that refuses first.
  const authorization = `Bearer ${accessToken}`
  const offer = await offerWhere({ url: house.url, businesses }, ({ requiresPayment }) => requiresPayment)
  const { slots } = await slotsOf(house.url, offer)
  const wish = { businessSlug: offer.slug, serviceId: offer.service.id, startsAt: slots.at(-1)?.startsAt }
  const carded = await house.send('POST', '/v1/bookings', { ...wish, note: 'my card is 4111 1111 1111 1111' }, { authorization })
  assert.equal(carded.body['code'], 'card_number_not_taken')
  const booked = await house.send('POST', '/v1/bookings', wish, { authorization })
  assert.equal(booked.status, 201, JSON.stringify(booked.body))
  const path = `/v1/bookings/${String(booked.body['id'])}`
  parrot.repeat('/v1/invoices', 2)
  for (let nth = 0; nth < 2; nth++) assert.ok((await house.send('POST', `${path}/payments`, undefined, { authorization })).status >= 400)
  const paying = await house.send('POST', `${path}/payments`, undefined, { authorization })
  assert.equal(paying.status, 201, JSON.stringify(paying.body))
  parrot.repeat('/v1/messages', 2)
  await house.simulator('POST', '/play/moyasar', { redirectUrl: paying.body['redirectUrl'] })
  await house.until('confirmed', async () => (await house.send('GET', path, undefined, { authorization })).body['status'] === 'confirmed')
  parrot.repeat('/refund', 1)
  parrot.repeat('/void', 1)
  assert.equal((await house.send('POST', `${path}/cancel`, {}, { authorization })).status, 200)
  await house.until(
    'returned',
    async () => (await house.calls()).some(({ operation }) => operation === 'refund' || operation === 'void') || parrot.repeated() >= 5,
  )
  assert.ok(parrot.repeated() >= 4, `${parrot.repeated()} answers repeated what was sent`)

  const figures = await (await fetch(`${house.url}/metrics`)).text()
  await house.stop()
  const places = new Map<string, string>([
    ['log', house.written()],
    ['figures', figures],
    ['traces', JSON.stringify(await house.spans())],
  ])
  for (const [place, text] of await dump(house.databaseUrl)) places.set(place, text)
  assert.ok(
    house.lines().length > 20 && (await house.spans()).length > 20 && figures.includes('otp_sent_total'),
    'there was something to search',
  )
  const leaks = [...places].flatMap(([place, text]) =>
    found(planted, text)
      .filter((name) => !mayHold[place]?.includes(name))
      .map((name) => `${name} in ${place}`),
  )
  return { leaks, places }
}

/** Every column of every table as text. */
async function dump(url: string): Promise<[string, string][]> {
  const options = { poolSize: 2, poolWaitMs: 5_000, statementTimeoutMs: 10_000, lockTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 }
  const database = openDatabase({ url, ...options }, () => {})
  try {
    const { rows: columns } = await database.pool.query<{ table: string; column: string }>(
      `select table_name as "table", column_name as "column" from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name) where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    const texts: [string, string][] = []
    for (const { table, column } of columns) {
      const { rows } = await database.pool.query<{ text: string | null }>(
        `select string_agg("${column}"::text, E'\\n') as text from "${table}"`,
      )
      texts.push([`${table}.${column}`, rows[0]?.text ?? ''])
    }
    return texts
  } finally {
    await database.close()
  }
}

test('of a whole run with vendors that repeat all they are sent, and adapters that keep it, no phone, code, mail, card, token or secret is in any log, figure, trace or column that has no business with it', async (t) => {
  const { leaks, places } = await wholeRun(t, 'quote')
  assert.deepEqual(leaks, [])
  for (const place of Object.keys(mayHold)) assert.ok(places.get(place), `${place} was searched and holds something`)
  assert.match(places.get('notification_attempt.detail') ?? '', /…/, 'what was repeated is there, cut')
})

test('without the cut the same run leaves them in the log and in the rows', async (t) => {
  const { leaks } = await wholeRun(t, 'quote,uncut')
  for (const leak of [
    'phone in log',
    'phone in notification_attempt.detail',
    'mail in audit_entry.details',
    'card in refund.failure_reason',
  ])
    assert.ok(leaks.includes(leak), `${leak}; found: ${leaks.join(', ')}`)
})
