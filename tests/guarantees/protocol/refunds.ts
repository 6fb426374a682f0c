import { type Actor, remove, type State, type Turn } from './model.ts'

// send-refunds.ts

/** refund.ts: written down that money goes back, in the transaction that decides it. */
export function owe(next: State, attempt: number, charge: number, amount: number): void {
  next.refunds.push({ attempt, charge, amount, state: 'due', expected: 0, refused: false, tries: 0, tooLate: false })
}

/** Looked at, decided on, sent, written down: the whole of a refund. */
export function refunders(turn: Turn): void {
  const { now, world, has, can } = turn
  now.refunds.forEach((row, refund) => {
    if (row.state === 'refunded' || row.state === 'failed') return
    const others = now.actors.filter((actor) => actor.is === 'refunder' && actor.refund === refund)
    // What was sent a moment ago may still arrive: seen too early, its absence says nothing.
    if (now.adrift.some((one) => one.refund === refund) && has('gives a refund time to arrive')) return
    // A lease that runs out on a live process lets a second one in, unless the first one's request is already under way.
    if (others.length > (world.late ? 1 : 0) || others.some((actor) => actor.is === 'refunder' && actor.at !== 'looked')) return
    can(`the charge of refund ${refund} is looked at`, (next) => {
      const total = next.charges[row.charge]!.returned
      next.actors.push({ is: 'refunder', at: 'looked', refund, total, read: row.state, expected: row.expected, fresh: true })
    })
  })
  now.actors.forEach((actor, at) => {
    if (actor.is !== 'refunder') return
    if (actor.at === 'looked') can(`refund ${actor.refund} is decided on`, (next) => decideRefund(next, has, at, actor))
    if (actor.at === 'heard') {
      can(`what sending refund ${actor.refund} brought is written down`, (next) => {
        remove(next, at)
        if (actor.fresh) stepRefund(next, actor.refund, outcomeOf(next, has, actor))
      })
    }
  })
}

function outcomeOf(
  next: State,
  has: Turn['has'],
  { refund, way, answer }: Extract<Actor, { is: 'refunder'; at: 'heard' }>,
): State['refunds'][number]['state'] {
  const row = next.refunds[refund]!
  if (answer === 'done') return 'refunded'
  if (answer === 'silence') return has('takes a silent refund for unknown') ? 'unknown' : 'failed'
  if (way === 'void' && has('refunds what it is too late to void')) {
    row.tooLate = true
    return 'due'
  }
  // A charge once returned stays so: looking and writing down are one step.
  const isThere = next.charges[row.charge]!.returned >= row.expected
  return row.tries > 1 && isThere && has('looks again before it calls a person') ? 'refunded' : 'failed'
}

/** One transaction: it is there already, or cannot be, or is marked as sent and goes out. */
function decideRefund(
  next: State,
  has: Turn['has'],
  at: number,
  { refund, total, read, expected, fresh }: Extract<Actor, { at: 'looked' }>,
): void {
  const row = next.refunds[refund]!
  remove(next, at)
  if (has('looks before it repeats a refund')) {
    const isThere = total >= 2 || (read !== 'due' && total >= expected)
    if (isThere || total + row.amount > 2) return fresh ? stepRefund(next, refund, isThere ? 'refunded' : 'failed') : undefined
  }
  const isUnderWay = next.refunds.some(
    (one, r) => r !== refund && one.attempt === row.attempt && (one.state === 'sent' || one.state === 'unknown'),
  )
  if (row.state !== read || (!fresh && has('sends a refund only as it was read')) || isUnderWay) return
  const isWhole = (row.amount === 2 && total === 0) || !has('voids a whole charge only')
  const way = isWhole && row.tries < 2 && !row.tooLate ? 'void' : 'refund'
  if (has('marks a refund sent before it sends')) {
    stepRefund(next, refund, 'sent')
    row.expected = total + row.amount
    row.tries = Math.min(row.tries + 1, 2)
  }
  next.actors.push({ is: 'refunder', at: 'sent', refund, way, fresh: true })
}

function stepRefund(next: State, refund: number, to: State['refunds'][number]['state']): void {
  next.refunds[refund]!.state = to
  for (const actor of next.actors) if (actor.is === 'refunder' && actor.refund === refund) actor.fresh = false
}
