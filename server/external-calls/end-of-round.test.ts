import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfRound } from './end-of-round.ts'

const delays = [10_000, 60_000, 300_000]
const fresh = { tries: 0, ageMs: 0 }
const queue = { retryDelaysMs: delays, mayWait: true, standIn: false }
const inline = { retryDelaysMs: [], mayWait: false, standIn: false }
const failed = (errorClass: 'permanent' | 'temporary' | 'configuration' | 'ambiguous' | 'fault', asked = true) => ({
  errorClass,
  asked,
  retryAfterMs: 0,
})

test('what was taken is sent', () => {
  assert.deepEqual(endOfRound({ errorClass: null, asked: true, retryAfterMs: 0 }, fresh, queue, 0), { state: 'SENT' })
})

test('what may have been sent, and what broke our own code, ends at once and nothing stands in for it', () => {
  for (const errorClass of ['ambiguous', 'fault'] as const)
    assert.deepEqual(endOfRound(failed(errorClass), fresh, { ...queue, standIn: true }, 0), { state: 'FAILED', errorClass, standIn: false })
})

test('what is refused for good, or by our own settings, ends at once and another channel stands in', () => {
  for (const errorClass of ['permanent', 'configuration'] as const)
    assert.deepEqual(endOfRound(failed(errorClass), fresh, { ...queue, standIn: true }, 0), { state: 'FAILED', errorClass, standIn: true })
})

test('what may pass is tried again after each pause, and then ends', () => {
  const pauses = [0, 1, 2, 3].map((tries) => endOfRound(failed('temporary'), { tries, ageMs: 0 }, queue, 0))
  assert.deepEqual(
    pauses.map((end) => (end.state === 'PENDING' ? [end.pauseMs, end.counted] : end.state)),
    [[10_000, true], [60_000, true], [300_000, true], 'FAILED'],
  )
  assert.deepEqual(endOfRound(failed('temporary'), fresh, inline, 0), { state: 'FAILED', errorClass: 'temporary', standIn: false })
})

test('those that failed together come back apart', () => {
  const pause = (random: number) => {
    const end = endOfRound(failed('temporary'), fresh, queue, random)
    return end.state === 'PENDING' ? end.pauseMs : 0
  }
  assert.deepEqual([pause(0), pause(0.5), pause(1)], [10_000, 10_500, 11_000])
})

test('waiting for a circuit is no try: it can go on for ever and the pauses are all still there', () => {
  const open = { errorClass: 'temporary' as const, asked: false, retryAfterMs: 8_000 }
  const end = endOfRound(open, { tries: 2, ageMs: 86_400_000 }, queue, 0)
  assert.deepEqual(end, { state: 'PENDING', errorClass: 'temporary', pauseMs: 8_000, counted: false })
})

test('where somebody waits, an open circuit ends it', () => {
  assert.equal(endOfRound({ errorClass: 'temporary', asked: false, retryAfterMs: 8_000 }, fresh, inline, 0).state, 'FAILED')
})

test('where another channel can stand in, a channel has two pauses, asked or not', () => {
  const patience = { ...queue, standIn: true }
  assert.equal(endOfRound(failed('temporary'), { tries: 1, ageMs: 0 }, patience, 0).state, 'PENDING')
  assert.deepEqual(endOfRound(failed('temporary'), { tries: 2, ageMs: 0 }, patience, 0), {
    state: 'FAILED',
    errorClass: 'temporary',
    standIn: true,
  })
  assert.equal(endOfRound(failed('temporary', false), { tries: 0, ageMs: 69_000 }, patience, 0).state, 'PENDING')
  assert.equal(endOfRound(failed('temporary', false), { tries: 0, ageMs: 70_000 }, patience, 0).state, 'FAILED')
})

test('a vendor that says when to come back is taken at its word', () => {
  const end = endOfRound({ errorClass: 'temporary', asked: true, retryAfterMs: 45_000 }, fresh, queue, 0)
  assert.equal(end.state === 'PENDING' && end.pauseMs, 45_000)
})
