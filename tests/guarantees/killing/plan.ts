import type { Hit, Target } from './fault-hook.ts'
import type { FaultPoint } from './fault-points.ts'
import type { Story } from './stories.ts'

/** One run that is to be made: a story and where its server dies. */
export interface Kill {
  story: Story
  target: Target
  /** The points passed since bytes last left the process: the world cannot tell at which of them it died. */
  stands: ReadonlySet<number>
}

/** Mulberry32: the same numbers from the same seed, everywhere. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Aimed {
  target: Target
  bytesLeft: number
}

function aimed(trace: Hit[]): Aimed[] {
  const seen = new Map<string, number>()
  return trace.map(([point, moment, bytesLeft]) => {
    const occurrence = (seen.get(`${point} ${moment}`) ?? 0) + 1
    seen.set(`${point} ${moment}`, occurrence)
    return { target: { point, moment, occurrence }, bytesLeft }
  })
}

/** Every moment of a story that the world outside can tell from the one before, at a point of it that the lot picks. */
export function everyMoment(story: Story, trace: Hit[], lot: () => number): Kill[] {
  return [...Map.groupBy(aimed(trace), ({ bytesLeft }) => bytesLeft).values()].map((hits) => ({
    story,
    target: hits[Math.floor(lot() * hits.length)]!.target,
    stands: new Set(hits.map(({ target }) => target.point)),
  }))
}

/** Every point and moment of a story, the first time it is reached. */
export function everyPoint(story: Story, trace: Hit[]): Kill[] {
  return aimed(trace)
    .filter(({ target }) => target.occurrence === 1)
    .map(({ target }) => ({ story, target, stands: new Set([target.point]) }))
}

/** Few of these that stand for all points any of them stands for: what adds most comes first, and of the same what is `better`. */
export function fewForAll(kills: Kill[], better: (kill: Kill) => boolean): Kill[] {
  const missing = new Set(kills.flatMap(({ stands }) => [...stands]))
  const chosen: Kill[] = []
  const worth = (kill: Kill) => 2 * [...kill.stands].filter((point) => missing.has(point)).length + (better(kill) ? 1 : 0)
  while (missing.size > 0) {
    const best = kills.reduce((a, b) => (worth(b) > worth(a) ? b : a))
    for (const point of best.stands) missing.delete(point)
    chosen.push(best)
  }
  return chosen
}

/** Where something leaves the house for good: what commits, and what goes to a vendor. */
export function isIrrevocable({ path, text }: FaultPoint): boolean {
  return (
    (path === 'server/database/transaction.ts' && text.includes("'commit'")) ||
    (path === 'server/providers/http-exchange.ts' && text.includes('fetch('))
  )
}

export function describe({ story, target }: Kill, points: FaultPoint[]): string {
  const { path, line, text } = points[target.point]!
  return `${story.name}: ${path}:${line} ${target.moment}, time ${target.occurrence} (${text})`
}
