/*
 * due ──► sent ──► refunded
 *  ▲ ▲     │ │
 *  │ └─────┘ └──► unknown ──► refunded       looked up before anything is repeated
 *  │                 │  └──► sent            surely not done: sent again
 *  └── failed ◄──────┘                       a person; who may make it due again
 */
export const refundStates = ['due', 'sent', 'unknown', 'refunded', 'failed'] as const
export type RefundState = (typeof refundStates)[number]

/** Every step a refund may take; a state missing here does not compile. */
export const allowedRefundSteps = {
  due: ['sent', 'refunded', 'failed'],
  sent: ['due', 'unknown', 'refunded', 'failed'],
  unknown: ['sent', 'refunded', 'failed'],
  refunded: [],
  failed: ['due'],
} as const satisfies Record<RefundState, readonly RefundState[]>

/** What a refund in this state says of its payment to the customer. */
export const refundWords = {
  due: 'refund_due',
  sent: 'refund_due',
  unknown: 'refund_due',
  refunded: 'refunded',
  failed: 'refund_failed',
} as const satisfies Record<RefundState, 'refund_due' | 'refunded' | 'refund_failed'>

export function mayStepRefund(from: RefundState, to: RefundState): boolean {
  return (allowedRefundSteps[from] as readonly RefundState[]).includes(to)
}
