import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDue, windowOf } from './reconcile.ts'
import type { Standing } from './reconciliation-queries.ts'

const now = Temporal.Instant.from('2026-11-22T12:00:00Z')
const ago = (hours: number) => now.subtract({ minutes: Math.round(hours * 60) })
const standing = (finished: number | null, started = finished): Standing => ({
  now,
  lastStartedAt: started === null ? null : ago(started),
  lastComplete: finished === null ? null : { toAt: ago(finished), finishedAt: ago(finished), databaseIdentity: 'this' },
})

test('everything is compared once a day, after a start within the hour, and at once by a database with another history', () => {
  const cases: [string, Standing, string, boolean, boolean][] = [
    ['never compared', standing(null), 'this', false, true],
    ['an hour ago', standing(1), 'this', false, false],
    ['a day ago', standing(24), 'this', false, true],
    ['half an hour ago, just started', standing(0.5), 'this', true, false],
    ['two hours ago, just started', standing(2), 'this', true, true],
    ['an hour ago, restored or failed over since', standing(1), 'another', false, true],
    ['begun five minutes ago and not got through', standing(30, 5 / 60), 'this', false, false],
    ['the same, just started', standing(30, 5 / 60), 'this', true, true],
    ['begun a quarter of an hour ago and not got through', standing(30, 0.25), 'this', false, true],
  ]
  for (const [name, at, identity, fresh, due] of cases) assert.equal(isDue(at, identity, fresh), due, name)
})

test('each run goes over the last day of the one before it again; the first and the one after a restore go far back', () => {
  const from = (at: Standing, identity = 'this') => windowOf(at, identity).from.until(now).total('hours')
  assert.equal(from(standing(24)), 48)
  assert.equal(from(standing(24 * 60)), 35 * 24)
  assert.equal(from(standing(null)), 35 * 24)
  assert.equal(from(standing(1), 'another'), 35 * 24)
  assert.ok(Temporal.Instant.compare(windowOf(standing(1), 'this').to, now) > 0)
})
