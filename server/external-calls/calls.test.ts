import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestContext, test } from 'node:test'
import { openDatabase, sql, transaction } from '#database'
import { createMetrics, systemClock } from '#foundation'
import { testDatabase } from '../../tests/support/postgres.ts'
import { CallFailure } from './call-failure.ts'
import { createAttempt } from './calls.ts'
import { waitAtMost, withDeadline } from './deadline.ts'
import { createSurfaced } from './surfaced.ts'

async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  return call.then(
    () => assert.fail('The call did not fail.'),
    (error: unknown) => (error instanceof CallFailure ? error : assert.fail(String(error))),
  )
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now()
  return { result: await work, ms: performance.now() - started }
}

test('a call that ignores its signal is left on time, and how it ends is unknown', async () => {
  const { result, ms } = await timed(failureOf(withDeadline(100, () => new Promise(() => {}))))
  assert.equal(result.facts.outcome, 'unknown')
  assert.equal(result.facts.errorType, 'timeout')
  assert.ok(ms >= 95 && ms < 600, `${ms} ms`)
})

test('a call that hears its signal is told why it should stop', async () => {
  let reason: unknown
  const failure = await failureOf(
    withDeadline(
      50,
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject((reason = signal.reason) as Error))),
    ),
  )
  assert.equal(reason, failure)
})

test('a call that fails after it was left disturbs nobody', async () => {
  const unhandled: unknown[] = []
  const hear = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', hear)
  await failureOf(
    withDeadline(20, async () => {
      await sleep(60)
      throw new Error('too late')
    }),
  )
  await sleep(100)
  process.off('unhandledRejection', hear)
  assert.deepEqual(unhandled, [])
})

test('the deadline covers an answer whose headers are quick and whose body drips', async (t) => {
  const vendor = createServer((_request, response) => {
    response.writeHead(200).flushHeaders()
    const timer = setInterval(() => response.write('x'), 10)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve))
  t.after(() => vendor.close())
  const { port } = vendor.address() as AddressInfo
  const { result, ms } = await timed(
    failureOf(withDeadline(200, async (signal) => (await fetch(`http://127.0.0.1:${port}/`, { signal })).text())),
  )
  assert.equal(result.facts.errorType, 'timeout')
  assert.ok(ms < 800, `${ms} ms`)
})

test('a call in time gives its result, and its own failure stays its own', async () => {
  assert.equal(await withDeadline(1_000, async () => 'done'), 'done')
  await assert.rejects(
    withDeadline(1_000, async () => Promise.reject(new TypeError('our fault'))),
    TypeError,
  )
})

test('waiting at most so long leaves the work running', async () => {
  assert.equal(await waitAtMost(500, Promise.resolve()), true)
  let done = false
  const work = sleep(80).then(() => void (done = true))
  assert.equal(await waitAtMost(10, work), false)
  await work
  assert.ok(done)
})

test('every call is recorded by vendor, operation and how it ended; vendors and operations have circuits of their own', async () => {
  const metrics = createMetrics()
  const attempt = createAttempt({ clock: systemClock, metrics, circuit: { failuresToOpen: 1, openMs: 60_000 } })
  const down = () => Promise.reject(new CallFailure({ outcome: 'unreachable', errorType: 'connect' }))
  const name = { provider: 'vendor', operation: 'send', timeoutMs: 500 }
  await attempt(name, async () => 'ok')
  await failureOf(attempt(name, down))
  assert.equal((await failureOf(attempt(name, async () => 'ok'))).facts.errorType, 'circuit_open')
  await assert.rejects(
    attempt({ ...name, provider: 'third' }, async () => Promise.reject(new TypeError('our fault'))),
    TypeError,
  )
  assert.equal(await attempt({ ...name, operation: 'fetch' }, async () => 'ok'), 'ok')
  assert.equal(await attempt({ ...name, provider: 'other' }, async () => 'ok'), 'ok')
  const { values } = await metrics.calls.get()
  const counts = Object.fromEntries(
    values
      .filter(({ metricName }) => metricName?.endsWith('_count'))
      .map(({ labels, value }) => [`${labels.provider} ${labels.operation} ${labels.outcome} ${labels.error_type}`, value]),
  )
  assert.deepEqual(counts, {
    'vendor send ok ': 1,
    'vendor send unreachable connect': 1,
    'vendor send unreachable circuit_open': 1,
    'third send fault fault': 1,
    'vendor fetch ok ': 1,
    'other send ok ': 1,
  })
  const circuits = Object.fromEntries(
    (await metrics.circuits.get()).values.map(({ labels, value }) => [`${labels.provider} ${labels.purpose}`, value]),
  )
  assert.deepEqual(circuits, { 'vendor send': 2, 'third send': 2, 'vendor fetch': 0, 'other send': 0 })
})

