import {
  killing,
  start,
  settle,
  webhooks,
  refunds,
  wire,
  settling,
  bookings,
  paying,
  money,
  hostile,
  everyFault,
  everyOrder,
  everyGuard,
  type Failure,
} from './proofs.ts'

const voids = 'server/payments/refund-way.test.ts'

/** F: webhooks and the way back · G: settling, expiring, returning. */
export const settlingMoney: Record<string, Failure> = {
  F1: {
    wrong: 'A webhook comes twice',
    we: 'One row for an event; twenty that settle at once do what one does.',
    tests: [
      [webhooks, 'the same event twice is one; another id of the same news changes nothing'],
      [settling, 'twenty at once settle a payment, and what it pays for is told once'],
    ],
  },
  F2: {
    wrong: 'Webhooks come in the wrong order',
    we: 'Their order means nothing: each only makes us ask, and an older answer undoes nothing.',
    tests: [[webhooks, 'a lie with the right secret costs one question and moves nothing'], everyOrder],
  },
  F3: {
    wrong: 'A webhook comes before our own call returned, or before our commit',
    we: 'It is kept and looked at again until its payment is there.',
    tests: [
      [webhooks, 'an event that is quicker than our own commit waits for it'],
      [webhooks, 'an event that carries our id finds an attempt whose page we never heard of'],
    ],
  },
  F4: {
    wrong: 'A webhook is forged',
    we: 'Turned away without a trace; with a stolen secret it buys one question to the gateway.',
    tests: [
      [webhooks, 'without the address or the secret it is turned away and leaves no trace'],
      [webhooks, 'a lie with the right secret costs one question and moves nothing'],
    ],
  },
  F5: {
    wrong: 'An old webhook is sent again months later',
    we: 'The gateway is asked what is true now; nothing changes.',
    tests: [[webhooks, 'the same event twice is one; another id of the same news changes nothing']],
  },
  F6: {
    wrong: 'A webhook never comes',
    we: 'Open attempts, and pages that may still be paid, are asked about without being told to.',
    tests: [
      [paying, 'a lost webhook and a customer who asks: the question itself finds the money'],
      [paying, 'a lost webhook and a customer who never comes back: the sweep finds the money'],
    ],
  },
  F7: {
    wrong: 'Acting on a webhook takes so long that it is sent again',
    we: 'It is stored and answered; what it says is acted on afterwards.',
    tests: [[webhooks, 'a webhook is kept without its secret, answered, and acted on by asking the gateway']],
  },
  F8: {
    wrong: 'We answer that a webhook arrived and die',
    we: 'The row was committed before the answer; a sweep takes it up.',
    tests: [[webhooks, 'a webhook is kept without its secret, answered, and acted on by asking the gateway']],
  },
  F9: {
    wrong: 'The secret that a webhook carries ends in a table or a log',
    we: 'It is cut out before anything is stored.',
    tests: [
      [webhooks, 'a webhook is kept without its secret, answered, and acted on by asking the gateway'],
      [wire, 'what is kept of a webhook proves nothing, pays nothing and names nobody, whatever its type'],
    ],
  },
  F10: {
    wrong: 'The webhook’s secret is changed while webhooks are under way',
    we: 'Two secrets are taken for as long as both are set.',
    tests: [[hostile, 'while the secret is being changed the former one is taken too']],
  },
  F11: {
    wrong: 'Somebody comes back from the gateway’s page with “paid” written into the address',
    we: 'What the address says is not read; the gateway is asked.',
    tests: [[money, '60 a forged return proves nothing: the booking waits until the gateway itself says paid']],
  },
  F12: {
    wrong: 'Another amount or currency was paid than was asked for',
    we: 'No booking is confirmed by it; it waits for a person.',
    tests: [[settle, 'a charge of another amount or currency confirms nothing'], everyGuard],
  },
  F13: {
    wrong: 'A webhook for another account of the gateway, or about a payment that is not ours, comes to our address',
    we: 'The address is one nobody guesses and has its own secret; what is fetched must carry our own reference, else it confirms nothing.',
    tests: [
      [webhooks, 'without the address or the secret it is turned away and leaves no trace'],
      [webhooks, 'the other mode is refused, a body that is no event too'],
      ['server/payments/judge-page.test.ts', 'what is not ours goes to a person'],
      [settle, 'one charge cannot pay for two things'],
    ],
  },
  F14: {
    wrong: 'A payer’s bank takes the money back',
    we: 'The gateway tells of it in its settlements alone; the daily comparison reads them, and each is an item for a person, with its alarm. What was booked stands.',
    tests: [
      [
        'server/payments/chargebacks.test.ts',
        'money that a bank took back is an item for a person, once; what it paid for stands, and the books say it when it is closed',
      ],
      ['server/payments/chargebacks.test.ts', 'settlements are read to their last page'],
      [
        'server/payments/chargebacks.test.ts',
        'settlements that cannot be read leave the comparison to be done again; an account that has none does not',
      ],
    ],
  },
  G1: {
    wrong: 'Money comes after the hold ran out, and the time is still free',
    we: 'The time is taken again under the constraint and the booking confirmed; the customer is told that it came late and still counts.',
    tests: [
      [paying, 'money that comes after the hold, while the time is free, still gets its booking'],
      ['tests/journeys/messages.test.ts', 'money that came late and still got the time says so instead'],
    ],
  },
  G2: {
    wrong: 'Money comes after somebody else has the time',
    we: 'It is owed back in the same transaction and sent back by itself; when it is back the customer is told why.',
    tests: [
      [paying, 'money that comes after the time went to somebody else goes back by itself'],
      ['tests/journeys/messages.test.ts', 'money that came too late goes back by itself, and the customer is told why when it is back'],
      [settle, 'money that came too late is owed back in the same breath, once, and goes back'],
    ],
  },
  G3: {
    wrong: 'A hold runs out at the moment it is paid',
    we: 'Both lock the booking first; whoever is second sees what the first one did.',
    tests: [[bookings, 'money that arrives as its hold runs out always ends as a booking or a refund'], everyOrder],
  },
  G4: {
    wrong: 'The gateway does not say how a refund ended',
    we: 'It is looked for in what the gateway returned so far, and sent again only when it surely is not there.',
    tests: [[settling, 'a refund whose answer was lost is looked for before it is sent again'], everyFault],
  },
  G5: {
    wrong: 'The gateway refuses a refund',
    we: 'It is an item for a person at once, and counted until one has tried again or closed it with a reason.',
    tests: [
      [refunds, 'a refusal is for a person, and is seen'],
      [
        'server/payments/differences.test.ts',
        'a return the gateway refused is an item at once: tried again, or closed with a reason and no longer owed',
      ],
    ],
  },
  G6: {
    wrong: 'More is returned than was paid',
    we: 'What was owed before is summed under the payment’s lock.',
    tests: [
      [refunds, 'what is owed back is sent, in parts, and never more than was paid'],
      [refunds, 'money the business returned by its own hand is not returned again'],
    ],
  },
  G7: {
    wrong: 'Money is to be returned whose charge may not have settled, or is in no state to be returned',
    we: 'A whole charge of a moment ago is voided, later the sum is refunded; which of both the charge itself says, before and after. A state that surely forbids it is for a person.',
    tests: [
      [voids, 'a whole refund soon after paying is a void: nothing is settled, nobody keeps a fee, and the comparison agrees'],
      [voids, 'once the charge is settled the gateway says so, and the sum is returned instead'],
      [voids, 'a void whose answer was lost is found on the charge before anything else is sent'],
      [voids, 'a gateway that says neither yes nor no to voids is asked twice, and then the sum is returned'],
      [voids, 'a void that arrives late, between our look and our refund, is no refusal for a person: the charge is looked at again'],
      [voids, 'a part is refunded, never voided'],
      [refunds, 'a charge that cannot be looked at is not touched'],
      everyFault,
      everyGuard,
    ],
  },
  G8: {
    wrong: 'A booking is moved and cancelled at once',
    we: 'A step is taken only from the state and version that were read; the cancellation stands.',
    tests: [[bookings, 'a cancellation that was answered is never undone by a move at the same moment']],
  },
  G9: {
    wrong: 'A booking is cancelled while it is being paid',
    we: 'It stays cancelled, and the money goes back whole when it comes.',
    tests: [[bookings, 'a booking that is cancelled while its customer pays stays cancelled, and the money goes back whole'], everyGuard],
  },
  G10: {
    wrong: 'A server’s clock is wrong when a cancellation is weighed against its policy',
    we: 'The database’s clock decides; the moment, the start and the promise stand in the audit with what they led to.',
    tests: [
      [
        'tests/guarantees/skewed-clock.test.ts',
        'what a cancellation gives back is decided by the database’s clock, whatever the server’s says, and stands with what decided it',
      ],
    ],
  },
  G11: {
    wrong: 'A process dies between any two steps',
    we: 'Every step is guarded by the state it starts from, and somebody comes by later and goes on.',
    tests: [
      [killing, 'a server killed at any await, and another that takes over, keep every promise'],
      everyOrder,
      [start, 'an attempt whose process died before the gateway answered is continued by the same key and by a sweep'],
    ],
  },
}
