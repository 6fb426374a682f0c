import { look } from './gateway.ts'
import { type Actor, type Attempt, type Heard, isOpen, remove, replace, type State, stepTo, type Turn } from './model.ts'
import { promises } from './promises.ts'
import { owe, refunders } from './refunds.ts'

/** What our own code may do next, transaction by transaction. */
export function serverSteps(turn: Turn): void {
  tabs(turn)
  askers(turn)
  sweep(turn)
  refunders(turn)
}

// start-payment.ts

/** Somebody presses “pay”: the key's own attempt goes on, else the open one, else a new one begins. */
export function pressed({ now, has, can }: Turn, key: 1 | 2): void {
  const used = (next: State) => void (next.left[key === 1 ? 'pressesOfFirstKey' : 'pressesOfSecondKey'] -= 1)
  const own = has('looks the key up') ? now.attempts.findIndex((row) => row.key === key && row.state !== 'none') : -1
  const open = now.attempts.findIndex(isOpen)
  const wasNeverMade = now.attempts[own]?.state === 'failed' && now.attempts[own].page < 0
  const known = own >= 0 && !(wasNeverMade && open >= 0) ? own : open
  const row = now.attempts[known]
  if (!row) {
    const isWritten = has('writes the intent before it calls')
    return can(
      `pay is pressed with key ${key}`,
      (next) => {
        used(next)
        const state = isWritten ? 'intent' : 'none'
        next.attempts.push({ key, state, page: -1, charge: -1, disposition: 'none', calling: isWritten, over: false, webhook: 'none' })
        next.actors.push({ is: 'tab', at: 'calling', attempt: next.attempts.length - 1 })
      },
      false,
    )
  }
  const mayTryAgain = row.state === 'unknown' || row.state === 'intent' || (known === own && wasNeverMade)
  if (row.calling || !mayTryAgain) return
  can(
    `pay is pressed again with key ${key}`,
    (next) => {
      used(next)
      if (has('looks for a page before it makes another')) next.actors.push({ is: 'tab', at: 'looking', attempt: known, fresh: true })
      else {
        stepTo(next, known, 'intent').calling = true
        next.actors.push({ is: 'tab', at: 'calling', attempt: known })
      }
    },
    false,
  )
}

function tabs(turn: Turn): void {
  const { now, has, can } = turn
  now.actors.forEach((actor, at) => {
    if (actor.is !== 'tab') return
    const { attempt } = actor
    if (actor.at === 'looking') {
      can(`a tab asks whether attempt ${attempt} has a page`, (next) =>
        replace(next, at, { ...actor, at: 'deciding', heard: ask(next, attempt) }),
      )
    }
    if (actor.at === 'calling') closeFormerPages(turn, attempt)
    if (actor.at === 'deciding') {
      const { heard, fresh } = actor
      can(`a tab takes attempt ${attempt} for itself`, (next) => {
        const row = next.attempts[attempt]!
        const isOurs = (fresh || !has('lets one caller at a time create')) && !row.calling && (isOpen(row) || !next.attempts.some(isOpen))
        if (!isOurs) return remove(next, at)
        replace(next, at, heard === 'none' ? { is: 'tab', at: 'calling', attempt } : { is: 'tab', at: 'adopting', attempt, heard })
        stepTo(next, attempt, 'intent').calling = true
      })
    }
    if (actor.at === 'adopting') {
      can(`a tab adopts the page of attempt ${attempt} that it found`, (next) => {
        remove(next, at)
        conclude(next, turn, attempt, actor.heard, next.booking)
      })
    }
    if (actor.at === 'heard') {
      const { answer } = actor
      can(`what the creation for attempt ${attempt} brought is written down`, (next) => {
        remove(next, at)
        const row = next.attempts[attempt]!
        if (row.state === 'none') stepTo(next, attempt, 'intent')
        if (answer !== 'silence' && answer !== 'refused') return conclude(next, turn, attempt, answer, next.booking)
        if (row.state !== 'intent') return
        stepTo(next, attempt, answer === 'silence' && has('takes a silence for unknown') ? 'unknown' : 'failed')
      })
    }
  })
}