test('a vendor that hangs fills its own room, and leaves the room of codes and of other vendors alone', async () => {
  const metrics = createMetrics()
  const attempt = createAttempt({ clock: systemClock, metrics, bulkheads: { 'send-message': 3 } })
  const message = { provider: 'vendor', operation: 'send-message', timeoutMs: 5_000 }
  const answer = Promise.withResolvers<string>()
  const hanging = Array.from({ length: 3 }, () => attempt(message, () => answer.promise))
  const full = await failureOf(attempt(message, async () => assert.fail('A fourth call was made.')))
  assert.deepEqual([full.facts.outcome, full.facts.errorType, full.facts.retryAfterMs], ['unreachable', 'bulkhead_full', 1_000])
  assert.equal(await attempt({ ...message, operation: 'send-code' }, async () => 'ok'), 'ok')
  assert.equal(await attempt({ ...message, provider: 'other' }, async () => 'ok'), 'ok')
  assert.equal(await attempt({ ...message, insist: true }, async () => 'ok'), 'ok')
  answer.resolve('ok')
  assert.deepEqual(await Promise.all(hanging), ['ok', 'ok', 'ok'])
  assert.equal(await attempt(message, async () => 'ok'), 'ok', 'room that was given back')
})

test('what our own side does before the vendor is asked is no failure of the vendor, and a circuit that lets nobody through does not begin it', async () => {
  const metrics = createMetrics()
  const attempt = createAttempt({ clock: systemClock, metrics, circuit: { failuresToOpen: 1, openMs: 60_000 }, bulkheads: { send: 1 } })
  const name = { provider: 'vendor', operation: 'send', timeoutMs: 500 }
  let begun = 0
  const away = async () => {
    begun += 1
    throw new TypeError('the database is away')
  }
  for (let tries = 0; tries < 3; tries++)
    await assert.rejects(
      attempt({ ...name, before: away }, async () => assert.fail('The vendor was asked.')),
      TypeError,
    )
  assert.equal(await attempt({ ...name, before: async () => void (begun += 1) }, async () => 'ok'), 'ok')
  await failureOf(attempt(name, () => Promise.reject(new CallFailure({ outcome: 'unreachable', errorType: 'connect' }))))
  const kept = await failureOf(attempt({ ...name, before: away }, async () => 'ok'))
  assert.deepEqual([kept.facts.errorType, begun], ['circuit_open', 4])
  assert.ok(kept.facts.retryAfterMs! > 50_000 && kept.facts.retryAfterMs! <= 60_000, String(kept.facts.retryAfterMs))
})

async function opened(t: TestContext) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 4, poolWaitMs: 2_000, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(async () => {
    await database.close()
    await drop()
  })
  return database
}

test('a surfaced call inside a transaction is refused before the vendor is asked', async (t) => {
  const database = await opened(t)
  const surfaced = createSurfaced(createAttempt({ clock: systemClock, metrics: createMetrics() }))
  const name = { provider: 'vendor', operation: 'send', timeoutMs: 500 }
  let asked = 0
  const ask = () => surfaced(name, async () => ++asked)
  await assert.rejects(
    transaction(database, async (tx) => {
      await tx.rows(sql`select 1`)
      return ask()
    }),
    /vendor send was called inside a transaction/,
  )
  // Deep in a chain of promises it is the same transaction.
  await assert.rejects(
    transaction(database, () =>
      sleep(1)
        .then(() => sleep(1))
        .then(ask),
    ),
    /inside a transaction/,
  )
  assert.equal(asked, 0)
  assert.equal(await ask(), 1)
  await transaction(database, async (tx) => tx.afterCommit(async () => void (await ask())))
  assert.equal(asked, 2)
})
