import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bookingStatuses } from './booking-states.ts'
import { rescheduleRefusal, reschedulesLeft } from './reschedule-terms.ts'

const now = Temporal.Instant.from('2026-03-01T09:00:00Z')
const movable = {
  status: 'confirmed' as const,
  startsAt: now.add({ hours: 5 }),
  now,
  reschedules: 0,
  freeReschedules: null,
  rescheduleHoursBefore: 0,
}
const reason = (change: Partial<Parameters<typeof rescheduleRefusal>[0]>) => rescheduleRefusal({ ...movable, ...change })?.reason ?? null

test('a booking moves as often and as late as its order promised', () => {
  assert.equal(reason({}), null)
  assert.equal(reason({ reschedules: 40 }), null)
  assert.equal(reason({ freeReschedules: 1 }), null)
  assert.equal(reason({ freeReschedules: 1, reschedules: 1 }), 'used_up')
  assert.equal(reason({ freeReschedules: 0 }), 'used_up')
  assert.equal(reason({ rescheduleHoursBefore: 5 }), null)
  assert.equal(reason({ rescheduleHoursBefore: 6 }), 'too_late')
  assert.equal(reason({ startsAt: now }), 'started')
  for (const status of bookingStatuses) if (status !== 'confirmed') assert.equal(reason({ status }), 'not_confirmed', status)
})

test('a refusal says why in both languages, with its numbers as people say them', () => {
  const why = (change: Partial<Parameters<typeof rescheduleRefusal>[0]>) => rescheduleRefusal({ ...movable, ...change })?.why
  assert.deepEqual(why({ freeReschedules: 2, reschedules: 2 }), {
    ar: 'تتيح المنشأة تغيير الموعد مرتين، وقد استُخدمت.',
    en: 'The business lets a booking be moved twice, and it was.',
  })
  assert.deepEqual(why({ rescheduleHoursBefore: 24 }), {
    ar: 'يمكن تغيير الموعد حتى 24 ساعة قبل بدايته.',
    en: 'A booking can be moved up to 24 hours before it starts.',
  })
  assert.match(why({ rescheduleHoursBefore: 6 })?.ar ?? '', /6 ساعات/)
})

test('there is a move left exactly when a booking far ahead may be moved', () => {
  fc.assert(
    fc.property(fc.option(fc.nat({ max: 5 })), fc.nat({ max: 8 }), (freeReschedules, reschedules) => {
      const left = reschedulesLeft({ freeReschedules, reschedules })
      assert.equal(left === null || left > 0, reason({ freeReschedules, reschedules }) === null)
    }),
  )
})
