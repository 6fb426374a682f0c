import type { Failure } from './proofs.ts'

const pumping = 'tests/guarantees/pumping.test.ts'
const codes = 'tests/guarantees/codes.test.ts'
const traces = 'tests/journeys/traces.test.ts'
const planted = 'tests/journeys/planted-words.test.ts'

/** O: codes nobody wants, asked for to make us pay; and what is written down about all of it. */
export const pumpingCodes: Record<string, Failure> = {
  O18: {
    wrong: 'One address asks for codes to a thousand numbers in a row',
    we: 'Ten in an hour, and from the fourth unused one on only against work of its browser.',
    tests: [
      [pumping, '1000 requests for numbers in a row from one address send no more than ten texts, with riddles solved or not'],
      [pumping, 'without the count of an address the same requests send a text each'],
    ],
  },
  O19: {
    wrong: 'Hundreds of addresses ask for codes to one range of numbers, whose carrier shares in the price',
    we: 'After 50 codes in 15 minutes of which fewer than a fifth are used the range gets none, an alarm rings, and it opens again by itself.',
    tests: [
      [
        pumping,
        '500 addresses and one range of numbers: after 50 codes nobody uses it gets no more, the alarm is on, others are served, and it ends by itself',
      ],
      [pumping, 'a range whose codes are used is not stopped'],
      [pumping, 'without the look at its codes a range is sent texts without end'],
    ],
  },
  O20: {
    wrong: 'A code is asked for to a country we serve nobody in',
    we: 'Only countries on the list get codes.',
    tests: [[pumping, 'a number of a country that is not on the list gets no text']],
  },
  O21: {
    wrong: 'A code is asked for to a premium, landline, internet or satellite number',
    we: 'Only what the numbering plan says is a mobile number is one to us.',
    tests: [[pumping, 'premium, landline, internet, satellite and wrongly long numbers are none a code is sent to']],
  },
  O22: {
    wrong: 'All of it passes every other limit and runs up the bill',
    we: 'A day’s money is capped in all and by country; then sending stops loudly, and who is signed in goes on.',
    tests: [
      [pumping, 'once a day’s money is spent sending stops for all, loudly, and those who are signed in go on'],
      [pumping, 'one country’s money does not stop another’s codes, and what was surely not sent costs nothing'],
      [pumping, 'without the cap money is spent without end'],
    ],
  },
  O23: {
    wrong: 'A program asks from a fresh address, again and again',
    we: 'After three unused codes its browser must solve a riddle for each; a solution is good once. A customer sees nothing of it.',
    tests: [
      [pumping, 'a fresh address that asks three times quickly is set a riddle, goes on once it is solved, and a solution is good once'],
      [pumping, 'one proof presented 20 times at once carries one code'],
      [pumping, 'without the mark that a proof is used it carries many codes'],
      [
        'tests/journeys/riddle.browser.test.ts',
        'a customer at an address that is doubted signs in all the same: her browser solves the riddle and she sees nothing of it',
      ],
    ],
  },
  O24: {
    wrong: 'All processes are restarted, or a window ends, while codes are being asked for',
    we: 'Limits are rows in PostgreSQL, and their windows slide: there is no edge at which twice as much passes.',
    tests: [
      [pumping, 'limits hold in a process that was just started, and in two at once'],
      [pumping, 'a window slides: at no edge does twice as much pass, and an hour later all of it does'],
    ],
  },
  O25: {
    wrong: 'A client writes addresses of its own into X-Forwarded-For',
    we: 'Only what our own proxies saw counts.',
    tests: [[pumping, 'an address a client writes into a header is believed from our own proxy alone']],
  },
  O26: {
    wrong: 'A hundred honest people share one address, and would be locked out',
    we: 'What an address may ask for grows with the numbers that signed in from it.',
    tests: [
      [pumping, 'a hundred people behind one address who use their codes are served, all of them, without a riddle'],
      [pumping, 'without regard to the codes that were used the same hundred people are turned away'],
    ],
  },
  O27: {
    wrong: 'A stranger uses up a number’s tries or codes, so that its owner cannot sign in',
    we: 'Tries and codes are counted by number and address; in all there is a hard limit of a hundred tries a day.',
    tests: [
      [codes, 'a stranger’s wrong guesses at another address do not lock the owner of the number out, and in all there are 100'],
      [codes, 'an address asks for half of a number’s codes at most, so that the owner of the number has some left'],
    ],
  },
  O28: {
    wrong: 'A vendor repeats in its error everything it was sent, and somebody keeps it',
    we: 'Numbers, codes, mails, cards, keys and tokens are cut from words of others before they reach a log line or a row.',
    tests: [
      [
        planted,
        'of a whole run with vendors that repeat all they are sent, and adapters that keep it, no phone, code, mail, card, token or secret is in any log, figure, trace or column that has no business with it',
      ],
      [planted, 'without the cut the same run leaves them in the log and in the rows'],
    ],
  },
  O29: {
    wrong: 'Nobody can tell which request, days ago and in another process, a message belongs to',
    we: 'One trace id stands on the booking, the payment, the refund and the message, goes with every call to a vendor, and is in every log line.',
    tests: [
      [traces, 'one trace id joins the request, the gateway, the webhook and the message, though the process is killed in between'],
      [traces, 'a traceparent that is not one to the letter begins a new trace, and no request is refused for it'],
      [traces, 'a collector that is down costs nobody anything, and what is lost is counted'],
    ],
  },
}
