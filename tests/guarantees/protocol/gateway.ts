import { type Actor, type Heard, replace, type State, type Turn } from './model.ts'

/** What the gateway may do with what it was sent, and what the network may do with its answer. */
export function gatewaySteps(turn: Turn): void {
  creations(turn)
  refunds(turn)
  cards(turn)
}

/** What a page shows to whoever asks now. */
export function look(state: State, page: number): Exclude<Heard, string> {
  const { state: status, odd } = state.pages[page]!
  const of = (wanted: 'paid' | 'pending') =>
    state.charges.flatMap((charge, c) => (charge.page === page && charge.state === wanted ? [c] : []))
  return { page, state: status, odd, taken: of('paid'), pending: of('pending').length > 0 }
}

function creations({ now, can, world }: Turn): void {
  const make = (next: State, attempt: number, odd = false) => next.pages.push({ attempt, state: 'open', odd }) - 1
  now.actors.forEach((actor, at) => {
    if (actor.is !== 'tab' || actor.at !== 'calling') return
    const { attempt } = actor
    can(`the gateway makes a page for attempt ${attempt}`, (next) =>
      replace(next, at, { is: 'tab', at: 'heard', attempt, answer: look(next, make(next, attempt)) }),
    )
    if (now.left.oddities > 0) {
      can(
        `the gateway makes a page of another amount for attempt ${attempt}`,
        (next) => {
          next.left.oddities -= 1
          replace(next, at, { is: 'tab', at: 'heard', attempt, answer: look(next, make(next, attempt, true)) })
        },
        false,
      )
    }
    if (now.left.refusals > 0) {
      can(
        `the gateway refuses to make a page for attempt ${attempt}`,
        (next) => {
          next.left.refusals -= 1
          replace(next, at, { is: 'tab', at: 'heard', attempt, answer: 'refused' })
        },
        false,
      )
    }
    if (now.left.silences === 0) return
    const silent = (next: State) => {
      next.left.silences -= 1
      replace(next, at, { is: 'tab', at: 'heard', attempt, answer: 'silence' })
    }
    can(`the request for a page for attempt ${attempt} is lost`, silent, false)
    can(
      `the gateway makes a page for attempt ${attempt} and its answer is lost`,
      (next) => {
        make(next, attempt)
        silent(next)
      },
      false,
    )
    if (!world.late) return
    can(
      `the request for a page for attempt ${attempt} is given up while it is on its way`,
      (next) => {
        next.adrift.push({ create: attempt })
        silent(next)
      },
      false,
    )
  })
  now.adrift.forEach(({ create }, at) => {
    if (create === undefined) return
    can(`a request that was given up arrives: the gateway makes a page for attempt ${create}`, (next) => {
      next.adrift.splice(at, 1)
      make(next, create)
    })
  })
}

function refunds(turn: Turn): void {
  const { now, can } = turn
  const fits = (r: number) => now.charges[now.refunds[r]!.charge]!.returned + now.refunds[r]!.amount <= 2
  const pay = (next: State, r: number) => void (next.charges[next.refunds[r]!.charge]!.returned += next.refunds[r]!.amount)
  now.actors.forEach((actor, at) => {
    if (actor.is !== 'refunder' || actor.at !== 'sent') return
    const { refund, way } = actor
    if (way === 'void') return voids(turn, at, actor)
    const answer = (next: State, said: 'done' | 'silence' | 'refused') => replace(next, at, { ...actor, at: 'heard', answer: said })
    if (!fits(refund)) return can(`the gateway refuses refund ${refund}: more than is left`, (next) => answer(next, 'refused'))
    can(`the gateway returns the money of refund ${refund}`, (next) => {
      pay(next, refund)
      answer(next, 'done')
    })
    if (now.left.refusals > 0) {
      can(
        `the gateway refuses refund ${refund}`,
        (next) => {
          next.left.refusals -= 1
          next.refunds[refund]!.refused = true
          answer(next, 'refused')
        },
        false,
      )
    }
    if (now.left.silences === 0) return
    const silent = (next: State) => {
      next.left.silences -= 1
      answer(next, 'silence')
    }
    can(`the request of refund ${refund} is lost`, silent, false)
    can(
      `the gateway returns the money of refund ${refund} and its answer is lost`,
      (next) => {
        pay(next, refund)
        silent(next)
      },
      false,
    )
    can(
      `the request of refund ${refund} is given up while it is on its way`,
      (next) => {
        next.adrift.push({ refund })
        silent(next)
      },
      false,
    )
  })
  now.adrift.forEach(({ refund }, at) => {
    if (refund === undefined) return
    can(`the request of refund ${refund} that was given up arrives`, (next) => {
      next.adrift.splice(at, 1)
      if (fits(refund)) pay(next, refund)
    })
  })
  now.adrift.forEach(({ void: refund }, at) => {
    if (refund === undefined) return
    can(`the request to void the charge of refund ${refund} that was given up arrives`, (next) => {
      next.adrift.splice(at, 1)
      voidCharge(next, refund)
    })
  })
}

