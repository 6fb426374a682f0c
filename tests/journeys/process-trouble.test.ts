import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { offerWhere, slotsOf } from '../support/customer.ts'
import { until } from '../support/notifications-house.ts'
import { openProcessesHouse } from '../support/processes-house.ts'

const phone = '+966551234567'
const dayMs = 86_400_000
const patient = { NOTIFICATION_TIMEOUT_MS: '25000' }

test('a promise nobody listens to ends the process at once, and the next one loses nothing', async (t) => {
  const house = await openProcessesHouse(t)
  const first = await house.start('serve', patient, 'rejection')
  const customer = await signIn({ ...house, url: first.url }, phone)
  await house.vendorIs({ fault: 'hang' })
  const lost = house.bookFree(customer, first.url, 1).catch(() => 'the answer never came')
  await until(async () => (await house.messages()).some(({ attempts }) => attempts.length === 1))

  await first.trouble()
  assert.equal(await first.ended, 1, 'it must end with an error and not limp on')
  assert.match(first.printed(), /Nobody listens to this promise/)
  assert.equal(await lost, 'the answer never came')
  await house.vendorIs(null)
  const stands = await house.database.rows(sql`select status from booking`)
  assert.deepEqual([stands, (await house.messages()).map(({ state }) => state)], [[{ status: 'confirmed' }], ['PENDING']])

  // The lease is not waited for: it is made to have run out.
  await house.database.run(sql`update notification set lease_until = now(), next_attempt_at = now() - interval '1 hour'`)
  const next = await house.start('serve', patient)
  assert.equal((await fetch(`${next.url}/readyz`)).status, 200)
  await until(async () => (await house.messages()).every(({ state }) => state === 'SENT'), 15_000)
  assert.deepEqual((await house.messages())[0]?.attempts, ['interrupted', 'ok'])
})

test('a process that stands still answers what came meanwhile, takes a vendor’s answer it came too late for as unknown, and shows it in its figures', async (t) => {
  const house = await openProcessesHouse(t)
  const stallMs = 3_000
  // Queued, so that the call is under way while requests wait.
  const server = await house.start('serve', { NOTIFICATION_DELIVERY: 'queue', NOTIFICATION_TIMEOUT_MS: '1500' }, `stall ${stallMs}`)
  const customer = await signIn({ ...house, url: server.url }, phone)
  await house.vendorIs({ fault: 'slow', delayMs: 700, times: 1 })
  const [booked] = await house.bookFree(customer, server.url, 1)
  await until(async () => (await house.messages()).some(({ attempts }) => attempts.length === 1))

  const stalled = server.trouble()
  const startedAtMs = performance.now()
  const answers = await Promise.all([
    fetch(`${server.url}/livez`).then(({ status }) => status),
    house.bookFree(customer, server.url, 2).then((all) => all.length),
  ])
  await stalled
  assert.deepEqual(answers, [200, 2], 'what came while it stood still is answered')
  assert.ok(performance.now() - startedAtMs > stallMs / 2, 'it did not stand still')

  await until(async () => (await house.messages()).every(({ state }) => state !== 'PENDING'), 15_000)
  const about = (await house.messages()).find(({ aboutId }) => aboutId === booked?.id)
  const arrived = (await house.texts()).filter(({ body }) => body.includes(booked?.reference ?? 'none')).length
  // Its deadline passed while it stood still, with the answer already at its door: either it was read, or it is unknown; never sent again.
  assert.equal(arrived, 1)
  assert.ok(about?.state === 'SENT' || about?.reason?.startsWith('unknown'), `${about?.state}: ${about?.reason}`)
  const figures = await (await fetch(`${server.url}/metrics`)).text()
  const slowest = Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(figures)?.[1])
  assert.ok(slowest > stallMs / 2_000, `the figures say ${slowest} s`)
})

/** How far the clock of a process is ahead of ours, by the time at which it says a sweep ended. */
async function lastSweepAheadMs(url: string): Promise<number> {
  const figures = await (await fetch(`${url}/metrics`)).text()
  const seconds = [...figures.matchAll(/^worker_last_loop_timestamp_seconds\{.*\} (\S+)$/gm)].map(([, value]) => Number(value) * 1_000)
  return seconds.map((one) => one - Date.now()).toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? 0
}

for (const [way, ms] of [
  ['ahead', 2 * dayMs],
  ['back', -2 * dayMs],
] as const) {
  test(`a clock that jumps two days ${way} in one process frees no hold, ends no code and moves no deadline: PostgreSQL’s clock decides`, async (t) => {
    const house = await openProcessesHouse(t)
    const [well, bent] = await Promise.all([house.start('serve'), house.start('serve', {}, `clock ${ms}`)])
    await bent.trouble()
    await until(async () => Math.abs((await lastSweepAheadMs(bent.url)) - ms) < 60_000)
    const atWell = await signIn({ ...house, url: well.url }, phone)
    const atBent = await signIn({ ...house, url: bent.url }, '+966557654321')

    const paid = await offerWhere({ url: bent.url, businesses: ['diriyah-padel'] }, ({ requiresPayment }) => requiresPayment)
    const [seenByWell, seenByBent] = await Promise.all([slotsOf(well.url, paid), slotsOf(bent.url, paid)])
    assert.deepEqual(seenByBent, seenByWell, 'both offer the same times')
    const held = await atBent<{ id: string; status: string }>('POST', '/v1/bookings', {
      businessSlug: paid.slug,
      serviceId: paid.service.id,
      startsAt: seenByBent.slots.at(-1)?.startsAt,
    })
    assert.deepEqual([held.status, held.body.status], [201, 'held'])
    const [life] = await house.database.rows<{ minutes: number }>(
      sql`select round(extract(epoch from expires_at - now()) / 60)::int as minutes from booking where status = 'held'`,
    )
    assert.equal(life?.minutes, 15)

    // A code asked for at one is good at the other.
    const ask = (url: string, path: string, body: unknown) =>
      fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const third = '+966559999999'
    const asked = (await (await ask(bent.url, '/v1/auth/codes', { phone: third, locale: 'ar' })).json()) as { challengeId: string }
    const [text] = (await house.texts()).filter(({ to }) => to === third)
    const code = /(?<!\d)\d{6}(?!\d)/.exec(text?.body ?? '')?.[0]
    assert.equal((await ask(well.url, '/v1/auth/sessions', { challengeId: asked.challengeId, code })).status, 201)

    await house.bookFree(atWell, well.url, 1)
    await house.bookFree(atBent, bent.url, 1)
    // Time enough for every sweep of both to have come by.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const statuses = await house.database.rows(sql`select status, count(*)::int as count from booking group by status order by status`)
    assert.deepEqual(statuses, [
      { status: 'confirmed', count: 2 },
      { status: 'held', count: 1 },
    ])
    assert.deepEqual(
      (await house.messages()).map(({ state, attempts }) => [state, attempts]),
      [
        ['SENT', ['ok']],
        ['SENT', ['ok']],
      ],
    )
    const confirmations = (await house.texts()).filter(({ body }) => body.includes('TH-'))
    assert.equal(confirmations.length, 2)
  })
}
