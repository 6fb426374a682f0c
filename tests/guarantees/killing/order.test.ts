import assert from 'node:assert/strict'
import { test } from 'node:test'
import { here, paymentRecordedLast, refundRecordedLast } from './call-then-record.ts'
import type { Change } from './fault-points.ts'
import { long, type Made, openRange } from './many-runs.ts'
import { describe, isIrrevocable } from './plan.ts'
import { stories } from './stories.ts'

const atOnce = 4

/** Kills a server of another design at every moment of a story in which money may move. Resolves with what was seen. */
async function killThere(t: Parameters<typeof openRange>[0], name: string, path: string, changes: Change[], more: string[] = []) {
  const range = await openRange(t, { changes, more })
  const story = stories.filter((one) => one.name === name)
  const [scouted] = await range.scout(story)
  const around = scouted!.moments.filter(({ stands }) =>
    [...stands].some((id) => range.points[id]!.path === path || isIrrevocable(range.points[id]!)),
  )
  const made: Made[] = []
  const lost = () => made.filter(({ broken }) => broken.some((sentence) => sentence.startsWith('P3')))
  // Two losses are proof enough of a bad order; how many there are in all is counted at night.
  for (let next = 0; next < around.length; next += atOnce) {
    made.push(...(await range.make(around.slice(next, next + atOnce))))
    if (!long && lost().length >= 2) break
  }
  for (const one of lost().slice(0, 2))
    t.diagnostic(`${describe(one.kill, range.points)}: ${one.broken.find((sentence) => sentence.startsWith('P3'))}`)
  return { lost: lost().length, of: made.length, all: around.length }
}

test('a payment that is written down after the customer was sent to pay is lost money', { timeout: 600_000 }, async (t) => {
  const { lost, of, all } = await killThere(t, 'book, pay, webhook', here, paymentRecordedLast, [here])
  t.diagnostic(`call, then record: money taken and lost at ${lost} of the ${of} moments tried, of ${all}`)
  assert.ok(lost > 0, 'the other order lost no money, so this says nothing of ours')
})

test('a refund that is written down after it was sent is sent twice', { timeout: 600_000 }, async (t) => {
  const { lost, of, all } = await killThere(t, 'cancel what is paid', 'server/payments/send-refunds.ts', refundRecordedLast)
  t.diagnostic(`call, then record: given back twice at ${lost} of the ${of} moments tried, of ${all}`)
  assert.ok(lost > 0, 'the other order gave nothing back twice, so this says nothing of ours')
})
