/** What keeps the money safe, each with the place in `server/` where the real one stands. */
export type Guard =
  // start-payment.ts, insertIntent
  | 'writes the intent before it calls'
  // start-payment.ts, recordFailure
  | 'takes a silence for unknown'
  // start-payment.ts, tryAgain
  | 'looks for a page before it makes another'
  // start-payment.ts, retake
  | 'lets one caller at a time create'
  // start-payment.ts, findByKey; the index payment_client_key
  | 'looks the key up'
  // webhooks.ts
  | 'asks before it believes a webhook'
  // conclude.ts, unansweredSeconds
  | 'asks until it is answered'
  // payment-sweeps.ts, settle-payments
  | 'asks without being told'
  // payment-states.ts, failed and expired lead to paid
  | 'lets later money win'
  // judge-page.ts, differenceOf
  | 'compares amounts'
  // judge-page.ts, isSpare
  | 'leaves a spare page alone'
  // conclude.ts, decide; confirm.ts, whenPaid
  | 'decides on what stands under the lock'
  // confirm.ts, reclaimExpired
  | 'takes the time again before it confirms'
  // confirm.ts, reclaimExpired
  | 'returns money whose time is gone'
  // confirm.ts, whenPaid
  | 'returns money that comes after a cancellation'
  // booking-states.ts
  | 'leaves a cancelled booking cancelled'
  // confirm.ts, whenPaid
  | 'returns a second payment'
  // conclude.ts, returnExtras
  | 'returns a second card'
  // refund.ts, oweRefund
  | 'owes one charge once'
  // expire-holds.ts, expireHold
  | 'asks before it frees'
  // settle.ts, settleOpen
  | 'asks about every page before it frees'
  // send-refunds.ts, markSent
  | 'marks a refund sent before it sends'
  // send-refunds.ts, isThere
  | 'looks before it repeats a refund'
  // send-refunds.ts, settlingMs
  | 'gives a refund time to arrive'
  // send-refunds.ts, recordFailure
  | 'takes a silent refund for unknown'
  // send-refunds.ts, markSent
  | 'sends a refund only as it was read'
