import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { covers, merge, type Span, startWindows, subtract } from './free-time.ts'

const span = fc
  .record({ from: fc.integer({ min: 0, max: 60 }), length: fc.integer({ min: -3, max: 20 }) })
  .map(({ from, length }) => ({ from, to: from + length }))
const spans = fc.array(span, { maxLength: 8 })
const minutes = Array.from({ length: 120 }, (_, minute) => minute - 20)

const includes = (all: readonly Span[], minute: number) => all.some(({ from, to }) => from <= minute && minute < to)
const isTidy = (all: readonly Span[]) => all.every(({ from, to }, at) => from < to && (at === 0 || all[at - 1]!.to < from))

test('merging keeps every minute and leaves neither overlaps nor seams', () => {
  fc.assert(
    fc.property(spans, (all) => {
      const merged = merge(all)
      assert.ok(isTidy(merged))
      for (const minute of minutes) assert.equal(includes(merged, minute), includes(all, minute))
    }),
  )
})

test('subtracting leaves exactly the minutes that are in the first and not in the second', () => {
  fc.assert(
    fc.property(spans, spans, (all, taken) => {
      const left = subtract(merge(all), merge(taken))
      for (const minute of minutes) {
        assert.equal(includes(left, minute), includes(all, minute) && !includes(taken, minute))
        assert.equal(covers(left, minute), includes(left, minute))
      }
    }),
  )
})

test('a start is possible exactly when the visible time is open and the time with its buffers is nobody’s', () => {
  const shape = fc.record({
    durationMinutes: fc.integer({ min: 1, max: 15 }),
    bufferBeforeMinutes: fc.integer({ min: 0, max: 6 }),
    bufferAfterMinutes: fc.integer({ min: 0, max: 6 }),
  })
  fc.assert(
    fc.property(spans, spans, shape, (written, claims, { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes }) => {
      const open = merge(written)
      const taken = claims.filter(({ from, to }) => from < to)
      const windows = startWindows(open, taken, { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes })
      for (const minute of minutes) {
        const visible = Array.from({ length: durationMinutes }, (_, offset) => minute + offset)
        const whole = Array.from(
          { length: bufferBeforeMinutes + durationMinutes + bufferAfterMinutes },
          (_, offset) => minute - bufferBeforeMinutes + offset,
        )
        const possible = visible.every((each) => includes(open, each)) && !whole.some((each) => includes(taken, each))
        assert.equal(covers(windows, minute), possible)
      }
    }),
  )
})
