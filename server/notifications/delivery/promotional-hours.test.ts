import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cautiousHours, readHours, waitForHoursMs } from './promotional-hours.ts'

const wait = (at: string, zone = 'Asia/Riyadh') => waitForHoursMs(Temporal.Instant.from(at), zone, cautiousHours) / 60_000

test('within the hours at the business nothing waits; before and after them it waits for the next morning there', () => {
  assert.equal(wait('2026-11-22T06:00:00Z'), 0, 'nine in Riyadh')
  assert.equal(wait('2026-11-22T15:59:00Z'), 0, 'a minute before seven in the evening')
  assert.equal(wait('2026-11-22T16:00:00Z'), 14 * 60, 'seven in the evening')
  assert.equal(wait('2026-11-22T05:30:00Z'), 30)
  assert.equal(wait('2026-11-22T20:59:00Z'), 9 * 60 + 1)
  assert.equal(wait('2026-11-22T05:30:00Z', 'Asia/Dubai'), 0, 'half past nine in Dubai')
})

test('hours are two times of one day', () => {
  assert.deepEqual(readHours('08:30-22:00'), { fromMinutes: 510, toMinutes: 1_320 })
  for (const text of ['', '9-19', '19:00-09:00', '09:00-09:00', '24:00-25:00', '09:00–19:00'])
    assert.equal(readHours(text), undefined, text)
})