/** Before a new page is made, those of attempts that failed are closed: best effort. */
function closeFormerPages({ now, can }: Turn, fresh: number): void {
  now.attempts.forEach((row, i) => {
    const page = now.pages[row.page]
    if (i === fresh || row.state !== 'failed' || (page?.state !== 'open' && page?.state !== 'failed')) return
    can(`the page of the former attempt ${i} is closed`, (next) => void (next.pages[row.page]!.state = 'cancelled'))
  })
}

// settle.ts and webhooks.ts

const worth = { paid: 5, open: 4, failed: 2, expired: 1, cancelled: 0 }

/** By the page's id, or by ours when we never heard it; of several pages one is gone on with and the others are closed. */
function ask(next: State, attempt: number): Heard {
  const { page } = next.attempts[attempt]!
  if (page >= 0) return look(next, page)
  const found = next.pages
    .flatMap((one, p) => (one.attempt === attempt ? [p] : []))
    .toSorted((a, b) => worth[next.pages[b]!.state] - worth[next.pages[a]!.state])
  for (const extra of found.slice(1)) {
    const one = next.pages[extra]!
    if (one.state === 'open' || one.state === 'failed') one.state = 'cancelled'
  }
  return found[0] === undefined ? 'none' : look(next, found[0])
}

function askers(turn: Turn): void {
  const { now, world, has, can } = turn
  const busy = now.actors.filter((actor) => actor.is === 'asker').length
  now.attempts.forEach((row, attempt) => {
    const polled =
      has('asks without being told') && (isOpen(row) || (row.state !== 'none' && row.state !== 'person' && row.page >= 0 && !row.over))
    const told = row.webhook !== 'none' && row.state !== 'none'
    if ((!polled && !told) || busy >= world.askers) return
    can(`the gateway is asked about attempt ${attempt}${told ? ', for a webhook' : ''}`, (next) => {
      const isBelieved = told && !has('asks before it believes a webhook')
      const body: Heard = { page: row.page, state: 'paid', odd: false, taken: [-1], pending: false }
      next.attempts[attempt]!.webhook = 'none'
      next.actors.push({ is: 'asker', attempt, heard: isBelieved ? body : ask(next, attempt), told, fresh: true, booking: next.booking })
    })
    // Elsewhere a silence changes nothing: whoever asked asks again.
    if (now.left.silences > 0 && !has('asks until it is answered')) {
      can(
        `the gateway is asked about attempt ${attempt} and says nothing`,
        (next) => {
          next.left.silences -= 1
          next.attempts[attempt]!.webhook = 'none'
          const page = next.pages[row.page]
          if (!isOpen(row) && page !== undefined && mayBeLast(next, attempt, look(next, row.page))) next.attempts[attempt]!.over = true
        },
        false,
      )
    }
  })
  now.actors.forEach((actor, at) => {
    if (actor.is !== 'asker') return
    const { attempt, heard } = actor
    const act = (next: State) => {
      remove(next, at)
      // “There is none” is believed a minute after the row came into its state, and an answer is never that old.
      if (heard !== 'none' || actor.fresh || world.late) conclude(next, turn, attempt, heard, actor.booking)
    }
    can(`what was heard about attempt ${attempt} is acted on`, act)
    if (!mayBeLast(now, attempt, heard)) return
    can(`what was heard about attempt ${attempt} is acted on, for the last time`, (next) => {
      act(next)
      const row = next.attempts[attempt]!
      row.over = !isOpen(row) && row.state !== 'person'
    })
  })
}

// check-schedule.ts

/** Whether this can have been asked twenty minutes after the page closed: the hold is long over then, and every card that no webhook will tell of. */
function mayBeLast(now: State, attempt: number, heard: Heard): boolean {
  if (heard === 'none' || heard.page < 0 || heard.state === 'open' || heard.state === 'failed') return false
  const isTooEarly = now.booking === 'held' && !now.lapsed
  return !isTooEarly && !now.attempts[attempt]!.over && look(now, heard.page).taken.length === heard.taken.length
}

// conclude.ts

