import { cancelBooking, cancelForBusiness, giveBack, hold, moveBooking, noShow, sweepFinished, sweepLapsed } from './booking-commands.ts'
import type { Command } from './command.ts'
import { hour, minute, second } from './model.ts'
import { comeBack, startPaying, sweepMessages, sweepPayments, sweepRefunds } from './money-commands.ts'
import { adopt, compareLists, giveUpRefund, retryRefund, sendBack, settleByHand } from './person-commands.ts'
import {
  breakGateway,
  breakMessages,
  closePage,
  deliverWebhook,
  payByPhone,
  repairVendors,
  returnByHand,
  sweepHints,
  useCard,
  wait,
} from './vendor-commands.ts'

/** Ways through the house on which every step of every table of states is taken at least once, whatever chance does elsewhere. */
export interface Tour {
  name: string
  refusedCardFailsPage?: boolean
  commands: Command[]
}

const far = 30 * hour
const court = () => hold('Noura', 'court', far)
const paid = () => useCard(0, 'good', 'approve')
const held = () => [court(), startPaying(0)]
/** A booking that was paid for. */
const confirmed = () => [...held(), paid(), comeBack(0)]
/** An attempt whose page we know and whose state we do not. */
const unclear = () => [...held(), breakGateway('get-invoice', 'unknown-status'), comeBack(0), repairVendors()]
/** Paid, but by an answer that lied about the amount. */
const differing = () => [...held(), paid(), breakGateway('get-invoice', 'wrong-amount'), comeBack(0), repairVendors()]
/** Money is owed back. */
/** Later than a charge is tried to be voided. */
const owing = () => [...confirmed(), wait(121 * minute), cancelBooking(0)]
const owingAtOnce = () => [...confirmed(), cancelBooking(0)]
const half = () => returnByHand(0)
const whole = () => returnByHand(1)
const fiveMinutes = () => wait(5 * minute)

