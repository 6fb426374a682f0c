/** One thing that goes wrong where money, repeated requests or webhooks are concerned. */
export interface Failure {
  wrong: string
  /** What we do about it. */
  we: string
  /** File and exact name; … stands for what a name is filled with. A test that is not there fails `tests/architecture/failures.test.ts`. */
  tests: readonly (readonly [file: string, name: string])[]
}

const idempotency = 'server/http/idempotency.test.ts'
const start = 'server/payments/start-payment.test.ts'
const settle = 'server/payments/settle.test.ts'
const judge = 'server/payments/judge-page.test.ts'
const webhooks = 'server/payments/webhooks.test.ts'
const refunds = 'server/payments/send-refunds.test.ts'
const wire = 'server/providers/moyasar/wire.test.ts'
const settling = 'tests/guarantees/settling.test.ts'
const bookings = 'tests/guarantees/bookings.test.ts'
const faults = 'tests/guarantees/gateway-faults.test.ts'
const protocol = 'tests/guarantees/protocol/protocol.test.ts'
const found = 'tests/guarantees/protocol/found.test.ts'
const paying = 'tests/journeys/paying.test.ts'
const money = 'tests/journeys/money-security.test.ts'
const hostile = 'tests/journeys/webhook-security.test.ts'
const resilience = 'tests/journeys/resilience.browser.test.ts'

const everyFault: Failure['tests'][number] = [
  faults,
  'every fault at … is what the table says, within the deadline, with no connection held and memory bounded, and the truth is found afterwards',
]
const everyOrder: Failure['tests'][number] = [protocol, 'every promise is kept in every order of events: …']
const everyGuard: Failure['tests'][number] = [protocol, 'a protocol is caught that no longer …: …']

