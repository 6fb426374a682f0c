import { settle, money, hostile, type Failure } from './proofs.ts'

/** M: what hostile hands try. */
export const hostileHands: Record<string, Failure> = {
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
      [
        money,
        '63 71 what proves, what pays and who it is are in no log line; keys are in no bundle, no file of the repository and no answer',
      ],
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
}
