import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, manyOf, queryOf, readChosen } from './message-view.ts'

test('what is chosen is read from the address, and what is not known is left out', () => {
  assert.deepEqual(readChosen({}), { view: 'open', narrowing: {} })
  assert.deepEqual(readChosen({ view: 'lost', channel: 'pigeon', business: '../x', errorClass: 'permanent', kind: 'booking-reminder' }), {
    view: 'open',
    narrowing: { errorClass: 'permanent', kind: 'booking-reminder' },
  })
  assert.deepEqual(readChosen({ view: 'sent', business: ' Lamsa ', olderThanMinutes: '60' }), {
    view: 'sent',
    narrowing: { business: 'lamsa', olderThanMinutes: '60' },
  })
})

test('an address read again is the same choice', () => {
  const chosen = { view: 'all', narrowing: { provider: 'taqnyat', delivery: 'none', business: 'lamsa' } } as const
  const query = Object.fromEntries(new URL(addressOf(chosen), 'http://house').searchParams)
  assert.deepEqual(readChosen(query), chosen)
  assert.equal(addressOf({ view: 'open', narrowing: {} }), '/ops')
})

test('the server is asked in its own words, and many are sent again by all but the report', () => {
  const narrowing = { channel: 'sms', delivery: 'undelivered', olderThanMinutes: '60', business: 'lamsa' }
  assert.deepEqual(queryOf({ view: 'open', narrowing }), {
    channel: 'sms',
    business: 'lamsa',
    olderThanMinutes: 60,
    delivery: 'undelivered',
    open: true,
  })
  assert.deepEqual(manyOf(narrowing), { channel: 'sms', business: 'lamsa', olderThanMinutes: 60 })
})
