import { makeStale, type Turn } from './model.ts'
import { owe } from './refunds.ts'
import { expire, pressed } from './server.ts'

/** What people do. `pay.ts` looks at the booking before it starts an attempt, but without a lock: so this does not count on it. */
export function customerSteps(turn: Turn): void {
  const { now, can, world } = turn
  if (now.left.pressesOfFirstKey > 0) pressed(turn, 1)
  if (now.left.pressesOfSecondKey > 0) pressed(turn, 2)
  now.pages.forEach((page, p) => {
    const hasLink = world.leaked === true || now.attempts.some((row) => row.page === p)
    if (now.left.cards === 0 || !hasLink || (page.state !== 'open' && page.state !== 'failed')) return
    can(
      `a card is tried on page ${p}`,
      (next) => {
        next.left.cards -= 1
        next.charges.push({ page: p, state: 'pending', returned: 0 })
      },
      false,
    )
  })
  // cancel.ts: half of what was applied goes back by the policy.
  if (now.left.cancels > 0 && (now.booking === 'held' || now.booking === 'confirmed')) {
    can(
      'the customer cancels',
      (next) => {
        next.left.cancels -= 1
        next.booking = 'cancelled'
        next.lapsed = false
        next.time = 'free'
        const paidBy = next.attempts.findIndex((row) => row.disposition === 'applied')
        if (paidBy >= 0) owe(next, paidBy, next.attempts[paidBy]!.charge, 1)
      },
      false,
    )
  }
  // book.ts, expireLapsed: a new customer frees what ran out in the transaction that wants it.
  if (now.left.rivals > 0 && (now.time === 'free' || (now.booking === 'held' && now.lapsed))) {
    can(
      'another customer takes the time',
      (next) => {
        next.left.rivals -= 1
        if (next.booking === 'held') expire(next)
        next.time = 'rival'
      },
      false,
    )
  }
}

/** What happens by the passing of time alone. */
export function timeSteps({ now, can, world }: Turn): void {
  if (now.booking === 'held' && !now.lapsed) can('the hold runs out', (next) => void (next.lapsed = true))
  now.pages.forEach((page, p) => {
    if (page.state === 'open' || page.state === 'failed')
      can(`page ${p} closes by its own clock`, (next) => void (next.pages[p]!.state = 'expired'))
  })
  now.attempts.forEach((row, i) => {
    const alive = now.actors.some((actor) => actor.is === 'tab' && actor.attempt === i && actor.at !== 'looking' && actor.at !== 'deciding')
    if (row.calling && (world.late === true || !alive)) {
      can(`the lease on attempt ${i} runs out`, (next) => {
        next.attempts[i]!.calling = false
        makeStale(next, i)
      })
    }
  })
}
