import type { SwitchTable, Switches } from '../switches.ts'
import { openSwitches } from '../switches.ts'

const onOff = [false, true] as const

/** What is open about Moyasar. Where the truth is unknown, the nastier answer is the one to start with. */
export const moyasarSwitches = {
  successUrlDecoration: {
    values: ['none', 'status', 'status+invoice'],
    initial: 'none',
    certainty: 'D',
    meaning: 'What is added to success_url: nothing, id+status+message, or those and invoice_id.',
  },
  invoiceAfterRefusedCard: {
    values: ['initiated', 'failed'],
    initial: 'initiated',
    certainty: 'D',
    meaning: 'Status of an invoice after a refused card.',
  },
  lateApproval: {
    values: ['accept', 'refuse'],
    initial: 'accept',
    certainty: 'D',
    meaning: 'Whether a 3-D Secure page left open can still be approved after its invoice expired or was cancelled.',
  },
  secondPayment: {
    values: ['allow', 'refuse'],
    initial: 'allow',
    certainty: 'D',
    meaning: 'Whether an attempt already open in another tab can pay an invoice that was paid meanwhile (a double charge).',
  },
  challengeMinutes: {
    values: 'whole number',
    initial: 15,
    certainty: 'X',
    meaning: 'How long a 3-D Secure page stays open (10 in old data, over 15 in newer pages).',
  },
  challenge: {
    values: ['card decides', 'never'],
    initial: 'card decides',
    certainty: 'D',
    meaning: 'Whether cards go through the 3-D Secure page; "never" pays or refuses at once.',
  },
  authenticationAttempted: {
    values: ['failed', 'paid'],
    initial: 'failed',
    certainty: 'D',
    meaning: 'Outcome of the test card whose authentication is "attempted, not available" (ECI 06).',
  },
  unlistedCard: {
    values: ['fails', 'pays'],
    initial: 'fails',
    certainty: 'X',
    meaning: 'Outcome of a card number that is not in the list of test cards.',
  },
  invoiceMetadataOnPayment: {
    values: onOff,
    initial: false,
    certainty: 'D',
    meaning: 'Whether a payment made on the hosted page carries its invoice’s metadata.',
  },
  paymentAfterPartialRefund: {
    values: ['refunded', 'paid'],
    initial: 'refunded',
    certainty: 'D',
    meaning: 'Status of a payment after a part of it went back.',
  },
  secondPartialRefund: {
    values: ['accept', 'refuse'],
    initial: 'accept',
    certainty: 'D',
    meaning: 'Whether a payment that already reads refunded can give back more, up to its amount.',
  },
  invoiceAfterFullRefund: {
    values: ['refunded', 'paid'],
    initial: 'refunded',
    certainty: 'D',
    meaning: 'Status of an invoice once its whole payment went back.',
  },
  invoiceAfterPartialRefund: {
    values: ['paid', 'refunded'],
    initial: 'paid',
    certainty: 'D',
    meaning: 'Status of an invoice once a part of its payment went back.',
  },
  cancelPaidInvoice: {
    values: ['allow', 'refuse'],
    initial: 'allow',
    certainty: 'D',
    meaning: 'Whether an invoice that was paid can be cancelled: it then reads canceled and its payment stays paid.',
  },
  invoiceRows: {
    values: ['whole', 'without payments'],
    initial: 'whole',
    certainty: 'C',
    meaning: 'Whether the rows of a list of invoices carry their payments (they did not in old data).',
  },
  couponPercent: {
    values: 'whole number',
    initial: 0,
    certainty: 'A',
    meaning:
      'A coupon of the account takes this much off what a card is charged, unless the payment says apply_coupon: false; 0 = no coupon.',
  },
  couponOnInvoices: {
    values: [true, false],
    initial: true,
    certainty: 'D',
    meaning: 'Whether such a coupon also lowers what is paid on the page of an invoice, which has no way to decline it.',
  },
  madaCaptureDays: {
    values: 'whole number',
    initial: 7,
    certainty: 'X',
    meaning: 'How long an authorised mada payment can be captured (7 days in old pages, 14 in new ones).',
  },
  voidWindowMinutes: {
    values: 'whole number',
    initial: 120,
    certainty: 'X',
    meaning: 'How long a paid payment can be voided; 0 = only an authorised one.',
  },
  putPaymentAnswer: {
    values: ['body', 'empty'],
    initial: 'body',
    certainty: 'C',
    meaning: 'Whether updating a payment answers with it or with an empty body.',
  },
  notFoundType: {
    values: ['record_not_found', 'api_error'],
    initial: 'record_not_found',
    certainty: 'A',
    meaning: 'Type of a 404 (api_error in old data).',
  },
  validationType: {
    values: ['validation_error', 'invalid_request_error'],
    initial: 'validation_error',
    certainty: 'X',
    meaning: 'Type of a 400 about a field.',
  },
  givenIdReuse: {
    values: ['refuse', 'replay'],
    initial: 'refuse',
    certainty: 'X',
    meaning: 'A given_id used before: 400 used_given_id, or the first payment again.',
  },
  retryEventId: {
    values: ['same', 'new'],
    initial: 'same',
    certainty: 'D',
    meaning: 'Whether a repeated webhook keeps the id of its event.',
  },
  webhookLiveFlag: {
    values: ['right', 'flipped'],
    initial: 'right',
    certainty: 'B',
    meaning: 'Whether the live flag of a webhook tells the truth.',
  },
  failedEventName: {
    values: ['payment_failed', 'payment_faild'],
    initial: 'payment_failed',
    certainty: 'X',
    meaning: 'Spelling of the failed event (the dashboard guide has the second).',
  },
  webhookBeforeAnswer: {
    values: onOff,
    initial: false,
    certainty: 'D',
    meaning: 'Whether the webhook arrives before the call or the page that caused it answers.',
  },
  webhookVerification: {
    values: onOff,
    initial: false,
    certainty: 'C',
    meaning: 'Whether an endpoint made by API hears nothing until it returned the code it was sent.',
  },
  webhookHttpsOnly: {
    values: onOff,
    initial: false,
    certainty: 'B',
    meaning: 'Whether webhook addresses must be https (so with Moyasar; off here, where all is on one machine).',
  },
  liveAccountActive: {
    values: onOff,
    initial: false,
    certainty: 'B',
    meaning: 'Whether live keys work; off, they answer 405 account_inactive_error.',
  },
  edgeWantsUserAgent: {
    values: onOff,
    initial: true,
    certainty: 'A',
    meaning: 'A call that names no client, or Python’s urllib, gets 403 with an HTML body (only the second was seen).',
  },
  madaFeeBasisPoints: { values: 'whole number', initial: 100, certainty: 'C', meaning: 'mada fee, in hundredths of a percent.' },
  cardFeeBasisPoints: { values: 'whole number', initial: 250, certainty: 'C', meaning: 'Fee of other cards, in hundredths of a percent.' },
  fixedFeeMinor: { values: 'whole number', initial: 100, certainty: 'C', meaning: 'Fixed part of the fee, in halalas.' },
  vatPercent: { values: 'whole number', initial: 15, certainty: 'C', meaning: 'VAT on the fee.' },
} as const satisfies SwitchTable

export type MoyasarSwitches = Switches<typeof moyasarSwitches>

export function openMoyasarSwitches(): MoyasarSwitches {
  return openSwitches(moyasarSwitches)
}
