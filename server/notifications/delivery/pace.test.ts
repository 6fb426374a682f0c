import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPace } from './pace.ts'

function pace(perSecond: number) {
  let nowMs = 0
  const created = createPace(perSecond, () => nowMs)
  return {
    ...created,
    pass: (ms: number) => void (nowMs += ms),
    /** Turns that are free now. */
    free: (): number => {
      let taken = 0
      while (created.takeMs() === 0) taken += 1
      return taken
    },
    /** Turns taken in so many seconds by somebody who asks all the time. */
    takenIn: (seconds: number): number => {
      let taken = 0
      for (let step = 0; step < seconds * 10; step++) {
        nowMs += 100
        if (created.takeMs() === 0) taken += 1
        while (created.takeMs() === 0) taken += 1
      }
      return taken
    },
  }
}

test('a second’s worth at once, and then so many a second, however long nobody came', () => {
  const { free, pass } = pace(20)
  assert.equal(free(), 20)
  pass(500)
  assert.equal(free(), 10)
  pass(3_600_000)
  assert.equal(free(), 20)
})

test('those who wait are spread over the time that the pace needs for them', () => {
  const { free, takeMs } = pace(20)
  free()
  const waits = Array.from({ length: 200 }, () => takeMs())
  assert.ok(waits.every((wait, index) => index === 0 || wait >= waits[index - 1]!))
  assert.ok(waits.at(-1)! >= 10_000 && waits.at(-1)! < 11_000, String(waits.at(-1)))
})

test('who waits holds no place: whoever comes when a turn is free takes it', () => {
  const { free, takeMs, pass } = pace(10)
  free()
  for (let waiting = 0; waiting < 1_000; waiting++) takeMs()
  pass(100)
  assert.equal(takeMs(), 0)
})

test('a vendor that was away is fed a tenth at first, and all of it half a minute after its first success', () => {
  const { ended, takenIn, pass, free } = pace(20)
  ended({ outcome: 'unreachable', errorType: 'circuit_open' })
  pass(60_000)
  assert.ok(free() <= 2, 'while it is away only trials go out')
  ended(null)
  const first = takenIn(10)
  const second = takenIn(10)
  const third = takenIn(10)
  const after = takenIn(10)
  assert.ok(first < 60 && first < second && second < third && third < after, `${first} ${second} ${third} ${after}`)
  assert.ok(after >= 190 && after <= 210, String(after))
})

test('a single failure does not slow a vendor down', () => {
  const { ended, pass, free } = pace(20)
  ended({ outcome: 'unreachable', errorType: 'connect' })
  pass(1_000)
  assert.equal(free(), 20)
})
