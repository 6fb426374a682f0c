import type { GatewayCharge } from './gateway.ts'
import type { DifferenceKind } from './difference-kinds.ts'

/** What we believe of one charge: of the payment it paid, if it paid one, and of what went back of it. */
export interface OursOfCharge {
  /** Null: known only by the refunds that return it. */
  paid: { amountMinor: number; currency: string } | null
  refundedMinor: number
  /** Of what is owed and whose outcome is open: it may or may not be in the gateway's total yet. */
  refundOpenMinor: number
}

export interface ChargeDifference {
  kind: Extract<DifferenceKind, 'paid_here_not_there' | 'amount_differs' | 'refund_differs'>
  oursMinor: number
  theirsMinor: number
}

/** Whether a charge is, or was, money: everything else on a list is an attempt of a card. */
export function wasMoney({ status }: GatewayCharge): boolean {
  return status === 'paid' || status === 'refunded' || status === 'voided'
}

/** How much of it is back with the payer. */
export function returnedOf({ status, amount, refundedMinor }: GatewayCharge): number {
  return status === 'voided' ? amount.amountMinor : refundedMinor
}

/** How the gateway's word on a charge differs from ours; null: it does not, or not in a way that will not pass by itself. Pure. */
export function compareCharge({ paid, refundedMinor, refundOpenMinor }: OursOfCharge, charge: GatewayCharge): ChargeDifference | null {
  const theirs = charge.amount
  if (paid) {
    if (!wasMoney(charge)) return { kind: 'paid_here_not_there', oursMinor: paid.amountMinor, theirsMinor: 0 }
    if (paid.amountMinor !== theirs.amountMinor || paid.currency !== theirs.currency)
      return { kind: 'amount_differs', oursMinor: paid.amountMinor, theirsMinor: theirs.amountMinor }
  }
  const returned = returnedOf(charge)
  if (returned >= refundedMinor && returned <= refundedMinor + refundOpenMinor) return null
  return { kind: 'refund_differs', oursMinor: refundedMinor, theirsMinor: returned }
}
