import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Calendar, openTime, type WeeklyRule } from './opening-hours.ts'
import { dayStart, toDay, toInstant } from './zone-minutes.ts'

const hours = (weekday: number, fromHour: number, toHour: number, resourceId: string | null = null): WeeklyRule => ({
  resourceId,
  kind: 'open',
  weekday,
  startMinute: fromHour * 60,
  lengthMinutes: (toHour - fromHour) * 60,
})
const calendar = (written: Partial<Calendar>): Calendar => ({ rules: [], specialDays: [], closures: [], ...written })
const day = (date: string) => toDay(Temporal.PlainDate.from(date))

/** What is open on one day, as a clock at the place shows it. */
function onClock(written: Partial<Calendar>, zone: string, date: string, resourceId = 'a'): string[] {
  const { open } = openTime(calendar(written), resourceId, zone, day(date), day(date))
  const clock = (minute: number) =>
    toInstant(minute).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).slice(5)
  return open.map(({ from, to }) => `${clock(from)} to ${clock(to)}, ${to - from} min`)
}

const thursday = '2026-01-08'
const friday = '2026-01-09'

test('16:00 to 02:00 is one opening that belongs to the day it begins on', () => {
  const rules = [hours(4, 16, 26)]
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', thursday), ['01-08T16:00 to 01-09T02:00, 600 min'])
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', friday), [])
})

test('breaks of the branch and of a resource are taken from what is open, also after midnight', () => {
  const rules: WeeklyRule[] = [hours(4, 16, 26), { ...hours(4, 18, 19), kind: 'break' }, { ...hours(5, 0, 1, 'a'), kind: 'break' }]
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', thursday), [
    '01-08T16:00 to 01-08T18:00, 120 min',
    '01-08T19:00 to 01-09T00:00, 300 min',
    '01-09T01:00 to 01-09T02:00, 60 min',
  ])
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', thursday, 'b'), [
    '01-08T16:00 to 01-08T18:00, 120 min',
    '01-08T19:00 to 01-09T02:00, 420 min',
  ])
})

test('a break of the night before runs into the morning', () => {
  const rules: WeeklyRule[] = [hours(4, 0, 6), { ...hours(3, 22, 25), kind: 'break' }]
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', thursday), ['01-08T01:00 to 01-08T06:00, 300 min'])
})

test('a resource’s own hours replace the branch’s on every weekday', () => {
  const rules = [hours(4, 10, 22), hours(5, 10, 22), hours(4, 16, 20, 'a')]
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', thursday), ['01-08T16:00 to 01-08T20:00, 240 min'])
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', friday), [])
  assert.deepEqual(onClock({ rules }, 'Asia/Riyadh', friday, 'b'), ['01-09T10:00 to 01-09T22:00, 720 min'])
})

test('a special day of the branch outweighs weekly hours, and one of the resource outweighs that', () => {
  const rules = [hours(4, 10, 22), hours(4, 16, 20, 'a')]
  const closed = { resourceId: null, day: day(thursday), startMinute: null, lengthMinutes: null }
  assert.deepEqual(onClock({ rules, specialDays: [closed] }, 'Asia/Riyadh', thursday), [])
  const open = { ...closed, resourceId: 'a', startMinute: 540, lengthMinutes: 120 }
  assert.deepEqual(onClock({ rules, specialDays: [closed, open] }, 'Asia/Riyadh', thursday), ['01-08T09:00 to 01-08T11:00, 120 min'])
  assert.deepEqual(onClock({ rules, specialDays: [closed, open] }, 'Asia/Riyadh', thursday, 'b'), [])
})

test('a closure cuts out its stretch for whom it is meant', () => {
  const rules = [hours(4, 10, 22)]
  const noon = dayStart('Asia/Riyadh', day(thursday)) + 720
  const closures = [{ resourceId: 'a', from: noon, to: noon + 60 }]
  assert.deepEqual(onClock({ rules, closures }, 'Asia/Riyadh', thursday), [
    '01-08T10:00 to 01-08T12:00, 120 min',
    '01-08T13:00 to 01-08T22:00, 540 min',
  ])
  assert.deepEqual(onClock({ rules, closures }, 'Asia/Riyadh', thursday, 'b'), ['01-08T10:00 to 01-08T22:00, 720 min'])
})

test('on the night a clock is moved the opening still ends when the clock says so', () => {
  // Cairo 2026: 24 April has no first hour; the clock goes back at the end of 29 October. London: 01:00 to 02:00 is skipped on 29 March.
  assert.deepEqual(onClock({ rules: [hours(4, 16, 26)] }, 'Africa/Cairo', '2026-04-23'), ['04-23T16:00 to 04-24T02:00, 540 min'])
  assert.deepEqual(onClock({ rules: [hours(4, 16, 26)] }, 'Africa/Cairo', '2026-10-29'), ['10-29T16:00 to 10-30T02:00, 660 min'])
  assert.deepEqual(onClock({ rules: [hours(6, 22, 27)] }, 'Europe/London', '2026-03-28'), ['03-28T22:00 to 03-29T03:00, 240 min'])
  assert.deepEqual(onClock({ rules: [hours(7, 9, 17)] }, 'Europe/London', '2026-03-29'), ['03-29T09:00 to 03-29T17:00, 480 min'])
  assert.deepEqual(onClock({ rules: [hours(7, 0, 6)] }, 'Asia/Beirut', '2026-03-29'), ['03-29T01:00 to 03-29T06:00, 300 min'])
  // An opening that lies wholly in the hour that is skipped is none.
  assert.deepEqual(onClock({ rules: [hours(7, 1, 2)] }, 'Europe/London', '2026-03-29'), [])
})
