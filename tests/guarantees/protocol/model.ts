import type { Guard } from './guards.ts'

/*
 * One time that two people want, one customer who pays for it, one gateway. Everything that a process could remember is in
 * this state; everything that may happen next is a step. A transaction of ours is one step, because locks make it one; a call
 * to the gateway is three: it is sent, it works, its answer is heard. Amounts are 2 for the whole and 1 for half.
 */
export interface State {
  booking: 'held' | 'confirmed' | 'expired' | 'cancelled'
  /** The hold ran out; nobody has acted on it yet. */
  lapsed: boolean
  /** Whose the time is: what the exclusion constraint says. */
  time: 'ours' | 'free' | 'rival'
  /** Rows of `payment`. */
  attempts: Attempt[]
  /** Rows of `refund`. */
  refunds: Refund[]
  /** What the gateway has. */
  pages: Page[]
  charges: Charge[]
  /** Requests at the gateway's door whose senders stopped waiting. */
  adrift: { create?: number; refund?: number; void?: number }[]
  /** Processes of ours between two steps, with what they remember. A crash takes one away. */
  actors: Actor[]
  left: Budget
  /** Said of a step that must not be, because the state after it does not show it. */
  broken: string | null
  /** A card was accepted while the time was still held for it. */
  paidInTime: boolean
}

export interface Attempt {
  /** The client's key. */
  key: 1 | 2
  /** `none`: not written down (only where the intent does not come first). */
  state: 'none' | 'intent' | 'redirected' | 'unknown' | 'paid' | 'failed' | 'expired' | 'person'
  /** The page whose link the customer has, and the charge that paid; -1: none. */
  page: number
  charge: number
  disposition: 'none' | 'applied' | 'refund_due'
  /** Somebody has the lease to create its page. */
  calling: boolean
  /** It was asked about after the last chance of a card at its bank's page: nobody asks again without being told to. */
  over: boolean
  webhook: 'none' | 'kept' | 'forged'
}

export interface Refund {
  attempt: number
  charge: number
  amount: number
  state: 'due' | 'sent' | 'unknown' | 'refunded' | 'failed'
  /** The total the gateway must show once this one went through. */
  expected: number
  /** The gateway said no, and not for a reason of ours. */
  refused: boolean
  /** How often it was sent, as far as that matters. */
  tries: number
  /** It was too late to void its charge: from now on it goes as a refund. */
  tooLate: boolean
}

export interface Page {
  attempt: number
  state: 'open' | 'failed' | 'paid' | 'expired' | 'cancelled'
  /** Not our amount, or not our currency. */
  odd: boolean
}

export interface Charge {
  page: number
  state: 'pending' | 'paid' | 'failed'
  returned: number
}

/** What the gateway said of a page, at the moment it said so. */
export type Heard = 'none' | { page: number; state: Page['state']; odd: boolean; taken: number[]; pending: boolean }

/** `fresh`: the row was not stepped since it was read, which is what `updated_at` tells the real code. */
export type Actor =
  | { is: 'tab'; at: 'looking'; attempt: number; fresh: boolean }
  | { is: 'tab'; at: 'deciding'; attempt: number; heard: Heard; fresh: boolean }
  | { is: 'tab'; at: 'calling'; attempt: number }
  | { is: 'tab'; at: 'adopting'; attempt: number; heard: Heard }
  | { is: 'tab'; at: 'heard'; attempt: number; answer: Heard | 'silence' | 'refused' }
  | { is: 'asker'; attempt: number; heard: Heard; told: boolean; fresh: boolean; booking: State['booking'] }
  | { is: 'sweep'; silent: boolean }
  | { is: 'refunder'; at: 'looked'; refund: number; total: number; read: Refund['state']; expected: number; fresh: boolean }
  | { is: 'refunder'; at: 'sent'; refund: number; way: 'void' | 'refund'; fresh: boolean }
  | { is: 'refunder'; at: 'heard'; refund: number; way: 'void' | 'refund'; answer: 'done' | 'silence' | 'refused'; fresh: boolean }

/** How often each of these may still happen: what makes the search end. */
export interface Budget {
  pressesOfFirstKey: number
  pressesOfSecondKey: number
  cards: number
  cancels: number
  rivals: number
  /** Requests or answers lost on their way, webhooks too. */
  silences: number
  refusals: number
  forgeries: number
  /** Pages that are not of our amount. */
  oddities: number
}

/** What one search allows. */
export interface World {
  budget: Budget
  /** Processes that hold an answer of the gateway at the same time. */
  askers: number
  /** No time limit is kept: requests arrive after they were given up, processes stand still until their lease is gone. */
  late?: boolean
  /** Whoever finds a page at the gateway may pay it, even one whose link we never gave out. */
  leaked?: boolean
}

export interface Step {
  label: string
  after: State
  /** Happens by itself in a quiet hour: nobody presses anything, nothing is lost, nothing dies. */
  quiet: boolean
}

/** What the steps of one state are described with. */
export interface Turn {
  now: State
  world: World
  has: (guard: Guard) => boolean
  can: (label: string, change: (next: State) => void, quiet?: boolean) => void
}

export const nothing: Budget = {
  pressesOfFirstKey: 0,
  pressesOfSecondKey: 0,
  cards: 0,
  cancels: 0,
  rivals: 0,
  silences: 0,
  refusals: 0,
  forgeries: 0,
  oddities: 0,
}

export function firstState(world: World): State {
  return {
    booking: 'held',
    lapsed: false,
    time: 'ours',
    attempts: [],
    refunds: [],
    pages: [],
    charges: [],
    adrift: [],
    actors: [],
    left: world.budget,
    broken: null,
    paidInTime: false,
  }
}

/** Two states with one key are one state: it does not matter which process is called first. */
export function keyOf({ actors, ...rest }: State): string {
  return (
    JSON.stringify(rest) +
    actors
      .map((actor) => JSON.stringify(actor))
      .sort()
      .join()
  )
}

export function copy(s: State): State {
  return {
    ...s,
    attempts: s.attempts.map((one) => ({ ...one })),
    refunds: s.refunds.map((one) => ({ ...one })),
    pages: s.pages.map((one) => ({ ...one })),
    charges: s.charges.map((one) => ({ ...one })),
    adrift: [...s.adrift],
    actors: s.actors.map((one) => ({ ...one })),
    left: { ...s.left },
  }
}

export const isOpen = ({ state }: Attempt): boolean => state === 'intent' || state === 'redirected' || state === 'unknown'

export function remove(next: State, at: number): void {
  next.actors.splice(at, 1)
}

export function replace(next: State, at: number, actor: Actor): void {
  next.actors[at] = actor
}

export function stepTo(next: State, i: number, to: Attempt['state']): Attempt {
  const row = next.attempts[i]!
  row.state = to
  row.calling = false
  makeStale(next, i)
  return row
}

/** Whoever read this attempt before sees by its `updated_at` that it has moved on. */
export function makeStale(next: State, i: number): void {
  for (const actor of next.actors) if ('attempt' in actor && 'fresh' in actor && actor.attempt === i) actor.fresh = false
}
