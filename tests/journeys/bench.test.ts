import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBenchWorld, openTimes } from '../../bench/bench-world.ts'
import { measureDrain } from '../../bench/drain.ts'
import { percentile } from '../../bench/load.ts'
import { cellTable, measureCell } from '../../bench/slow-sms.ts'
import { testDatabase } from '../support/postgres.ts'

test('the bench measures what it says it measures: a vendor that hangs is felt inline and not in the queue', async (t) => {
  const { url: databaseUrl } = await testDatabase(t)
  const world = await openBenchWorld({ databaseUrl })
  t.after(() => world.close())
  let opened: ReturnType<typeof openTimes> | undefined
  const times = (url: string) => (opened ??= openTimes(url))
  const few = { perSecond: 20, count: 4, warmUp: 1 }

  const inline = await measureCell(world, 'inline', 'hanging', few, times)
  const queue = await measureCell(world, 'queue', 'hanging', few, times)
  assert.deepEqual([inline.bookings, inline.failed, inline.lost, inline.arrived], [4, 4, 0, 0])
  assert.equal(queue.lost, 0)
  assert.ok(
    inline.p50Ms > 2 * queue.p50Ms,
    `inline ${Math.round(inline.p50Ms)} ms, queue ${Math.round(queue.p50Ms)} ms: the vendor was not felt`,
  )
  const [head, , ...rows] = cellTable([inline, queue]).split('\n')
  assert.deepEqual([head?.split('|').length, rows.length], [rows[0]?.split('|').length, 2])

  const drained = await measureDrain(world, 1)
  // What was booked to warm up is among them.
  assert.deepEqual([drained.messages, drained.sent], [10, 10])
  assert.ok(drained.perSecond > 0)
})

test('a percentile is one of the values, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at)
  assert.deepEqual([percentile(hundred, 50), percentile(hundred, 99), percentile([7], 99), percentile([], 50)], [50, 99, 7, 0])
})
