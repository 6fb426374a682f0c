import assert from 'node:assert/strict'
import { test } from 'node:test'
import { long, type Made, openRange, seed } from './many-runs.ts'
import { describe, different, everyPoint, fewForAll, isIrrevocable, type Kill } from './plan.ts'
import { stories } from './stories.ts'

test(
  'a server killed at any await, and another that takes over, keep every promise',
  { timeout: long ? 10_800_000 : 400_000 },
  async (t) => {
    const startedAt = performance.now()
    const range = await openRange(t)
    const { points } = range
    const scouted = await range.scout(stories)
    const moments = scouted.flatMap((one) => one.moments)
    const reached = pointsOf(moments)

    // Always: whatever commits or leaves for a vendor, and of the rest enough that every await anybody reached is among it.
    const irrevocable = different(moments.filter(({ stands }) => [...stands].some((id) => isIrrevocable(points[id]!))))
    const kills = long ? [...moments, ...scouted.flatMap(({ story, trace }) => everyPoint(story, trace))] : fewForAll(moments, irrevocable)
    const made = await range.make(kills)
    // A webhook or a timer can come a little earlier or later than when the story was scouted: what was missed is tried elsewhere.
    for (let round = 0; round < 3 && killedPoints(made).size < reached.size; round++) {
      const missed = (kill: Kill) => [...kill.stands].some((id) => !killedPoints(made).has(id)) && !made.some((one) => one.kill === kill)
      made.push(
        ...(await range.make(
          fewForAll(
            moments.filter(missed),
            made.filter(({ killed }) => killed).map(({ kill }) => kill),
          ).filter(missed),
        )),
      )
    }

    const broken = made.filter((one) => one.broken.length > 0)
    const twice = made.filter(({ messagesTwice }) => messagesTwice > 0)
    const killed = made.filter((one) => one.killed)
    t.diagnostic(
      `${points.length} awaits in server/; ${reached.size} are reached by ${stories.length} stories, in ${moments.length} moments that the outside can tell apart`,
    )
    t.diagnostic(
      `${killed.length} kills stand for ${killedPoints(made).size} awaits${long ? '' : ' (THABIT_LONG=1: every moment and every await)'}; ${made.length - killed.length} ended before their point came; seed ${seed}; ${Math.round((performance.now() - startedAt) / 1000)} s`,
    )
    t.diagnostic(
      `promises broken: ${broken.length}; messages that arrived twice, as at-least-once has it: ${sum(twice)} in ${twice.length} of ${made.length} runs`,
    )
    t.diagnostic(
      `not reached by any story: ${listed(points.filter(({ id }) => !reached.has(id)).map(({ path }) => path.split('/').slice(1, -1).join('/') || path))}`,
    )

    assert.equal(
      broken.length,
      0,
      `\n${broken
        .slice(0, 20)
        .map((one) => `${describe(one.kill, points)}\n    ${one.broken.join('\n    ')}`)
        .join('\n')}`,
    )
    assert.ok(reached.size > 200, 'hardly any await was reached')
    const missed = [...reached].filter((id) => !killedPoints(made).has(id)).map((id) => `${points[id]!.path}:${points[id]!.line}`)
    assert.deepEqual(missed, [], 'awaits that nobody was killed at')
  },
)

function pointsOf(kills: Kill[]): Set<number> {
  return new Set(kills.flatMap(({ stands }) => [...stands]))
}

function killedPoints(made: Made[]): Set<number> {
  return pointsOf(made.filter(({ killed }) => killed).map(({ kill }) => kill))
}

function sum(made: Made[]): number {
  return made.reduce((total, { messagesTwice }) => total + messagesTwice, 0)
}

function listed(folders: string[]): string {
  return [...Map.groupBy(folders, (folder) => folder)].map(([folder, all]) => `${folder} ${all.length}`).join(', ')
}
