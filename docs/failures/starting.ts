import {
  idempotency,
  start,
  settle,
  judge,
  wire,
  settling,
  faults,
  paying,
  money,
  resilience,
  everyFault,
  everyOrder,
  everyGuard,
  type Failure,
} from './proofs.ts'

/** A: requests that reach us · E: starting a payment. */
export const starting: Record<string, Failure> = {
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
  A7: {
    wrong: 'Clients and proxies try again and again, all at once',
    we: 'Whoever is turned away is told when to come again; a repeat carries its key, so a storm does its work once; what costs money has limits that hold at once.',
    tests: [
      ['server/http/problem-answer.test.ts', 'a database that is away is told as busy, with when to come again'],
      [idempotency, 'twenty requests with one key at once run the work once'],
      [
        'tests/guarantees/codes.test.ts',
        '30 requests at once from one address send as many texts as the limit says; the same /64 is one address',
      ],
      ['server/external-calls/end-of-round.test.ts', 'those that failed together come back apart'],
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
  E15: {
    wrong: 'The gateway’s name does not resolve, nobody listens there, or its certificate is not its own',
    we: 'Surely not sent: the customer is told so, and the same again may do.',
    tests: [
      [faults, 'every fault of the address, at every call, is what the table says and passes with it'],
      [start, 'a gateway that nobody answers at is surely not reached; another key starts afresh'],
    ],
  },
}