type Sent = Extract<Actor, { is: 'refunder'; at: 'sent' }>

/** All of a charge or nothing, and only until it settles: when that is, nobody says beforehand. */
function voids({ now, can }: Turn, at: number, actor: Sent): void {
  const { refund } = actor
  const answer = (next: State, said: 'done' | 'silence' | 'refused') => replace(next, at, { ...actor, at: 'heard', answer: said })
  can(`the gateway will not void the charge of refund ${refund}: too late`, (next) => answer(next, 'refused'))
  if (now.charges[now.refunds[refund]!.charge]!.returned === 0)
    can(`the gateway voids the charge of refund ${refund}`, (next) => {
      voidCharge(next, refund)
      answer(next, 'done')
    })
  if (now.left.silences === 0) return
  const silent = (next: State) => {
    next.left.silences -= 1
    answer(next, 'silence')
  }
  can(`the request to void the charge of refund ${refund} is lost`, silent, false)
  can(
    `the gateway voids the charge of refund ${refund} and its answer is lost`,
    (next) => {
      voidCharge(next, refund)
      silent(next)
    },
    false,
  )
  // No time is long enough for it: that it may still arrive keeps nobody waiting.
  can(
    `the request to void the charge of refund ${refund} is given up while it is on its way`,
    (next) => {
      next.adrift.push({ void: refund })
      silent(next)
    },
    false,
  )
}

function voidCharge(next: State, refund: number): void {
  const charge = next.charges[next.refunds[refund]!.charge]!
  if (charge.returned === 0) charge.returned = 2
}

/** A card is at its bank for as long as it likes, whatever became of its page meanwhile. */
function cards({ now, can }: Turn): void {
  now.charges.forEach((charge, c) => {
    if (charge.state !== 'pending') return
    const page = now.pages[charge.page]!
    const row = now.attempts[page.attempt]!
    const accept = (webhook: boolean) => (next: State) => {
      next.charges[c]!.state = 'paid'
      next.pages[charge.page]!.state = 'paid'
      if (next.booking === 'held' && !next.lapsed && !page.odd) next.paidInTime = true
      if (webhook) next.attempts[page.attempt]!.webhook = 'kept'
      else next.left.silences -= 1
    }
    can(`card ${c} is accepted on page ${charge.page}`, accept(true))
    // After its last chance, only a webhook tells of it: one that is lost then is for the daily comparison.
    if (now.left.silences > 0 && !row.over)
      can(`card ${c} is accepted on page ${charge.page} and the webhook never comes`, accept(false), false)
    can(`card ${c} is refused on page ${charge.page}`, (next) => {
      next.charges[c]!.state = 'failed'
      if (page.state === 'open') next.pages[charge.page]!.state = 'failed'
    })
  })
  now.attempts.forEach((row, i) => {
    if (now.left.forgeries === 0 || row.state === 'none') return
    can(
      `somebody forges a webhook that says attempt ${i} is paid`,
      (next) => {
        next.left.forgeries -= 1
        next.attempts[i]!.webhook = 'forged'
      },
      false,
    )
  })
}
