import type { Queryable } from '#database'
import { type Currency, money, type Money } from '#foundation'
import type { Disposition } from './payment-states.ts'
import { findStandings, type PaymentStanding } from './queries.ts'
import { findRefundsOf, type PayableRefundRow, type RefundWay } from './refund-queries.ts'
import type { RefundState } from './refund-states.ts'

export interface MoneyAttempt {
  id: string
  status: PaymentStanding['status']
  disposition: Disposition | null
  amount: Money
  createdAt: Temporal.Instant
}

export interface MoneyRefund {
  id: string
  paymentId: string
  amount: Money
  state: RefundState
  /** How it was last sent; at its end, how the money went. */
  way: RefundWay | null
  /** A word of ours; in the words of whoever asked for it, `note`. */
  reason: string
  note: string | null
  createdAt: Temporal.Instant
  updatedAt: Temporal.Instant
}

/** All that was paid for one payable, and all that went back: paid = refunded + refundDue + kept. */
export interface MoneySums {
  paid: Money
  refunded: Money
  /** Owed and not arrived yet, whatever keeps it. */
  refundDue: Money
  kept: Money
  /** What settled the payable, before anything of it went back. */
  applied: Money
  /** What of that is neither returned nor owed, nor was given back another way. */
  returnable: Money
}

export interface PayableMoney extends MoneySums {
  /** Oldest first. */
  attempts: MoneyAttempt[]
  refunds: MoneyRefund[]
}

/** Read under the payable's lock it is true until the lock is given back: every refund is written under it. */
export async function moneyOf(db: Queryable, payableId: string, currency: Currency): Promise<PayableMoney> {
  const [attempts, refunds] = [await findStandings(db, payableId), await findRefundsOf(db, payableId)]
  return {
    ...sumMoney(attempts, refunds, currency),
    attempts: attempts.map(({ id, status, disposition, amountMinor, createdAt }) => ({
      id,
      status,
      disposition,
      amount: money(amountMinor, currency),
      createdAt,
    })),
    refunds: refunds.filter(isLive).map(({ id, paymentId, amountMinor, state, way, reason, note, createdAt, updatedAt }) => ({
      id,
      paymentId,
      amount: money(amountMinor, currency),
      state,
      way,
      reason,
      note,
      createdAt,
      updatedAt,
    })),
  }
}

type PaidAttempt = Pick<PaymentStanding, 'id' | 'state' | 'disposition' | 'amountMinor' | 'gatewayChargeId'>
type OwedRefund = Pick<PayableRefundRow, 'paymentId' | 'gatewayChargeId' | 'amountMinor' | 'state' | 'givenUp'>
const isLive = ({ givenUp }: Pick<OwedRefund, 'givenUp'>) => !givenUp

/** Sums decide, never a flag. A refund of another charge than the attempt's own is of a second card on the same page: that came in too. */
export function sumMoney(attempts: readonly PaidAttempt[], refunds: readonly OwedRefund[], currency: Currency): MoneySums {
  const chargeOf = new Map(attempts.map(({ id, gatewayChargeId }) => [id, gatewayChargeId]))
  const isExtra = ({ paymentId, gatewayChargeId }: OwedRefund) => chargeOf.get(paymentId) !== gatewayChargeId
  const taken = attempts.filter(({ state }) => state === 'paid')
  const settled = taken.filter(({ disposition }) => disposition === 'applied' || disposition === 'applied_late')
  const paid = sum(taken) + sum(refunds.filter(isExtra))
  const live = refunds.filter(isLive)
  const refunded = sum(live.filter(({ state }) => state === 'refunded'))
  const refundDue = sum(live) - refunded
  const back = sum(refunds.filter((refund) => !isExtra(refund) && settled.some(({ id }) => id === refund.paymentId)))
  return {
    paid: money(paid, currency),
    refunded: money(refunded, currency),
    refundDue: money(refundDue, currency),
    kept: money(paid - refunded - refundDue, currency),
    applied: money(sum(settled), currency),
    returnable: money(sum(settled) - back, currency),
  }
}

function sum(rows: readonly { amountMinor: number }[]): number {
  return rows.reduce((total, { amountMinor }) => total + amountMinor, 0)
}