export const tours: Tour[] = [
  {
    name: 'paid, moved, over, and nobody came',
    commands: [...confirmed(), moveBooking(0, 2 * hour), wait(190 * minute), sweepFinished(), noShow(0)],
  },
  { name: 'nobody came to what cost nothing', commands: [hold('Fahd', 'taster', 2 * hour), wait(130 * minute), noShow(0)] },
  {
    name: 'cancelled before it was paid for',
    commands: [...held(), cancelBooking(0), paid(), fiveMinutes(), sweepPayments(), sweepRefunds()],
  },
  {
    name: 'paid by phone when page and hold were over',
    commands: [...held(), wait(16 * minute), sweepPayments(), sweepLapsed(), payByPhone(0), fiveMinutes(), sweepPayments()],
  },
  {
    name: 'paid too late: somebody else has the time',
    commands: [
      ...held(),
      wait(16 * minute),
      hold('Fahd', 'lesson', far),
      startPaying(0),
      payByPhone(0),
      fiveMinutes(),
      sweepPayments(),
      sweepRefunds(),
    ],
  },
  { name: 'cancelled after it was paid for', commands: [...owingAtOnce(), sweepRefunds(), sweepMessages()] },
  {
    name: 'the answer to the first question is lost, a sweep finds the page',
    commands: [court(), breakGateway('create-invoice', 'after-work'), startPaying(0), repairVendors(), wait(5 * second), sweepPayments()],
  },
  {
    name: 'the answer is lost, the customer asks again',
    commands: [court(), breakGateway('create-invoice', 'truncated'), startPaying(0), repairVendors(), startPaying(0), paid(), comeBack(0)],
  },
  {
    name: 'refused, then tried again',
    commands: [court(), breakGateway('create-invoice', 'refuse'), startPaying(0), repairVendors(), startPaying(0)],
  },
  {
    name: 'never reached the gateway',
    commands: [court(), breakGateway('create-invoice', 'before-work'), startPaying(0), wait(65 * second), repairVendors(), sweepPayments()],
  },
  {
    name: 'another amount than asked for, and the page is closed',
    commands: [court(), breakGateway('create-invoice', 'wrong-amount'), startPaying(0), repairVendors(), closePage(0), settleByHand(0)],
  },
  {
    name: 'another amount than asked for, and time runs out',
    commands: [
      court(),
      breakGateway('create-invoice', 'wrong-amount'),
      startPaying(0),
      repairVendors(),
      wait(11 * minute),
      settleByHand(0),
    ],
  },
  {
    name: 'another amount than asked for, and then it is paid',
    commands: [court(), breakGateway('create-invoice', 'wrong-id'), startPaying(0), repairVendors(), paid(), settleByHand(0)],
  },
  { name: 'settled by hand, and then adopted too: it pays once', commands: [...differing(), settleByHand(0), adopt(0)] },
  {
    name: 'sent back by hand: what goes back pays nothing',
    commands: [...differing(), sendBack(0), fiveMinutes(), sweepPayments(), compareLists(), sweepRefunds()],
  },
  { name: 'adopted by hand', commands: [...differing(), adopt(0)] },
  { name: 'a word nobody knows, then paid', commands: [...unclear(), paid(), comeBack(0)] },
  { name: 'a word nobody knows, then too late', commands: [...unclear(), wait(11 * minute), comeBack(0)] },
  {
    name: 'a word nobody knows, then another amount',
    commands: [...unclear(), breakGateway('get-invoice', 'wrong-amount'), wait(5 * second), comeBack(0)],
  },
  { name: 'a word nobody knows, paid, and asked for again by the customer', commands: [...unclear(), paid(), startPaying(0)] },
  { name: 'a word nobody knows, over, and asked for again by the customer', commands: [...unclear(), wait(11 * minute), startPaying(0)] },
  {
    name: 'a refused card ends the page, another card pays',
    refusedCardFailsPage: true,
    commands: [...held(), useCard(0, 'refused', 'approve'), comeBack(0), paid(), fiveMinutes(), sweepPayments()],
  },
  {
    name: 'a refused card ends the page, and the next answer differs',
    refusedCardFailsPage: true,
    commands: [
      ...held(),
      useCard(0, 'refused at once', 'leave'),
      comeBack(0),
      breakGateway('get-invoice', 'wrong-amount'),
      fiveMinutes(),
      sweepPayments(),
    ],
  },
  {
    name: 'over, and the next answer differs',
    commands: [...held(), wait(11 * minute), comeBack(0), breakGateway('get-invoice', 'wrong-amount'), fiveMinutes(), sweepPayments()],
  },
  {
    name: 'paid twice by two cards',
    commands: [
      ...held(),
      useCard(0, 'good', 'leave'),
      useCard(0, 'good at once', 'leave'),
      comeBack(0),
      useCard(0, 'good', 'leave'),
      wait(10 * second),
      compareLists(),
      sweepRefunds(),
    ],
  },
  { name: 'too late to void', commands: [...confirmed(), wait(46 * minute), cancelBooking(0), sweepRefunds()] },
  {
    name: 'voided and nobody told us',
    commands: [...owingAtOnce(), breakGateway('void', 'after-work'), sweepRefunds(), repairVendors(), wait(5 * second), sweepRefunds()],
  },
  {
    name: 'neither yes nor no to a void, twice',
    commands: [
      ...owingAtOnce(),
      breakGateway('void', 'hang'),
      sweepRefunds(),
      wait(65 * second),
      sweepRefunds(),
      wait(150 * second),
      sweepRefunds(),
    ],
  },
  { name: 'the whole was returned by hand before we did', commands: [...owing(), whole(), sweepRefunds()] },
  {
    name: 'half was returned by hand before we did',
    commands: [...owing(), half(), sweepRefunds(), retryRefund(0), sweepRefunds(), giveUpRefund(0)],
  },
  { name: 'the gateway is too busy to return money', commands: [...owing(), breakGateway('refund', 'http-429'), sweepRefunds()] },
  { name: 'the gateway refuses to return money', commands: [...owing(), breakGateway('refund', 'refuse'), sweepRefunds()] },
  {
    name: 'money went back and nobody told us',
    commands: [...owing(), breakGateway('refund', 'after-work'), sweepRefunds(), repairVendors(), wait(5 * second), sweepRefunds()],
  },
  {
    name: 'money did not go back and nobody told us',
    commands: [...owing(), breakGateway('refund', 'hang'), sweepRefunds(), repairVendors(), wait(65 * second), sweepRefunds()],
  },
  {
    name: 'it did not go back, and half went by hand',
    commands: [
      ...owing(),
      breakGateway('refund', 'before-work'),
      sweepRefunds(),
      repairVendors(),
      half(),
      wait(65 * second),
      sweepRefunds(),
    ],
  },
  {
    name: 'the business gives back a part, then cancels',
    commands: [...confirmed(), giveBack(0, 2_000), sweepRefunds(), cancelForBusiness(0), sweepRefunds()],
  },
  {
    name: 'a webhook that is quicker than our own answer',
    commands: [
      court(),
      breakGateway('create-invoice', 'after-work'),
      startPaying(0),
      paid(),
      deliverWebhook(0, 'as it came'),
      repairVendors(),
      wait(5 * second),
      sweepPayments(),
      sweepHints(),
    ],
  },
  {
    name: 'forged, invented and doubled webhooks',
    commands: [...held(), deliverWebhook(7, 'forged'), deliverWebhook(7, 'invented'), paid(), deliverWebhook(0, 'twice')],
  },
  {
    name: 'messages that fail, pass over and come again',
    commands: [
      hold('Fahd', 'taster', far),
      breakMessages('http-429'),
      sweepMessages(),
      repairVendors(),
      wait(11 * second),
      sweepMessages(),
    ],
  },
]
