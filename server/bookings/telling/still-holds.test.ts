import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notificationKinds } from '#notifications'
import { type BookingStatus, bookingStatuses } from '../booking-states.ts'
import type { BookingRow } from '../queries.ts'
import { stillHolds } from './still-holds.ts'

const now = Temporal.Instant.from('2026-03-01T09:00:00Z')
const refunds = [
  { id: 'r1', state: 'refunded' },
  { id: 'r2', state: 'failed' },
]
const needs = { database: null, payments: { moneyOf: async () => ({ refunds }) } } as unknown as Parameters<typeof stillHolds>[0]

/** Why a message promised at version 2 is not sent of a booking that stands so now. */
function whyNot(kind: string, booking: Partial<BookingRow>, occasion = 'r1') {
  const row = { status: 'confirmed', version: 2, lapsed: false, startsAt: now.add({ hours: 5 }), now, ...booking }
  const db = { row: async () => row } as unknown as Parameters<typeof stillHolds>[1]
  return stillHolds(needs, db, { aboutId: 'b1', kind, version: 2, occasion })
}

/** Where a booking may stand while what the message says of it is still true. */
const trueWhile: Record<string, readonly BookingStatus[]> = {
  'booking-confirmed': ['confirmed'],
  'payment-received': ['held', 'confirmed', 'completed', 'no_show'],
  'payment-applied-late': ['confirmed'],
  'refund-made': bookingStatuses,
  'booking-reminder': ['confirmed'],
  'booking-rescheduled': ['confirmed'],
  'booking-cancelled': ['cancelled', 'expired'],
  'hold-ending': ['held'],
  'booking-waiting': ['held'],
  'staff-booking-new': ['held', 'confirmed'],
  'staff-booking-changed': ['confirmed'],
  'staff-booking-cancelled': ['cancelled', 'expired'],
  'visit-again': ['completed'],
}
const aboutBookings = notificationKinds.filter((kind) => kind !== ('canary' as string))

test('of every kind it is known where a booking must stand for it to be said', async () => {
  assert.deepEqual(Object.keys(trueWhile).toSorted(), aboutBookings.toSorted())
  for (const [kind, wanted] of Object.entries(trueWhile))
    for (const status of bookingStatuses)
      assert.equal(
        await whyNot(kind, { status }),
        wanted.includes(status) ? null : `booking_${status}`,
        `${kind} of a booking that is ${status}`,
      )
})

test('what was said of an earlier version of the booking is not said any more, but for money that moved', async () => {
  for (const [kind, [status]] of Object.entries(trueWhile)) {
    const stays = kind === 'payment-received' || kind === 'refund-made'
    assert.equal(await whyNot(kind, { status: status!, version: 3 }), stays ? null : 'booking_moved', kind)
  }
})

test('nobody is reminded of what has begun, nor told to hurry for a hold that is over', async () => {
  assert.equal(await whyNot('booking-reminder', { startsAt: now }), 'booking_begun')
  assert.equal(await whyNot('hold-ending', { status: 'held', lapsed: true }), 'hold_over')
  assert.equal(await whyNot('booking-waiting', { status: 'held', lapsed: true }), 'hold_over')
})

test('that money came back is said only while it did', async () => {
  assert.equal(await whyNot('refund-made', {}, 'r2'), 'refund_undone')
  assert.equal(await whyNot('refund-made', {}, 'r3'), 'refund_undone')
})

test('a booking that is gone is spoken of no more, and a kind nobody judges is a fault', async () => {
  const db = { row: async () => undefined } as unknown as Parameters<typeof stillHolds>[1]
  assert.equal(await stillHolds(needs, db, { aboutId: 'b1', kind: 'booking-confirmed', version: 2, occasion: '' }), 'booking_gone')
  await assert.rejects(whyNot('booking-forgotten', {}), /booking-forgotten/)
})
