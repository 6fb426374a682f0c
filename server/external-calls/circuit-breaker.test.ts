import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure, type CallFailureFacts } from './call-failure.ts'
import { type CircuitState, createCircuitBreaker } from './circuit-breaker.ts'

const settings = { failuresToOpen: 3, openMs: 1_000 }

function circuit() {
  const clock = { nowMs: 0, now: () => Temporal.Instant.fromEpochMilliseconds(clock.nowMs) }
  const changes: CircuitState[] = []
  const breaker = createCircuitBreaker(settings, clock, (state) => changes.push(state))
  const failing = (facts: CallFailureFacts) => () => Promise.reject(new CallFailure(facts))
  const calls = {
    ok: () => Promise.resolve('ok'),
    down: failing({ outcome: 'unreachable', errorType: 'connect' }),
    slow: failing({ outcome: 'unknown', errorType: 'timeout' }),
    refused: failing({ outcome: 'refused', errorType: 'http_4xx', cause: 'permanent' }),
    broken: () => Promise.reject(new TypeError('our own fault')),
  }
  /** How a call through the breaker ended: `kept out` when it was not made. */
  const call = async (kind: keyof typeof calls, insist = false): Promise<string> => {
    try {
      return await breaker.run(calls[kind], { insist })
    } catch (error) {
      if (!(error instanceof CallFailure)) return 'fault'
      return error.facts.errorType === 'circuit_open' ? 'kept out' : error.facts.outcome
    }
  }
  return { breaker, call, changes, pass: (ms: number) => void (clock.nowMs += ms) }
}

type Step = [does: 'ok' | 'down' | 'slow' | 'refused' | 'broken' | `wait ${number}`, ends: string, state: CircuitState]

const table: Record<string, Step[]> = {
  'failures in a row open it': [
    ['down', 'unreachable', 'closed'],
    ['slow', 'unknown', 'closed'],
    ['down', 'unreachable', 'open'],
    ['ok', 'kept out', 'open'],
  ],
  'a success between starts the count again': [
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['ok', 'ok', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
  ],
  'a refusal is an answer': [
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['refused', 'refused', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
  ],
  'refusals never open it': [
    ['refused', 'refused', 'closed'],
    ['refused', 'refused', 'closed'],
    ['refused', 'refused', 'closed'],
    ['refused', 'refused', 'closed'],
  ],
  'faults of our own code count as failures': [
    ['broken', 'fault', 'closed'],
    ['broken', 'fault', 'closed'],
    ['broken', 'fault', 'open'],
  ],
  'it stays open for its time and not longer': [
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'open'],
    ['wait 999', '', 'open'],
    ['ok', 'kept out', 'open'],
    ['wait 1', '', 'half_open'],
    ['ok', 'ok', 'closed'],
    ['down', 'unreachable', 'closed'],
  ],
  'a failed trial opens it anew for its whole time': [
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'open'],
    ['wait 1000', '', 'half_open'],
    ['slow', 'unknown', 'open'],
    ['wait 999', '', 'open'],
    ['ok', 'kept out', 'open'],
    ['wait 1', '', 'half_open'],
    ['ok', 'ok', 'closed'],
  ],
  'a clock that is put back does not keep the vendor out until it has caught up': [
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'open'],
    ['wait -3600000', '', 'half_open'],
    ['ok', 'ok', 'closed'],
  ],
  'a refused trial shows that the vendor is there': [
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'closed'],
    ['down', 'unreachable', 'open'],
    ['wait 1000', '', 'half_open'],
    ['refused', 'refused', 'closed'],
  ],
}

for (const [sentence, steps] of Object.entries(table)) {
  test(sentence, async () => {
    const { breaker, call, pass } = circuit()
    for (const [index, [does, ends, state]] of steps.entries()) {
      if (does.startsWith('wait')) pass(Number(does.slice(5)))
      else assert.equal(await call(does as 'ok'), ends, `step ${index + 1}, ${does}`)
      assert.equal(breaker.state(), state, `after step ${index + 1}, ${does}`)
    }
  })
}

test('while it is half open one call at a time is let through', async () => {
  const { breaker, call, pass } = circuit()
  for (let failures = 0; failures < 3; failures++) await call('down')
  pass(1_000)
  const answer = Promise.withResolvers<string>()
  const trial = breaker.run(() => answer.promise)
  assert.deepEqual(await Promise.all([call('ok'), call('ok')]), ['kept out', 'kept out'])
  answer.resolve('ok')
  assert.equal(await trial, 'ok')
  assert.equal(await call('ok'), 'ok')
})

test('a person’s own request passes an open circuit, and its success closes it', async () => {
  const { breaker, call } = circuit()
  for (let failures = 0; failures < 3; failures++) await call('down')
  assert.equal(await call('down', true), 'unreachable')
  assert.equal(breaker.state(), 'open')
  assert.equal(await call('ok', true), 'ok')
  assert.equal(breaker.state(), 'closed')
})

test('every change of state is told once', async () => {
  const { call, changes, pass } = circuit()
  for (let failures = 0; failures < 3; failures++) await call('down')
  await call('ok')
  pass(1_000)
  await call('down')
  pass(1_000)
  await call('ok')
  assert.deepEqual(changes, ['open', 'half_open', 'open', 'half_open', 'closed'])
})
