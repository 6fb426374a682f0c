import type { Guard } from './guards.ts'
import { firstState, keyOf, type State, type World } from './model.ts'
import { brokenPromise, isSettled, promises } from './promises.ts'
import { stepsFrom } from './steps.ts'

export interface Found {
  states: number
  transitions: number
  /** Null when every promise is kept in every state. */
  counterexample: { promise: string; steps: string[]; state: string } | null
}

/**
 * Walks every order of every step, nearest first, so that the first state that breaks a promise is reached by a shortest way.
 * When none does, looks for one from which a quiet hour cannot lead to the end: walking the quiet steps backwards from all ends.
 */
export function search(world: World, without: Guard | null = null): Found {
  const known = new Map<string, number>()
  const cameFrom: number[] = []
  const by: string[] = []
  const waiting: (State | undefined)[] = []
  const quietSteps: [from: number[], to: number[]] = [[], []]
  const ends: number[] = []
  let transitions = 0

  const meet = (state: State, from: number, label: string): number => {
    const key = keyOf(state)
    const seen = known.get(key)
    if (seen !== undefined) return seen
    const id = known.size
    known.set(key, id)
    cameFrom.push(from)
    by.push(label)
    waiting.push(state)
    return id
  }
  const wayTo = (id: number): string[] => (cameFrom[id]! < 0 ? [] : [...wayTo(cameFrom[id]!), by[id]!])
  const found = (promise: string | null, id: number): Found => ({
    states: known.size,
    transitions,
    counterexample: promise === null ? null : { promise, steps: wayTo(id), state: [...known.keys()][id]! },
  })

  meet(firstState(world), -1, '')
  for (let id = 0; id < waiting.length; id += 1) {
    const state = waiting[id]!
    waiting[id] = undefined
    const promise = brokenPromise(state, world)
    if (promise !== null) return found(promise, id)
    if (isSettled(state)) ends.push(id)
    for (const { label, after, quiet } of stepsFrom(state, world, without)) {
      transitions += 1
      const next = meet(after, id, label)
      if (quiet) void (quietSteps[0].push(id), quietSteps[1].push(next))
    }
  }
  const stuck = firstThatNeverEnds(known.size, ends, quietSteps)
  return found(stuck < 0 ? null : promises.settles, stuck)
}

/** The first state with no quiet way to an end, or -1. */
function firstThatNeverEnds(count: number, ends: number[], [from, to]: [number[], number[]]): number {
  const before = new Map<number, number[]>()
  to.forEach((id, step) => before.get(id)?.push(from[step]!) ?? before.set(id, [from[step]!]))
  const ending = new Uint8Array(count)
  const waiting = [...ends]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (ending[id] === 1) continue
    ending[id] = 1
    waiting.push(...(before.get(id) ?? []))
  }
  return ending.indexOf(0)
}
