/** Where the gateway's word and ours may differ, and what a person may do about each; a kind missing here does not compile. */
export const differenceKinds = [
  // Money at the gateway that no payment of ours, or none that we could match, is about.
  'paid_unknown_to_us',
  // We say paid; the gateway has no such money.
  'paid_here_not_there',
  'amount_differs',
  // The total returned is not what our refunds say.
  'refund_differs',
  // Two pages of one attempt were both paid.
  'second_page_paid',
  // The gateway refused to return money.
  'refund_failed',
  // The gateway's answer is not what was asked for.
  'integrity_failure',
  // The payer's bank took the money back: nothing of ours undoes that, and no visit that was had is cancelled for it.
  'chargeback',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

export type DifferenceAct = 'adopt' | 'refund' | 'write_off'

/** adopt: theirs becomes ours. refund: the money goes back (again). write_off: it is left as it is, for a reason. */
export const allowedActs = {
  paid_unknown_to_us: ['adopt', 'refund', 'write_off'],
  paid_here_not_there: ['write_off'],
  amount_differs: ['write_off'],
  refund_differs: ['adopt', 'refund', 'write_off'],
  second_page_paid: ['adopt', 'refund', 'write_off'],
  refund_failed: ['refund', 'write_off'],
  integrity_failure: ['adopt', 'refund', 'write_off'],
  chargeback: ['write_off'],
} as const satisfies Record<DifferenceKind, readonly DifferenceAct[]>

export const resolutions = ['repaired', 'adopted', 'refunded', 'written_off'] as const
export type Resolution = (typeof resolutions)[number]