/** By id. A: requests that reach us · E: starting a payment · F: webhooks and the way back · G: settling, expiring, returning · I: the database · M: hostile hands · S: found by searching the protocol. */
export const failures: Record<string, Failure> = {
  A1: {
    wrong: 'A button is pressed twice',
    we: 'The request carries a key; the second one is given the first one’s answer and does nothing.',
    tests: [
      [idempotency, 'the same key gives the same answer again and says so; the work ran once'],
      [resilience, 'pressing twice, and pressing in two tabs, makes one booking'],
    ],
  },
  A2: {
    wrong: 'A key comes again with another request',
    we: 'Refused with 422; the work is not done.',
    tests: [[idempotency, 'the order of fields is not part of a request, their values are']],
  },
  A3: {
    wrong: 'A key comes again while its first request is still being worked on, or after the worker died',
    we: 'Told to wait; a lock that ran out is taken over by the same request only.',
    tests: [
      [idempotency, 'twenty requests with one key at once run the work once'],
      [idempotency, 'a key whose holder died is taken over when its lock ran out, by the same request only'],
    ],
  },
  A4: {
    wrong: 'Several people want one time at once',
    we: 'The exclusion constraint gives it to one; the others are offered the nearest free times.',
    tests: [
      ['tests/guarantees/claims.test.ts', '… connections on … contested times never double one, and no deadlock reaches anybody'],
      [resilience, 'a time that someone else took while the customer was typing offers the nearest free ones, one press away'],
    ],
  },
  A5: {
    wrong: 'The client hangs up in the middle',
    we: 'The work is finished and its answer kept under the key.',
    tests: [[idempotency, 'a client that hangs up does not undo its request: the answer is kept for when it asks again']],
  },
  A6: {
    wrong: 'The browser is closed or reloaded before the answer',
    we: 'The key was stored before the request was sent; the page asks again under it.',
    tests: [
      [resilience, 'when the answer to a booking is lost on the way, asking again finds the same booking'],
      [resilience, 'a reload at each step, and the back button from the gateway, lose nothing'],
    ],
  },
  A9: {
    wrong: 'A body is not JSON, far too large, nested without end, or full of fields nobody asked for',
    we: 'Refused for what it is before anything is done; nothing is bent to fit.',
    tests: [
      ['server/http/problem-answer.test.ts', 'a body that is not JSON we can read is refused for what it is'],
      ['server/http/validation.test.ts', 'nesting without end is refused and breaks nothing'],
      ['server/http/validation.test.ts', 'an unknown field is refused by name'],
      ['tests/journeys/bad-input.test.ts', 'thousands of bad requests are refused as the contract says, and nothing is lost'],
    ],
  },
  A10: {
    wrong: 'The price or the terms change between looking and paying, at the business or in the browser',
    we: 'The order keeps the price and the terms it was made with; what a browser sends is not asked.',
    tests: [
      ['tests/journeys/policies.test.ts', 'the order’s promise stands, whatever the business changes later'],
      [money, '59 an amount or a currency of the browser’s choosing is refused; the server’s price is what the page asks for'],
    ],
  },
  E1: {
    wrong: 'The gateway does not say how the creation of a page ended',
    we: 'The attempt is unknown, never failed; we ask after 2, 5, 15, 30 seconds and on, and whenever the customer does.',
    tests: [
      [paying, 'a gateway that does not answer is told as unknown within the deadline; the same key brings the page, once'],
      [start, 'an attempt whose outcome is unknown heals by itself, without the customer'],
      everyGuard,
    ],
  },
  E2: {
    wrong: 'Our process dies around the creation',
    we: 'The attempt was committed first; its lease runs out, and the same key or a sweep looks for the page.',
    tests: [[start, 'an attempt whose process died before the gateway answered is continued by the same key and by a sweep'], everyOrder],
  },
  E15: {
    wrong: 'The gateway’s name does not resolve, nobody listens there, or its certificate is not its own',
    we: 'Surely not sent: the customer is told so, and the same again may do.',
    tests: [
      [faults, 'every fault of the address, at every call, is what the table says and passes with it'],
      [start, 'a gateway that nobody answers at is surely not reached; another key starts afresh'],
    ],
  },
  E3: {
    wrong: 'The customer tries again after an unknown outcome',
    we: 'The page is looked for by our own id, which it carries, before another is made.',
    tests: [
      [start, 'a page that appears only after it was thought never made is found by the same key and not made twice'],
      [paying, 'a gateway that does not answer is told as unknown within the deadline; the same key brings the page, once'],
    ],
  },
  E4: { wrong: 'The gateway answers 5xx', we: 'It may have done the work: unknown, and asked about.', tests: [everyFault] },
  E5: {
    wrong: 'The gateway refuses the creation',
    we: 'The attempt failed, the customer is told, and the hold can still be paid.',
    tests: [[paying, 'a refusal and a wrong key are told apart, and the same hold can be paid afterwards']],
  },
  E6: { wrong: 'An answer is cut short', we: 'Unknown, and asked about.', tests: [everyFault] },
  E7: {
    wrong: 'An answer is a web page, empty or endless',
    we: 'Read up to a cap, believed by its schema alone: unknown.',
    tests: [everyFault],
  },
  E8: {
    wrong: 'An answer is about another payment, amount or currency',
    we: 'Nothing is confirmed; the attempt waits for a person.',
    tests: [
      [judge, 'what is not ours goes to a person'],
      [settle, 'a charge of another amount or currency confirms nothing'],
      [paying, 'a page of another amount confirms nothing and waits for a person'],
    ],
  },
  E9: {
    wrong: 'The gateway uses a status we have never seen',
    we: 'It decides nothing and is asked about again.',
    tests: [
      [judge, 'a word nobody knows decides nothing'],
      [wire, 'every documented status has its meaning, and any other has none'],
    ],
  },
  E10: {
    wrong: 'The gateway says too many requests',
    we: 'Surely not done: the client is told to come again.',
    tests: [everyFault, [paying, 'a refusal and a wrong key are told apart, and the same hold can be paid afterwards']],
  },
  E11: {
    wrong: 'Our key at the gateway is wrong or revoked',
    we: 'Told as our own trouble, and loud in the log.',
    tests: [[paying, 'a refusal and a wrong key are told apart, and the same hold can be paid afterwards']],
  },
  E12: {
    wrong: 'A test key in production',
    we: 'The server does not start.',
    tests: [
      [
        'tests/journeys/starting-in-production.test.ts',
        'production refuses simulators, the embedded PostgreSQL, a default secret and a test key, one sentence each',
      ],
    ],
  },
  E13: {
    wrong: 'Amounts are counted wrongly',
    we: 'Whole minor units with each currency’s own decimals; the parts of an amount are bounded by it.',
    tests: [
      ['server/foundation/money.test.ts', 'each currency has its own number of decimals'],
      ['server/foundation/money.test.ts', 'parts of an amount never exceed the whole'],
    ],
  },
  E14: {
    wrong: 'Two tabs pay for one booking',
    we: 'One open attempt for a booking, by an index; should both be paid all the same, the second goes back.',
    tests: [
      [settling, 'twenty tabs with a key each open one page at the gateway'],
      [start, 'tabs that retry a failed attempt and tabs with keys of their own still end on one page'],
      [settle, 'one page paid in two tabs: the first is applied, the second goes back'],
    ],
  },
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
    we: 'It waits for a person and is counted until one has looked.',
    tests: [[refunds, 'a refusal is for a person, and is seen']],
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
    tests: [everyOrder, [start, 'an attempt whose process died before the gateway answered is continued by the same key and by a sweep']],
  },
  I3: {
    wrong: 'The database is restarted or killed',
    we: 'Whoever asks meanwhile is told to come again; what runs recovers, and what was committed is there.',
    tests: [
      [
        'tests/journeys/starting.test.ts',
        'kill -9 of the server, of PostgreSQL or of both: what runs recovers, and the next start finds the data',
      ],
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
  M57: {
    wrong: 'A customer writes a card number into a note',
    we: 'Refused in plain words and kept nowhere; no field of ours asks for one.',
    tests: [
      [money, '57 a card number in any text of ours is refused in plain words and kept nowhere'],
      [money, '57 no field of the interface asks for a card'],
      ['server/foundation/card-number.test.ts', 'a card number is seen however it is written'],
    ],
  },
  M58: {
    wrong: 'A page that looks like ours takes the card',
    we: 'The whole page goes to the gateway’s own; ours may hold no frame and send no form elsewhere.',
    tests: [[money, '58 the customer goes to the gateway’s own page: no frame, no form to elsewhere, no script of the gateway in ours']],
  },
  M61: {
    wrong: 'A cheaper or another’s payment is shown for a booking',
    we: 'Money counts on our own page alone, whole and in its currency; a lesser amount there goes to a person.',
    tests: [
      [money, '61 a cheaper payment bound to my page by its browser key goes to a person, and confirms nothing'],
      [money, '61 another’s payment that is shown for mine moves nothing'],
      [settle, 'one charge cannot pay for two things'],
    ],
  },
  M62: {
    wrong: 'One request to pay is sent twenty times at once',
    we: 'One page at the gateway; the key is refused for anything else.',
    tests: [[money, '62 the same key twenty times at once is one page at the gateway; for another booking it is refused']],
  },
  M63: {
    wrong: 'A key, a secret, a code or a phone number ends in the bundle, the repository, an answer or the log',
    we: 'Searched for after a run at the loudest level with the gateway failing in six ways; none is there.',
    tests: [
      [money, '63 71 what proves, what pays and who it is are in no log line; keys are in no bundle, no file of the repository and no answer'],
      [hostile, '71 what is kept of an event has no secret, no holder and no token'],
    ],
  },
  M64: {
    wrong: 'Money is asked back ten times at once',
    we: 'It goes back once; what was owed before is summed under a lock.',
    tests: [
      [money, '64 cancelled ten times at once, the money goes back once'],
      [money, '64 more than was paid is never owed back, not even by two at once'],
    ],
  },
  M65: {
    wrong: 'An address of ours is made to send people elsewhere',
    we: 'Nothing we answer leads to another host; where the gateway sends back to is ours by our own settings.',
    tests: [[money, '65 nobody is sent to an address of another: not by next, not by slashes, not by a forged host']],
  },
  M66: {
    wrong: 'The webhook’s secret is guessed',
    we: 'Every guess is refused alike, in the same time, and leaves no row.',
    tests: [
      [hostile, '66 a secret that is missing, short, long, almost right or of another type is turned away alike and leaves nothing'],
      [hostile, '66 an almost right secret takes no longer to refuse than a wrong one'],
    ],
  },
  M68: {
    wrong: 'One event comes a hundred times at once',
    we: 'Each is answered 200; one row, one effect.',
    tests: [[hostile, '68 the same event a hundred times at once is kept once, answered 200 each time, and has one effect']],
  },
  M69: {
    wrong: 'A webhook is ten megabytes, nested without end, of another kind or a GET',
    we: '413, 400, 415, 405, and no row.',
    tests: [[hostile, '69 too much, too deep, of another kind or asked for: each has its refusal']],
  },
  M70: {
    wrong: 'A thousand forged events a second, under a secret that leaked',
    we: 'At most one question a second about one payment, and customers are served meanwhile.',
    tests: [[hostile, '70 a thousand forged events under a leaked secret cost a few questions, and customers are served meanwhile']],
  },
  M72: {
    wrong: 'A webhook seems to come from the gateway’s own address',
    we: 'Where it comes from counts for nothing.',
    tests: [[hostile, '72 nothing rests on where a webhook seems to come from']],
  },
  S1: {
    wrong: 'A second page of one attempt appears while the first is adopted',
    we: 'Without money it concerns nobody and is closed; with money it waits for a person.',
    tests: [
      [found, 'a page that another caller adopted while ours was made is gone on with; ours is closed and nobody is called'],
      [judge, 'a second page of one attempt on which nobody pays concerns nobody'],
    ],
  },
  S2: {
    wrong: 'A webhook tells of late money, and the gateway is silent just then, more than once',
    we: 'We ask again every minute until we are answered.',
    tests: [[found, 'money that a webhook tells of after the last planned question is found, however often the gateway is silent then']],
  },
  S3: {
    wrong: 'A worker stands still until its lease is gone, wakes up, and sends the refund another one is sending',
    we: 'A refund is marked as sent only if it stands exactly as it was read before its charge was looked at.',
    tests: [[found, 'a worker that stood still until its lease was gone does not send a refund that another one is sending']],
  },
  S4: {
    wrong: 'A hold runs out after its first card was refused and its second accepted',
    we: 'Before time is freed, every page that may still have been paid is asked about, not only the open attempt’s.',
    tests: [[found, 'a hold is not freed before the gateway was asked about a page on which only the first card failed']],
  },
}

/** docs/reference/failures.md */
export function failuresPage(made: string): string {
  const rows = Object.entries(failures).map(([id, { wrong, we, tests }]) => {
    const proofs = tests.map(([file, name]) => `[${name.replaceAll('|', '\\|')}](../../${file})`)
    return `| ${id} | ${wrong} | ${we} | ${proofs.join('<br>')} |`
  })
  return `# What goes wrong with money, and what we do

A: requests that reach us · E: starting a payment · F: webhooks and the way back · G: settling, expiring, returning ·
I: the database · M: hostile hands · S: found by [searching the protocol](../../tests/guarantees/protocol/README.md). Only what is tested is
listed. ${made}

| | what goes wrong | what we do | tests |
|---|---|---|---|
${rows.join('\n')}
`
}
