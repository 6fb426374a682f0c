import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestContext, test } from 'node:test'
import { createLog, createMetrics } from '#foundation'
import { startSweeps, type Sweep } from './index.ts'

function started(t: TestContext, ...sweeps: Sweep[]) {
  const metrics = createMetrics()
  const running = startSweeps(sweeps, { log: createLog({ level: 'silent' }), metrics })
  t.after(() => running.stop())
  return { running, metrics }
}

async function until(true_: () => boolean, waitMs = 3_000): Promise<void> {
  for (const end = Date.now() + waitMs; !true_(); await sleep(5)) if (Date.now() > end) assert.fail('It did not come to pass.')
}

const hour = 3_600_000

test('a sweep runs at the start and again when its time has come', async (t) => {
  let runs = 0
  started(t, { name: 'often', everyMs: 20, run: async () => ((runs += 1), 0) })
  await until(() => runs >= 3)
})

test('a sweep that found work runs again at once, until there is none', async (t) => {
  const left = [2, 1, 0]
  started(t, { name: 'busy', everyMs: hour, run: async () => left.shift() ?? 0 })
  await until(() => left.length === 0)
  await sleep(30)
  assert.equal(left.length, 0)
})

test('a woken sweep does not wait for its time', async (t) => {
  let runs = 0
  const { running } = started(t, { name: 'rare', everyMs: hour, run: async () => ((runs += 1), 0) })
  await until(() => runs === 1)
  await sleep(10)
  running.wake('rare')
  await until(() => runs === 2)
  running.wake('unknown')
})

test('waking a sweep while it runs makes it run once more', async (t) => {
  let runs = 0
  let gate = Promise.withResolvers<void>()
  const { running } = started(t, { name: 'slow', everyMs: hour, run: async () => ((runs += 1), await gate.promise, 0) })
  await until(() => runs === 1)
  running.wake('slow')
  const first = gate
  gate = Promise.withResolvers<void>()
  gate.resolve()
  first.resolve()
  await until(() => runs === 2)
  await sleep(30)
  assert.equal(runs, 2)
})

test('a sweep that fails is counted and runs again, and disturbs no other', async (t) => {
  let [failed, other] = [0, 0]
  const { metrics } = started(
    t,
    { name: 'failing', everyMs: 10, run: async () => Promise.reject(new Error(`failure ${(failed += 1)}`)) },
    { name: 'other', everyMs: 10, run: async () => ((other += 1), 0) },
  )
  await until(() => failed >= 3 && other >= 3)
  const { values } = await metrics.sweepFailures.get()
  assert.ok(values.find(({ labels }) => labels.worker === 'failing')!.value >= 3)
  assert.equal(
    values.find(({ labels }) => labels.worker === 'other'),
    undefined,
  )
})

test('stopping waits for what runs and starts nothing more', async (t) => {
  let [begun, ended] = [0, 0]
  const { running } = started(t, {
    name: 'long',
    everyMs: 1,
    run: async () => {
      begun += 1
      await sleep(60)
      ended += 1
      return 1
    },
  })
  await until(() => begun === 1)
  await running.stop()
  assert.deepEqual([begun, ended], [1, 1])
  await sleep(80)
  assert.equal(begun, 1)
})
