import type { Hit, Target } from './fault-hook.ts'
import type { Lane } from './lane.ts'
import { brokenEnding, brokenPromises, messagesTwice } from './promises.ts'
import { sceneOf, type Story } from './stories.ts'
import { readTruth } from './truth.ts'
import { openWorld } from './world.ts'

export interface Outcome {
  target: Target | null
  /** False when the point was not reached again: then the server was killed at the story's end. */
  killed: boolean
  broken: string[]
  messagesTwice: number
  /** Every point that was reached once armed, in order; only when there was no target. */
  trace: Hit[]
}

/** Tells a story to a server that dies at one point of it, lets another take over, and looks at what is left. */
export async function oneRun(lane: Lane, story: Story, rewritten: string, target: Target | null): Promise<Outcome> {
  const world = await openWorld(lane, {
    rewritten,
    target,
    whileStarting: story.whileStarting ?? false,
    ...(story.env && { env: story.env }),
  })
  try {
    const ending = await story.tell(sceneOf(world))
    const trace = target === null ? await world.trace() : []
    const open = await world.comeToRest()
    const truth = await readTruth(lane.database, world.simulatorsUrl)
    return {
      target,
      killed: world.wasKilled(),
      broken: [...brokenPromises(truth), ...brokenEnding(truth, ending), ...open.map((what) => `rest: ${what} never comes to an end`)],
      messagesTwice: messagesTwice(truth),
      trace,
    }
  } finally {
    await world.close()
  }
}
