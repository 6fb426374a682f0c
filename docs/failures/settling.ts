import {
  reconciliation,
  killing,
  killingPostgres,
  idempotency,
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

/** F: webhooks and the way back · G: settling, expiring, returning · I: the database. */
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
  G1: {
    wrong: 'Money comes after the hold ran out, and the time is still free',
    we: 'The time is taken again under the constraint and the booking confirmed.',
    tests: [[paying, 'money that comes after the hold, while the time is free, still gets its booking']],
  },
  G2: {
    wrong: 'Money comes after somebody else has the time',
    we: 'It is owed back in the same transaction and sent back by itself.',
    tests: [
      [paying, 'money that comes after the time went to somebody else goes back by itself'],
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
    wrong: 'A charge looks other than it can, when its money is to be returned',
    we: 'It is not touched, and looked at again; a state that surely forbids it is for a person.',
    tests: [[refunds, 'a charge that cannot be looked at is not touched'], everyFault],
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
  G11: {
    wrong: 'A process dies between any two steps',
    we: 'Every step is guarded by the state it starts from, and somebody comes by later and goes on.',
    tests: [
      [killing, 'a server killed at any await, and another that takes over, keep every promise'],
      everyOrder,
      [start, 'an attempt whose process died before the gateway answered is continued by the same key and by a sweep'],
    ],
  },
  I1: {
    wrong: 'The connection breaks right after COMMIT was sent, and nobody knows whether it stood',
    we: 'The client is told that we are busy; the same key finds what stood, or does it.',
    tests: [[killingPostgres, 'connections cut right after COMMIT was sent: the same key finds what stood']],
  },
  I2: {
    wrong: 'The gateway has a payment that our database does not know, or we have one that it does not',
    we: 'What the gateway lists and what our books say are compared both ways; each difference is put right or becomes an item for a person.',
    tests: [
      [
        reconciliation,
        'of two hundred payments damaged at random every break is found: put right, or an item for a person, and nothing else is',
      ],
      [reconciliation, 'a list that shifts while it is read, or comes twice, is compared whole; one that breaks off is not believed'],
      [reconciliation, 'what the gateway cannot be asked about just now is no difference'],
      [
        'server/payments/ledger.test.ts',
        'whatever is posted, and however often, all accounts together stand at nothing and the order at what came less what went back',
      ],
    ],
  },
  I9: {
    wrong: 'The database is restored to an earlier moment, or fails over to one that lacks the last commits',
    we: 'Its identity or timeline is another one: the gateway’s list of the last 35 days is compared at once, and what is missing is put right or becomes an item.',
    tests: [
      [reconciliation, 'a database that was restored or failed over compares at once, without being told to'],
      ['server/payments/differences.test.ts', 'a payment whose row was lost comes back under its own id, and of another amount not at all'],
    ],
  },
  I3: {
    wrong: 'The database is restarted or killed',
    we: 'Whoever asks meanwhile is told to come again; what runs recovers, and what was committed is there.',
    tests: [
      [
        'tests/journeys/starting.test.ts',
        'kill -9 of the server, of PostgreSQL or of both: what runs recovers, and the next start finds the data',
      ],
      [killingPostgres, 'PostgreSQL is killed and stopped at once under load: nothing acknowledged is lost, nothing doubled'],
      [idempotency, 'a database that is away answers busy before the work is begun'],
    ],
  },
  I4: {
    wrong: 'All connections are taken, for one because a vendor is slow',
    we: 'No call leaves the house inside a transaction; a pool that is used up is said to be passing.',
    tests: [
      ['server/external-calls/calls.test.ts', 'a surfaced call inside a transaction is refused before the vendor is asked'],
      [start, 'no database connection is held while the gateway is silent'],
      [
        'server/database/transaction.test.ts',
        'a lock not had in time, a statement past its time and a pool used up are said to be passing',
      ],
    ],
  },
}
