import { isOpen, type State, type World } from './model.ts'

export const promises = {
  ownTime: 'P1: a live booking owns its time, and no other does',
  realMoney: 'P2: only money that is at the gateway, and of our amount, counts',
  onePayment: 'P2: one payment for a confirmed booking, none for one that waits or ran out',
  notFreedUnasked: 'P3: time that was paid for while it was held is not freed by the sweep, unless the gateway will not answer',
  noMoreBack: 'P3: no more goes back than is owed',
  noMoreOwed: 'P3: no more is owed back than was paid',
  personForCause: 'P3: a person is called only when the gateway said something else than it was asked for, or refused a refund',
  settles: 'P3: a quiet hour settles everything: a booking, a refund, or an open item for a person',
  onePage: 'P4: one key, one page that can be paid',
  staysCancelled: 'a cancelled booking stays cancelled',
} as const

/** What does not hold in this state; null: all of it does. */
export function brokenPromise(state: State, world: World): string | null {
  if (state.broken !== null) return state.broken
  const { booking, time, attempts, refunds, pages, charges } = state
  const isLive = booking === 'held' || booking === 'confirmed'
  if (isLive !== (time === 'ours')) return promises.ownTime

  const applied = attempts.filter((row) => row.disposition === 'applied')
  const isReal = ({ charge, page }: State['attempts'][number]) => charges[charge]?.state === 'paid' && pages[page]?.odd === false
  if (!applied.every(isReal)) return promises.realMoney
  if (booking !== 'cancelled' && applied.length !== (booking === 'confirmed' ? 1 : 0)) return promises.onePayment

  for (const [c, { returned }] of charges.entries()) {
    const owed = refunds.reduce((sum, one) => (one.charge === c ? sum + one.amount : sum), 0)
    if (returned > owed) return promises.noMoreBack
    if (owed > 2) return promises.noMoreOwed
  }
  if (attempts.some((row) => row.state === 'person' && !pages[row.page]!.odd)) return promises.personForCause
  if (refunds.some((row) => row.state === 'failed' && !row.refused)) return promises.personForCause

  for (const key of [1, 2]) {
    const own = attempts.flatMap((row, i) => (row.key === key ? [i] : []))
    const given = own.filter((i) => attempts[i]!.page >= 0)
    const found = world.leaked && !world.late ? pages.filter((page) => own.includes(page.attempt)) : []
    if (given.length > 1 || found.length > 1) return promises.onePage
  }
  return null
}

/** Whether everything came to its end: nobody waits, nothing is open, and all money is where it belongs. */
export function isSettled({ booking, attempts, refunds, charges, pages, actors, adrift }: State): boolean {
  if (booking === 'held' || actors.length > 0 || adrift.length > 0 || attempts.some(isOpen)) return false
  if (refunds.some(({ state }) => state !== 'refunded' && state !== 'failed')) return false
  return charges.every(({ state, page, returned }, c) => {
    if (state !== 'paid') return true
    const row = attempts[pages[page]!.attempt]!
    const isWithPerson = row.state === 'person' || refunds.some((one) => one.charge === c && one.state === 'failed')
    const isApplied = row.charge === c && row.disposition === 'applied'
    // A cancelled booking keeps the half that its policy says.
    return isWithPerson || returned === (isApplied ? (booking === 'cancelled' ? 1 : 0) : 2)
  })
}
