import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenEnding, brokenPromises, messagesTwice } from './promises.ts'
import type { Truth } from './truth.ts'

const from = Temporal.Instant.from('2030-01-01T10:00:00Z')
const to = from.add({ hours: 1 })

/** One booking, paid, told of, by somebody who signed in. */
function soundHouse(): Truth {
  return {
    bookings: [
      {
        id: 'b1',
        orderId: 'o1',
        accountId: 'a1',
        clientKey: 'k1',
        reference: 'TH-1',
        status: 'confirmed',
        startsAt: from,
        amountMinor: 16_000,
        currency: 'SAR',
      },
    ],
    claims: [{ holderId: 'b1', resourceId: 'r1', state: 'booked', from, to }],
    payments: [
      {
        id: 'p1',
        payableId: 'o1',
        clientKey: 'k2',
        state: 'paid',
        disposition: 'applied',
        gatewayRef: 'page',
        gatewayChargeId: 'c1',
        amountMinor: 16_000,
        currency: 'SAR',
      },
    ],
    refunds: [],
    booksMinor: 16_000,
    differences: [],
    changes: [{ aboutId: 'b1', kind: 'booking-confirmed', version: 2 }],
    notifications: [
      {
        id: 'n1',
        aboutId: 'b1',
        kind: 'booking-confirmed',
        version: 2,
        recipient: '+966551234567',
        state: 'SENT',
        delivery: null,
        standsInFor: null,
        attempts: { ok: 1, unsure: 0 },
      },
    ],
    codes: [{ phone: '+966551234567', attempts: 1, used: true }],
    sessions: [{ phone: '+966551234567' }],
    pages: [
      {
        id: 'page',
        status: 'paid',
        amountMinor: 16_000,
        currency: 'SAR',
        attemptId: 'p1',
        charges: [{ id: 'c1', taken: true, amountMinor: 16_000, refundedMinor: 0 }],
      },
    ],
    texts: [{ to: '+966551234567', body: 'TH-1' }],
  }
}

const ending = { bookings: { b1: { status: 'confirmed' } }, keptMinor: 16_000, heard: [] }

const planted: [what: string, sentence: RegExp, plant: (truth: Truth) => void][] = [
  ['two bookings at one time', /^P1: two live/, ({ claims }) => claims.push({ ...claims[0]!, holderId: 'b2' })],
  ['a confirmed booking without time', /^P1: b1 is confirmed/, ({ claims }) => claims.splice(0)],
  ['time that belongs to what is over', /^P1: b1 is over/, ({ bookings }) => (bookings[0]!.status = 'expired')],
  ['a confirmed booking the gateway took nothing for', /^P2/, ({ pages }) => (pages[0]!.charges[0]!.taken = false)],
  ['a confirmed booking paid with another amount', /^P2/, ({ pages }) => (pages[0]!.amountMinor = 100)],
  ['money nobody knows of', /^P3: 16000 .*nobody/, ({ payments }) => payments.splice(0)],
  [
    'money for a booking that ended',
    /^P3: 16000/,
    ({ payments, bookings }) => void ([payments[0]!.disposition, bookings[0]!.status] = ['refund_due', 'expired']),
  ],
  ['money given back that nobody owed', /^P3: of charge/, ({ pages }) => (pages[0]!.charges[0]!.refundedMinor = 8_000)],
  [
    'money owed that never went back',
    /^P3: of charge/,
    ({ refunds }) => refunds.push({ paymentId: 'p1', gatewayChargeId: 'c1', amountMinor: 8_000, state: 'refunded' }),
  ],
  ['books that have less than the gateway', /^P3: the books/, (truth) => (truth.booksMinor = 8_000)],
  ['an item for a person', /^P3: a person/, ({ differences }) => differences.push({ kind: 'refund_differs' })],
  ['one key, two bookings', /^P4: the key/, ({ bookings }) => bookings.push({ ...bookings[0]!, id: 'b2', status: 'cancelled' })],
  [
    'one order, two charges',
    /^P4: o1 was charged twice/,
    ({ pages }) => pages[0]!.charges.push({ id: 'c2', taken: true, amountMinor: 16_000, refundedMinor: 0 }),
  ],
  ['a change without its message', /^P5: nobody was to be told/, ({ notifications }) => notifications.splice(0)],
  ['a message that counts as sent and never came', /^P5: a message/, ({ texts }) => texts.splice(0)],
  [
    'a message that failed though the vendor was well',
    /^P5: booking-confirmed/,
    ({ notifications }) => (notifications[0]!.state = 'FAILED'),
  ],
  ['a message that came twice and nobody knows why', /^P5: .* more often/, ({ texts }) => texts.push({ ...texts[0]! })],
  ['a code that made two logins', /^P6/, ({ sessions }) => sessions.push({ ...sessions[0]! })],
  ['a sixth guess', /^P6/, ({ codes }) => (codes[0]!.attempts = 6)],
]

test('a sound house breaks no promise', () => {
  assert.deepEqual([...brokenPromises(soundHouse()), ...brokenEnding(soundHouse(), ending)], [])
  const standIn = { ...soundHouse().notifications[0]!, id: 'n0', state: 'FAILED', attempts: { ok: 0, unsure: 0 } }
  const stoodIn = { ...soundHouse().notifications[0]!, standsInFor: 'n0' }
  assert.deepEqual(brokenPromises({ ...soundHouse(), notifications: [standIn, stoodIn] }), [], 'another channel carried it')
  assert.equal(messagesTwice({ ...soundHouse(), texts: [...soundHouse().texts, ...soundHouse().texts] }), 1)
})

for (const [what, sentence, plant] of planted) {
  test(`found when planted: ${what}`, () => {
    const truth = soundHouse()
    plant(truth)
    const found = brokenPromises(truth)
    assert.ok(
      found.some((one) => sentence.test(one)),
      `${JSON.stringify(found)} does not say ${sentence}`,
    )
  })
}

test('found when planted: what a story should have ended with', () => {
  const other = (change: Partial<Parameters<typeof brokenEnding>[1]>) => brokenEnding(soundHouse(), { ...ending, ...change })
  assert.match(other({ bookings: { b1: { status: 'cancelled' } } })[0]!, /should be cancelled/)
  assert.match(other({ bookings: { b1: { status: 'confirmed', startsAt: to.toString() } } })[0]!, /not moved/)
  assert.match(other({ bookings: { ...ending.bookings, b2: { status: 'confirmed' } } })[0]!, /is lost/)
  assert.match(other({ keptMinor: 0 })[0]!, /16000 is kept/)
  assert.match(other({ delivery: { b1: 'delivered' } })[0]!, /counts as nothing/)
  assert.match(other({ phone: '+966550000000' })[0]!, /signed in/)
  assert.match(
    other({
      heard: [
        { key: 'k', id: '1' },
        { key: 'k', id: '2' },
      ],
    })[0]!,
    /answered with two/,
  )
})
