import type { GatewayCharge } from './gateway.ts'
import type { RefundRow, RefundWay } from './refund-queries.ts'

/** Gateways settle after hours: later than this, undoing a charge is not even tried. */
const voidableMs = 2 * 60 * 60_000
/** A gateway that answers neither yes nor no to that is not asked more often: the sum is returned instead. */
const mostVoids = 2

/**
 * How a refund goes next. A whole charge of a moment ago, of just what we asked for, is voided, which costs nobody anything;
 * the gateway says itself when it is too late. A part, or what once was too late, is refunded. Both are safe to try after
 * the other: each takes only what is still there whole.
 */
export function wayOf(
  {
    way,
    attempts,
    amountMinor,
    paymentCreatedAt,
    paymentMinor,
    now,
  }: Pick<RefundRow, 'way' | 'attempts' | 'amountMinor' | 'paymentCreatedAt' | 'paymentMinor' | 'now'>,
  charge: Pick<GatewayCharge, 'status' | 'amount' | 'refundedMinor'>,
): RefundWay {
  const isUntouched = charge.status === 'paid' && charge.refundedMinor === 0
  const isWhole = isUntouched && charge.amount.amountMinor === amountMinor && paymentMinor === amountMinor
  const isFresh = paymentCreatedAt !== null && paymentCreatedAt.until(now).total('milliseconds') < voidableMs
  return way !== 'refund' && attempts < mostVoids && isWhole && isFresh ? 'void' : 'refund'
}
