import assert from 'node:assert/strict'
import fc, { type Arbitrary } from 'fast-check'
import { bookingCommands } from './booking-commands.ts'
import type { Command } from './command.ts'
import { type House, openHouse, type Planted } from './house.ts'
import type { Lane } from './lane.ts'
import { emptyModel } from './model.ts'
import { moneyCommands } from './money-commands.ts'
import { personCommands } from './person-commands.ts'
import { comeToRest, keepsPromises, reckon } from './rest.ts'
import { vendorCommands } from './vendor-commands.ts'
import { allSteps, type Step, stepsAudited, stepsTaken } from './witness.ts'

/** How often each is tried; what cannot be done where the run stands is passed over. */
const weights: Record<keyof typeof allCommands, number> = {
  hold: 10,
  holdAgain: 1,
  cancelBooking: 3,
  moveBooking: 3,
  cancelForBusiness: 1,
  noShow: 2,
  giveBack: 2,
  sweepLapsed: 3,
  sweepFinished: 1,
  startPaying: 18,
  comeBack: 4,
  sweepPayments: 10,
  sweepRefunds: 10,
  sweepMessages: 4,
  redrive: 2,
  useCard: 14,
  finishChallenge: 5,
  closePage: 2,
  returnByHand: 3,
  payByPhone: 3,
  deliverWebhook: 5,
  sweepHints: 2,
  settleByHand: 4,
  sendBack: 2,
  adopt: 2,
  retryRefund: 3,
  giveUpRefund: 1,
  giveBackAttempt: 2,
  compareLists: 2,
  breakGateway: 14,
  breakMessages: 2,
  repairVendors: 7,
  waitShortly: 7,
  waitLong: 4,
  waitVeryLong: 1,
}
const allCommands = { ...bookingCommands, ...moneyCommands, ...personCommands, ...vendorCommands } satisfies Record<
  string,
  Arbitrary<Command>
>

const anyCommand = fc.oneof(
  ...Object.entries(allCommands).map(([name, arbitrary]) => ({ weight: weights[name as keyof typeof allCommands], arbitrary })),
)

/** What was walked so far. */
export interface Tally {
  runs: number
  commands: number
  steps: Map<Step, number>
}
export const newTally = (): Tally => ({ runs: 0, commands: 0, steps: new Map() })

export interface Walk {
  seed: number
  runs: number
  tally: Tally
  planted?: Planted
  /** Where a former failure is found again. */
  path?: string | undefined
  replayPath?: string | undefined
  /** Whether a failure is told with the fewest commands that show it, or as it was met. */
  mayShrink?: boolean
}

/** How a walk went wrong: ready to print, with how to see it again. */
export interface Failure {
  told: string
  cause: unknown
}

const longest = 240
const shrinkForMs = 60_000

/** Walks the house at random, run after run, until one goes wrong or all are done. */
export async function walk(lane: Lane, { seed, runs, tally, planted, path, replayPath, mayShrink = true }: Walk): Promise<Failure | null> {
  const commands = fc.commands([anyCommand], { maxCommands: longest, size: 'max', ...(replayPath !== undefined && { replayPath }) })
  const property = fc.asyncProperty(fc.boolean(), commands, (refusedCardFailsPage, some) =>
    runOnce(lane, { refusedCardFailsPage, commands: some, tally, ...(planted && { planted }) }),
  )
  const plugins = mayShrink ? [fc.interruptAfterTimeLimit(shrinkForMs)] : []
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
    seed,
    numRuns: runs,
    endOnFailure: !mayShrink,
    plugins,
    ...(path !== undefined && { path }),
  })
  if (!failed || !counterexample) return null
  const [, met] = counterexample as [boolean, Iterable<Command & { hasRan?: boolean }>]
  const run = [...met].filter(({ hasRan }) => hasRan !== false)
  const foundAt = /replayPath="([^"]*)"/.exec(fc.stringify(met))?.[1] ?? ''
  const again = `MODEL_SEED=${seed} MODEL_PATH="${counterexamplePath}" MODEL_REPLAY="${foundAt}" npm test tests/guarantees/model/model.test.ts`
  return { told: `${run.map((command) => `  ${String(command)}`).join('\n')}\nagain: ${again}`, cause: errorInstance }
}

/** One run from an empty house to its rest, every promise checked on the way and at the end. */
export async function runOnce(
  lane: Lane,
  run: { refusedCardFailsPage: boolean; commands: Iterable<Command>; tally: Tally; planted?: Planted },
): Promise<void> {
  const { tally, commands, refusedCardFailsPage, planted = {} } = run
  const house = await openHouse(lane, { refusedCardFailsPage, planted })
  const model = emptyModel(refusedCardFailsPage)
  try {
    await fc.asyncModelRun(() => ({ model, real: house }), commands)
    await keepsPromises(house)
    await comeToRest(model, house)
    await keepsPromises(house)
    await reckon(model, house)
    await countSteps(house, tally)
    tally.runs += 1
  } finally {
    tally.commands += house.commands
    await house.close()
  }
}

async function countSteps({ lane }: House, tally: Tally): Promise<void> {
  const [taken, audited] = await Promise.all([stepsTaken(lane.database), stepsAudited(lane.database)])
  for (const [step, times] of taken) {
    assert.ok(allSteps.includes(step), `The table of states does not know the step ${step}.`)
    const silent = step.startsWith('refund') && (step.endsWith('→ sent') || step === 'refund failed → due')
    if (!silent) assert.equal(audited.get(step), times, `The audit tells otherwise of ${step}.`)
    tally.steps.set(step, (tally.steps.get(step) ?? 0) + times)
  }
}