/** One transaction, the booking locked first. `read` is how the booking stood when the gateway was asked: only a faulty protocol looks at it. */
function conclude(next: State, { has }: Turn, i: number, heard: Heard, read: State['booking']): void {
  const row = next.attempts[i]!
  if (heard === 'none') {
    if (isOpen(row) && row.page < 0 && !row.calling) stepTo(next, i, 'failed')
    return
  }
  const isSpare = row.page >= 0 && row.page !== heard.page
  if (isSpare && heard.taken.length === 0 && has('leaves a spare page alone')) return
  if (isSpare || (heard.odd && has('compares amounts'))) {
    if (row.state !== 'paid' && row.state !== 'person') stepTo(next, i, 'person').page = row.page < 0 ? heard.page : row.page
    return
  }
  if (heard.taken.length > 0) return takeMoney(next, has, i, heard, has('decides on what stands under the lock') ? next.booking : read)
  if (!isOpen(row)) return
  const to = heard.pending || heard.state === 'open' ? 'redirected' : heard.state === 'expired' ? 'expired' : 'failed'
  if (to !== row.state) stepTo(next, i, to).page = heard.page
}

function takeMoney(next: State, has: Turn['has'], i: number, heard: Exclude<Heard, string>, booking: State['booking']): void {
  const row = next.attempts[i]!
  if (row.state === 'person' || (!isOpen(row) && row.state !== 'paid' && !has('lets later money win'))) return
  if (row.state !== 'paid') {
    const charge = heard.taken.at(-1)!
    const disposition = whenPaid[booking](next, has)
    Object.assign(stepTo(next, i, 'paid'), { page: heard.page, charge, disposition })
    if (disposition === 'refund_due') owe(next, i, charge, 2)
  }
  if (!has('returns a second card')) return
  for (const extra of heard.taken.filter((charge) => charge !== row.charge)) {
    if (!has('owes one charge once') || !next.refunds.some(({ charge }) => charge === extra)) owe(next, i, extra, 2)
  }
}

// confirm.ts

const whenPaid: Record<State['booking'], (next: State, has: Turn['has']) => Attempt['disposition']> = {
  held: confirm,
  expired(next, has) {
    if (!has('takes the time again before it confirms')) return confirm(next)
    if (next.time !== 'free') return has('returns money whose time is gone') ? 'refund_due' : 'none'
    next.time = 'ours'
    return confirm(next)
  },
  confirmed: (_, has) => (has('returns a second payment') ? 'refund_due' : 'none'),
  cancelled(next, has) {
    if (!has('leaves a cancelled booking cancelled') && next.time === 'free') {
      next.time = 'ours'
      return confirm(next)
    }
    return has('returns money that comes after a cancellation') ? 'refund_due' : 'none'
  },
}

function confirm(next: State): 'applied' {
  if (next.booking === 'cancelled') next.broken = promises.staysCancelled
  next.booking = 'confirmed'
  next.lapsed = false
  return 'applied'
}

// expire-holds.ts

export function expire(next: State): void {
  next.booking = 'expired'
  next.lapsed = false
  next.time = 'free'
}

/** Asks about everything that may have been paid, then frees. What it hears is acted on like anybody's, so here that is one step. */
function sweep(turn: Turn): void {
  const { now, has, can } = turn
  const running = now.actors.findIndex((actor) => actor.is === 'sweep')
  if (running >= 0) {
    const { silent } = now.actors[running] as Extract<Actor, { is: 'sweep' }>
    return can('the sweep frees the time', (next) => {
      remove(next, running)
      if (next.booking !== 'held' || !next.lapsed) return
      if (next.paidInTime && !silent) next.broken = promises.notFreedUnasked
      expire(next)
    })
  }
  if (now.booking !== 'held' || !now.lapsed) return
  const mayBePaid = (row: Attempt) =>
    isOpen(row) ||
    (has('asks about every page before it frees') && row.page >= 0 && !row.over && (row.state === 'failed' || row.state === 'expired'))
  const asked = has('asks before it frees') ? now.attempts.flatMap((row, i) => (mayBePaid(row) ? [i] : [])) : []
  can('the sweep asks about the hold that ran out', (next) => {
    for (const i of asked) conclude(next, turn, i, ask(next, i), next.booking)
    if (next.booking === 'held') next.actors.push({ is: 'sweep', silent: false })
  })
  if (asked.length > 0 && now.left.silences > 0) {
    can(
      'the sweep asks about the hold that ran out and hears nothing',
      (next) => {
        next.left.silences -= 1
        next.actors.push({ is: 'sweep', silent: true })
      },
      false,
    )
  }
}
