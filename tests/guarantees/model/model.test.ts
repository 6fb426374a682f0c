import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lane, openLane } from './lane.ts'
import { tours } from './tours.ts'
import { newTally, runOnce, type Tally, walk } from './walk.ts'
import { allSteps } from './witness.ts'

/** The same walk in every `npm test`, so that what turns red is somebody's change; `npm run test:long` walks further, and elsewhere each time. */
const long = process.env['THABIT_LONG'] === '1'
const { MODEL_SEED, MODEL_PATH, MODEL_REPLAY } = process.env
const seed = MODEL_SEED !== undefined ? Number(MODEL_SEED) : long ? Date.now() % 2 ** 31 : 20_270_301
const wanted = long ? 100_000 : 10_000
const lanes = 4
const runsAtOnce = 5

const untaken = (tally: Tally) => allSteps.filter((step) => !tally.steps.has(step))
const taken = (tally: Tally) => [...tally.steps.values()].reduce((total, times) => total + times, 0)

test('every step of every table of states, on purpose, ends as the model foretells', { skip: MODEL_PATH !== undefined }, async (t) => {
  const lane = await openLane(t)
  const tally = newTally()
  for (const { name, commands, refusedCardFailsPage = false } of tours) {
    const tour = runOnce(lane, { commands, refusedCardFailsPage, tally })
    await tour.catch((error: unknown) => {
      throw new Error(`On the tour "${name}":\n${commands.map((command) => `  ${String(command)}`).join('\n')}`, { cause: error })
    })
  }
  const known = `${allSteps.length - untaken(tally).length} of ${allSteps.length} steps of bookings, payments and refunds`
  t.diagnostic(`${tours.length} tours, ${tally.commands} commands, ${known}`)
  assert.deepEqual(untaken(tally), [], 'steps that no tour takes')
})

const atRandom = 'whatever people, vendors and time do in whatever order, the product stands where the model says'

test(atRandom, { skip: MODEL_PATH !== undefined, timeout: long ? 7_200_000 : 300_000 }, async (t) => {
  const tally = newTally()
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: lanes }, async (_, number) => {
      const lane = await openLane(t)
      for (let round = 0; tally.commands < wanted; round++) await walkOn(lane, tally, seed + number * 1_000_003 + round)
    }),
  )
  const took = Math.round((performance.now() - startedAt) / 1000)
  const kinds = `${allSteps.length - untaken(tally).length} of ${allSteps.length} kinds`
  t.diagnostic(`seed ${seed}: ${tally.commands} commands in ${tally.runs} runs, ${took} s; ${taken(tally)} steps, ${kinds}`)
  if (untaken(tally).length > 0) t.diagnostic(`met on the tours alone: ${untaken(tally).join(' · ')}`)
  assert.ok(tally.commands >= wanted)
})

test('the failure that was met before', { skip: MODEL_PATH === undefined }, async (t) => {
  await walkOn(await openLane(t), newTally(), seed)
})

async function walkOn(lane: Lane, tally: Tally, seed: number): Promise<void> {
  const failure = await walk(lane, { seed, runs: runsAtOnce, tally, path: MODEL_PATH, replayPath: MODEL_REPLAY })
  if (failure) throw new Error(`After ${tally.commands} commands:\n${failure.told}`, { cause: failure.cause })
}
