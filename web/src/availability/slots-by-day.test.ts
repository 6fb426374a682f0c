import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countOf, slotsByDay, workingDay } from './slots-by-day.ts'

const slot = (startsAt: string) => ({ startsAt, endsAt: startsAt, resourceIds: [] })

test('a time after midnight belongs to the evening before it', () => {
  // 22:30Z is 01:30 the next morning in Riyadh.
  const days = slotsByDay([slot('2026-11-26T17:00:00Z'), slot('2026-11-26T22:30:00Z')], 'Asia/Riyadh')
  assert.deepEqual([...days.keys()], ['2026-11-26'])
  assert.equal(days.get('2026-11-26')?.night.length, 1)
  assert.equal(days.get('2026-11-26')?.evening.length, 1)
})

test('the business zone decides the day, not the clock of the device', () => {
  assert.equal(workingDay('2026-11-26T21:00:00Z', 'Asia/Riyadh'), '2026-11-26')
  assert.equal(workingDay('2026-11-27T02:00:00Z', 'Asia/Riyadh'), '2026-11-27')
  assert.equal(workingDay('2026-11-27T02:00:00Z', 'America/New_York'), '2026-11-26')
})

test('a day without slots counts none', () => {
  assert.equal(countOf(undefined), 0)
})
