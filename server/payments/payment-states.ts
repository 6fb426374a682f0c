/*
 * intent ──► redirected ──► paid          a page at the gateway; the customer was sent there
 *   │ ▲        │    ▲ │
 *   │ │        ▼    │ ├──► failed ──► paid (a card that was refused first and accepted later)
 *   │ └────── unknown │     │ ▲
 *   │ └───────────────│─────┘ │      a failed attempt that never reached the gateway may be tried again
 *   │                 └──► expired ──► paid (3-D Secure that ended after the page's time)
 *   └──► failed | expired | integrity_failure (a person) ──► paid | failed | expired, by the operator alone
 */
export const paymentStates = ['intent', 'redirected', 'unknown', 'paid', 'failed', 'expired', 'integrity_failure'] as const
export type PaymentState = (typeof paymentStates)[number]

/** Every step an attempt may take; a state missing here does not compile. `failed` and `expired` are not ends: money that comes later wins. */
export const allowedSteps = {
  intent: ['redirected', 'unknown', 'paid', 'failed', 'expired', 'integrity_failure'],
  redirected: ['unknown', 'paid', 'failed', 'expired', 'integrity_failure'],
  unknown: ['intent', 'redirected', 'paid', 'failed', 'expired', 'integrity_failure'],
  paid: [],
  failed: ['intent', 'paid', 'integrity_failure'],
  expired: ['paid', 'integrity_failure'],
  integrity_failure: ['paid', 'failed', 'expired'],
} as const satisfies Record<PaymentState, readonly PaymentState[]>

/** Whether the payable has this attempt under way; the index payment_one_open holds the same states. */
export const isOpen = {
  intent: true,
  redirected: true,
  unknown: true,
  paid: false,
  failed: false,
  expired: false,
  integrity_failure: false,
} as const satisfies Record<PaymentState, boolean>

/** What becomes of money that was taken: every paid attempt has one. */
export const dispositions = ['applied', 'applied_late', 'refund_due'] as const
export type Disposition = (typeof dispositions)[number]

export function mayStep(from: PaymentState, to: PaymentState): boolean {
  return (allowedSteps[from] as readonly PaymentState[]).includes(to)
}
