import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageWords } from './message-words.ts'
import { outcomeOf, whyOf } from './outcome.ts'

test('what became of a message is said as far as anybody can say it', () => {
  const said = (status: string, delivery: string | null = null) => outcomeOf({ status, delivery })
  assert.equal(said('PENDING'), 'waiting')
  assert.equal(said('SENT'), 'sent')
  assert.equal(said('SENT', 'accepted'), 'sent')
  assert.equal(said('SENT', 'undelivered'), 'undelivered')
  assert.equal(said('SENT', 'delivered'), 'delivered')
  assert.equal(said('SENT', 'read'), 'read')
  assert.equal(said('SKIPPED'), 'skipped')
  assert.equal(said('FAILED', 'delivered'), 'failed')
})

test('why is said in plain words of both languages, whatever a vendor wrote', () => {
  for (const words of Object.values(messageWords)) {
    const why = (status: string, reason: string | null) => whyOf({ status, reason }, words)
    assert.equal(why('FAILED', 'refused: rejected · 30005'), words.why['refused'])
    assert.equal(why('FAILED', 'unknown: timeout'), words.why['unknown'])
    assert.equal(why('SKIPPED', 'booking_cancelled'), words.why['booking_cancelled'])
    assert.equal(why('SKIPPED', 'something new'), words.whyElse)
    assert.equal(why('SENT', null), null)
    assert.equal(why('PENDING', 'unreachable: connect'), null)
  }
  assert.deepEqual(Object.keys(messageWords.en.why), Object.keys(messageWords.ar.why))
  assert.deepEqual(Object.keys(messageWords.en.kind), Object.keys(messageWords.ar.kind))
})
