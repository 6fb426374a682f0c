import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Problem } from '#foundation'
import { fromCursor, toCursor, toPage } from './cursor.ts'

/** Any UTF-16 unit, halves of surrogate pairs included. */
const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit))

const id = '0199a0b0-0000-7000-8000-000000000001'
const encoded = (text: string) => Buffer.from(text).toString('base64url')

function outcomeOf(cursor: string): 'position' | 'refused' {
  try {
    fromCursor(cursor)
    return 'position'
  } catch (error) {
    assert.ok(error instanceof Problem && error.code === 'invalid_request' && error.kind.status === 400, String(error))
    return 'refused'
  }
}

test('a cursor leads back to where its page ended', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 4_000_000_000_000_000n }), fc.uuid(), (microseconds, uuid) => {
      const position = { createdAt: Temporal.Instant.fromEpochNanoseconds(microseconds * 1_000n), id: uuid.toLowerCase() }
      const read = fromCursor(toCursor(position))
      assert.ok(read && read.createdAt.equals(position.createdAt) && read.id === position.id)
    }),
  )
})

test('no cursor means from the start', () => assert.equal(fromCursor(undefined), null))

test('whatever else is given for a cursor is refused and breaks nothing', () => {
  const hostile = [
    '',
    'x',
    '====',
    'null',
    'undefined',
    '../../etc/passwd',
    `' or 1=1 --`,
    encoded(''),
    encoded(' '),
    encoded(id),
    encoded(`2026-01-01T00:00:00Z ${id.slice(1)}`),
    encoded(`now ${id}`),
    encoded(`infinity ${id}`),
  ]
  for (const written of [
    '9999-12-31T23:59:59Z',
    '+275760-09-13T00:00:00Z',
    '-271821-04-20T00:00:00Z',
    '0000-01-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+99:00',
    '2026-01-01T00:00:00.0000000000Z',
  ])
    hostile.push(encoded(`${written} ${id}`))
  hostile.push(
    encoded(`2026-01-01T00:00:00.000Z ${id} or`),
    encoded(`2026-01-01T00:00:00.000Z\u0000${id}`),
    encoded(`2026-01-01T00:00:00.000Z urn:uuid:${id}`),
    encoded(`${'9'.repeat(39)} ${id}`),
  )
  for (const cursor of hostile) assert.equal(outcomeOf(cursor), 'refused', cursor)
})

test('any text at all is a position or refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: anyUnit }),
        fc.base64String(),
        fc.string().map((text) => encoded(`${text} ${id}`)),
      ),
      (cursor) => void outcomeOf(cursor),
    ),
    { numRuns: 1_000 },
  )
})

test('a page names the next only when there is one', () => {
  const rows = Array.from({ length: 3 }, (_, index) => ({ createdAt: Temporal.Instant.fromEpochMilliseconds(index), id }))
  assert.equal(toPage(rows, 3, ({ createdAt }) => createdAt).nextCursor, null)
  const page = toPage(rows, 2, ({ createdAt }) => createdAt.epochMilliseconds)
  assert.deepEqual(page.items, [0, 1])
  assert.equal(fromCursor(page.nextCursor ?? undefined)?.createdAt.epochMilliseconds, 1)
  assert.deepEqual(
    toPage([], 2, () => 0),
    { items: [], nextCursor: null },
  )
})
