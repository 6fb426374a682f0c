import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextCheck } from './check-schedule.ts'
import type { PaymentState } from './payment-states.ts'

const since = Temporal.Instant.from('2026-01-10T12:00:00Z')
const expiresAt = since.add({ minutes: 10 })

/** The seconds after which an attempt that stays as it is would be asked about, up to `untilMinutes`. */
function asked(
  state: PaymentState,
  { untilMinutes, hasPage = true, from = 0 }: { untilMinutes: number; hasPage?: boolean; from?: number },
): number[] {
  const seconds: number[] = []
  for (let now = since.add({ seconds: from }); ;) {
    const next = nextCheck(state, { now, since, expiresAt, hasPage })
    if (next === null) return seconds
    assert.ok(Temporal.Instant.compare(now, next) < 0, 'always later')
    const after = since.until(next).total('seconds')
    if (after > untilMinutes * 60) return seconds
    seconds.push(after)
    now = next
  }
}

test('an unknown outcome is asked about at 2, 5, 15, 30 s, 1, 2, 5 min, then every five minutes and in the end every quarter, for as long as it takes', () => {
  assert.deepEqual(asked('unknown', { untilMinutes: 15 }), [2, 5, 15, 30, 60, 120, 300, 600, 900])
  assert.deepEqual(asked('unknown', { untilMinutes: 24 * 60 }).slice(-2), [23 * 3600 + 45 * 60, 24 * 3600])
})

test('an open page is asked about every minute until it closes, right after it closed, and on', () => {
  const times = asked('redirected', { untilMinutes: 31 })
  assert.deepEqual(times.slice(0, 4), [2, 5, 15, 30])
  assert.ok(times.includes(602), 'the moment it closed')
  assert.ok(times.every((time, index) => time - (times[index - 1] ?? 0) <= 60 || time > 30 * 60))
})

test('an ended attempt whose page exists is looked at until no bank can be late any more, one that was never made is not', () => {
  for (const state of ['failed', 'expired'] as const) {
    assert.equal(asked(state, { untilMinutes: 120 }).at(-1), 30 * 60)
    assert.deepEqual(asked(state, { untilMinutes: 120, hasPage: false }), [])
  }
  assert.deepEqual(asked('paid', { untilMinutes: 120 }), [11 * 60, 30 * 60], 'a second card in another tab')
  assert.deepEqual(asked('integrity_failure', { untilMinutes: 120 }), [], 'a person asks')
})
