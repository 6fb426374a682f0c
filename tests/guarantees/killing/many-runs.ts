import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Change, type FaultPoint, withFaultPoints } from './fault-points.ts'
import { type Lane, openLane } from './lane.ts'
import { oneRun, type Outcome } from './one-run.ts'
import { everyMoment, type Kill, random } from './plan.ts'
import type { Story } from './stories.ts'

type TestContext = { after(run: () => Promise<void> | void): void; diagnostic(message: string): void }

/** `THABIT_SEED` picks other moments; the default is always the same ones. */
export const seed = Number(process.env['THABIT_SEED'] ?? 1)
/** Everything instead of a selection: about an hour on two cores. */
export const long = process.env['THABIT_LONG'] === '1'

export interface Range {
  points: FaultPoint[]
  /** Tells each story once to a server that nobody kills. Throws when even then a promise does not hold. */
  scout(stories: Story[]): Promise<{ story: Story; trace: Outcome['trace']; moments: Kill[] }[]>
  /** Makes these runs, as many as can be begun in time (`performance.now()`), and resolves with what came of them. */
  make(kills: Kill[], untilMs?: number): Promise<Made[]>
}

export interface Made extends Outcome {
  kill: Kill
}

/** A server with fault points, in the given design, and two places where it can be killed. */
export async function openRange(t: TestContext, { changes = [], more = [] }: { changes?: Change[]; more?: string[] } = {}): Promise<Range> {
  const folder = mkdtempSync(join(tmpdir(), 'thabit-killing-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const { points, file } = withFaultPoints(folder, changes, more)
  const lanes = await Promise.all(Array.from({ length: 2 }, () => openLane({ freshSuccessors: long })))
  t.after(async () => void (await Promise.all(lanes.map((lane) => lane.close()))))

  const shared = async <T, R>(work: T[], run: (lane: Lane, item: T) => Promise<R>, untilMs = Infinity): Promise<R[]> => {
    const waiting = [...work]
    const results: R[] = []
    const runLane = async (lane: Lane) => {
      for (let next = waiting.shift(); next && performance.now() < untilMs; next = waiting.shift()) results.push(await run(lane, next))
    }
    // Whatever goes wrong in one place, the other comes to its end first: what it runs must not outlive the test.
    const failed = (await Promise.allSettled(lanes.map(runLane))).find((lane) => lane.status === 'rejected')
    if (failed) throw failed.reason
    return results
  }
  const lot = random(seed)
  return {
    points,
    async scout(stories) {
      const outcomes = await shared(stories, async (lane, story) => ({ ...(await oneRun(lane, story, file, null)), story }))
      const inOrder = outcomes.toSorted((a, b) => stories.indexOf(a.story) - stories.indexOf(b.story))
      return inOrder.map(({ story, trace, broken }) => {
        if (broken.length > 0) throw new Error(`“${story.name}” goes wrong though nobody is killed: ${broken.join('; ')}`)
        return { story, trace, moments: everyMoment(story, trace, lot) }
      })
    },
    make: (kills, untilMs) => {
      const kill = async (lane: Lane, one: Kill): Promise<Made> => {
        try {
          return { ...(await oneRun(lane, one.story, file, one.target)), kill: one }
        } catch (error) {
          const broken = [`the story could not be told to its end: ${error instanceof Error ? error.stack : String(error)}`]
          return { target: one.target, killed: true, broken, messagesTwice: 0, trace: [], kill: one }
        }
      }
      return shared(kills, kill, untilMs)
    },
  }
}
