import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallFailureFacts } from './call-failure.ts'
import { classOf, type ErrorClass, wasAsked } from './error-class.ts'

const classes: [CallFailureFacts, ErrorClass][] = [
  [{ outcome: 'refused', errorType: 'rejected', cause: 'permanent' }, 'permanent'],
  [{ outcome: 'refused', errorType: 'rejected', cause: 'configuration' }, 'configuration'],
  [{ outcome: 'refused', errorType: 'http_429', cause: 'temporary' }, 'temporary'],
  [{ outcome: 'refused', errorType: 'http_4xx' }, 'permanent'],
  [{ outcome: 'unreachable', errorType: 'connect' }, 'temporary'],
  [{ outcome: 'unreachable', errorType: 'circuit_open' }, 'temporary'],
  [{ outcome: 'unreachable', errorType: 'misconfigured' }, 'configuration'],
  [{ outcome: 'unknown', errorType: 'timeout' }, 'ambiguous'],
  [{ outcome: 'unknown', errorType: 'bad_body' }, 'ambiguous'],
  [{ outcome: 'unknown', errorType: 'interrupted' }, 'ambiguous'],
  [{ outcome: 'unknown', errorType: 'fault' }, 'fault'],
]

for (const [facts, expected] of classes) {
  test(`${[facts.outcome, facts.cause, facts.errorType].filter(Boolean).join(' ')} is ${expected}`, () => {
    assert.equal(classOf(facts), expected)
  })
}

test('a call we kept back tried nothing', () => {
  assert.equal(wasAsked({ outcome: 'unreachable', errorType: 'circuit_open' }), false)
  assert.equal(wasAsked({ outcome: 'unreachable', errorType: 'bulkhead_full' }), false)
  assert.equal(wasAsked({ outcome: 'unreachable', errorType: 'connect' }), true)
})
