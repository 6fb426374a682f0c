import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextReminder, reminderDue } from './reminder-times.ts'

const startsAt = Temporal.Instant.from('2026-03-10T09:00:00Z')
const usual = [1_440, 120]
const before = (time: Temporal.DurationLike) => startsAt.subtract(time)
const longAgo = before({ hours: 24 * 9 })
const due = (now: Temporal.Instant, minutes = usual, changedAt = longAgo) => reminderDue({ startsAt, changedAt, now }, minutes)

test('each reminder is due at its moment and the next one is planned', () => {
  assert.equal(due(before({ minutes: 1_441 })), null)
  assert.equal(due(before({ minutes: 1_440 })), 1_440)
  assert.ok(nextReminder(startsAt, usual, longAgo)?.equals(before({ minutes: 1_440 })))
  assert.ok(nextReminder(startsAt, usual, before({ minutes: 1_440 }))?.equals(before({ minutes: 120 })))
  assert.equal(nextReminder(startsAt, usual, before({ minutes: 120 })), null)
  assert.equal(nextReminder(startsAt, [], longAgo), null)
})

test('a house that was down says the latest alone, and nothing once it has begun', () => {
  assert.equal(due(before({ minutes: 90 })), 120)
  assert.equal(due(before({ minutes: 300 })), 1_440)
  assert.equal(due(startsAt), null)
  assert.equal(due(startsAt.add({ minutes: 1 })), null)
})

test('a booking made or moved after the moment of a reminder gets only those that come after', () => {
  const made = before({ hours: 3 })
  assert.equal(due(before({ minutes: 150 }), usual, made), null)
  assert.equal(due(before({ minutes: 119 }), usual, made), 120)
  assert.equal(due(before({ minutes: 119 }), usual, before({ minutes: 119 })), null)
})

test('a business may have other moments, or none', () => {
  assert.equal(due(before({ minutes: 20 }), [30, 2_880]), 30)
  assert.equal(due(before({ minutes: 20 }), []), null)
})
