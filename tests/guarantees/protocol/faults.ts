import type { Guard } from './guards.ts'
import type { World } from './model.ts'
import { promises } from './promises.ts'
import { world } from './worlds.ts'

interface Fault {
  /** The protocol without its guard. */
  fault: string
  /** The smallest world that shows it. */
  in: World
  breaks: string
}

/** What happens to a protocol that lacks one of its guards; a guard missing here does not compile. */
export const faults: Record<Guard, Fault> = {
  'writes the intent before it calls': {
    fault: 'the gateway is called first, and what it answered is written down after',
    in: world({}, { leaked: true }),
    breaks: promises.notFreedUnasked,
  },
  'takes a silence for unknown': {
    fault: 'a creation without an answer has failed',
    in: world({ silences: 2 }, { leaked: true }),
    breaks: promises.notFreedUnasked,
  },
  'looks for a page before it makes another': {
    fault: 'what is unknown is simply requested again',
    in: world({ pressesOfFirstKey: 2, silences: 1 }, { leaked: true }),
    breaks: promises.onePage,
  },
  'lets one caller at a time create': {
    fault: 'two tabs that found no page both make one',
    in: world({ pressesOfFirstKey: 3, cards: 0, silences: 1 }, { leaked: true }),
    breaks: promises.onePage,
  },
  'looks the key up': {
    fault: 'a key that was used is not recognised',
    in: world({ pressesOfFirstKey: 2 }),
    breaks: promises.onePage,
  },
  'asks before it believes a webhook': {
    fault: 'the body of a webhook is believed',
    in: world({ forgeries: 1 }),
    breaks: promises.realMoney,
  },
  'asks until it is answered': {
    fault: 'a webhook is done with once the gateway was asked, even when it was silent',
    in: world({ cards: 2, silences: 1 }),
    breaks: promises.notFreedUnasked,
  },
  'asks without being told': {
    fault: 'only webhooks bring news: nobody asks by himself',
    in: world({ silences: 1 }),
    breaks: promises.settles,
  },
  'lets later money win': {
    fault: 'failed is the end, whatever the gateway says later',
    in: world({ cards: 2 }),
    breaks: promises.notFreedUnasked,
  },
  'compares amounts': {
    fault: 'paid is paid, of whatever amount',
    in: world({ oddities: 1 }),
    breaks: promises.realMoney,
  },
  'leaves a spare page alone': {
    fault: 'a second page of one attempt is taken for a deception',
    in: world({ pressesOfFirstKey: 2, cards: 0 }, { late: true }),
    breaks: promises.personForCause,
  },
  'decides on what stands under the lock': {
    fault: 'money is decided on by what was read before the lock',
    in: world({ rivals: 1 }),
    breaks: promises.ownTime,
  },
  'takes the time again before it confirms': {
    fault: 'a late payment confirms an expired hold whose time is gone',
    in: world({ rivals: 1 }),
    breaks: promises.ownTime,
  },
  'returns money whose time is gone': {
    fault: 'a late payment is noted and nothing more',
    in: world({ rivals: 1 }),
    breaks: promises.settles,
  },
  'returns money that comes after a cancellation': {
    fault: 'a payment that ends after the cancellation is kept',
    in: world({ cancels: 1 }),
    breaks: promises.settles,
  },
  'leaves a cancelled booking cancelled': {
    fault: 'a late payment revives a cancelled booking',
    in: world({ cancels: 1 }),
    breaks: promises.staysCancelled,
  },
  'returns a second payment': {
    fault: 'a second attempt that was paid too is kept silently',
    in: world({ pressesOfSecondKey: 1, cards: 2 }),
    breaks: promises.settles,
  },
  'returns a second card': {
    fault: 'a second card on the same page is kept silently',
    in: world({ cards: 2 }),
    breaks: promises.settles,
  },
  'owes one charge once': {
    fault: 'a second card is owed back again at every look',
    in: world({ cards: 2 }),
    breaks: promises.noMoreOwed,
  },
  'asks before it frees': {
    fault: 'the sweep frees what ran out without asking the gateway',
    in: world({}),
    breaks: promises.notFreedUnasked,
  },
  'asks about every page before it frees': {
    fault: 'the sweep does not ask about a page on which the first card failed',
    in: world({ cards: 2 }),
    breaks: promises.notFreedUnasked,
  },
  'marks a refund sent before it sends': {
    fault: 'a refund is written down after it was sent',
    in: world({ cancels: 1 }),
    breaks: promises.noMoreBack,
  },
  'looks before it repeats a refund': {
    fault: 'a refund without an answer is sent again unseen',
    in: world({ cancels: 1, silences: 1 }),
    breaks: promises.noMoreBack,
  },
  'gives a refund time to arrive': {
    fault: 'a refund that is not there at once is sent again',
    in: world({ cancels: 1, silences: 1 }),
    breaks: promises.noMoreBack,
  },
  'takes a silent refund for unknown': {
    fault: 'a refund without an answer has failed',
    in: world({ cancels: 1, silences: 1 }),
    breaks: promises.personForCause,
  },
  'voids a whole charge only': {
    fault: 'a charge of which a part goes back is voided',
    in: world({ cancels: 1 }),
    breaks: promises.noMoreBack,
  },
  'refunds what it is too late to void': {
    fault: 'a charge that is settled already is a person’s',
    in: world({ cards: 2 }),
    breaks: promises.personForCause,
  },
  'looks again before it calls a person': {
    fault: 'a refund is refused because a void came late, and a person is called',
    in: world({ cards: 2, silences: 1 }),
    breaks: promises.personForCause,
  },
  'sends a refund only as it was read': {
    fault: 'a worker that stood still sends what another one is sending',
    in: world({ cancels: 1 }, { late: true }),
    breaks: promises.noMoreBack,
  },
}
