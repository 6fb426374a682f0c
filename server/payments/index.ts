import type { Queryable, Transaction } from '#database'
import type { Currency, Money } from '#foundation'
import type { Routes } from '#http'
import type { Sweep } from '#jobs'
import type { Via } from './conclude.ts'
import type { OpenPaymentsNeeds, PaymentNeeds } from './needs.ts'
import type { Payable } from './payable.ts'
import { moneyOf, type PayableMoney } from './payable-money.ts'
import { paymentSweeps } from './payment-sweeps.ts'
import { countOpen, type PaymentFilter } from './queries.ts'
import { type RefundOrigin, refundPaid } from './refund.ts'
import { findRefundOfWish, type RefundWish } from './refund-queries.ts'
import { paymentRoutes } from './routes.ts'
import { settle, settleOpen } from './settle.ts'
import { startPayment, type StartAsk } from './start-payment.ts'
import { latestOf, listPayments, type OpsPaymentRow, type PaymentView, standingOf, toView } from './view.ts'

export type { GatewayAmount, GatewayCharge, GatewayHint, GatewayPage, PaymentGateway } from './gateway.ts'
export type { OpenPaymentsNeeds, PaymentSettings } from './needs.ts'
export type { Payable } from './payable.ts'
export { type Disposition, type PaymentState, paymentStates } from './payment-states.ts'
export type { MoneyAttempt, MoneyRefund, PayableMoney } from './payable-money.ts'
export type { PaymentFilter } from './queries.ts'
export type { RefundOrigin } from './refund.ts'
export { type RefundState, refundStates } from './refund-states.ts'
export type { StartAsk } from './start-payment.ts'
export type { OpsPaymentRow, PaymentView } from './view.ts'

export interface Payments {
  routes: Routes
  sweeps: Sweep[]
  /** Says what is paid for; before the first call of anything else. */
  joinPayable(payable: Payable): void
  /** Starts an attempt or continues the one that is there. Throws payment_refused, payment_provider_unreachable, payment_provider_misconfigured, payment_outcome_unknown, payment_under_review. */
  start(ask: StartAsk): Promise<PaymentView>
  /** Asks the gateway, then decides under lock: the one way money's truth comes in. Throws not_found. */
  settle(paymentId: string, via: Exclude<Via, 'start'>): Promise<PaymentView>
  /** The same for what is under way for a payable: asked before its time is freed. */
  settleOpen(payableId: string): Promise<'none_open' | 'settled' | 'still_open'>
  /** The attempt that says most about each payable: the one that paid for it, else the open one, else the newest. */
  latestOf(db: Queryable, payableIds: string[]): Promise<Map<string, PaymentView>>
  /** Owes a part or all of what was applied to a payable back, in the caller's transaction; a sweep sends it. Resolves with the refund's id. Throws when more than is left. */
  refundPaid(tx: Transaction, payableId: string, amount: Money, reason: string, origin?: RefundOrigin): Promise<string>
  /** The refund a person's wish led to before: the same key of the same person is the same wish. */
  refundOfWish(db: Queryable, payableId: string, wish: Pick<RefundWish, 'requestedBy' | 'clientKey'>): Promise<string | undefined>
  /** Attempts, refunds and their sums for one payable; under its lock, true until the lock is given back. */
  moneyOf(db: Queryable, payableId: string, currency: Currency): Promise<PayableMoney>
  /** Newest first, at most `limit` rows. */
  list(db: Queryable, filter: PaymentFilter): Promise<OpsPaymentRow[]>
  /** Attempts and refunds that are not at their end, by state, with the age of the oldest in seconds. */
  counts(db: Queryable): Promise<{ state: string; count: number; oldestAgeSeconds: number }[]>
}

export function openPayments(opened: OpenPaymentsNeeds): Payments {
  let joined: Payable | undefined
  const needs: PaymentNeeds = {
    ...opened,
    wake: opened.wake ?? (() => {}),
    payable() {
      if (!joined) throw new Error('Nothing was joined to be paid for.')
      return joined
    },
  }
  return {
    routes: paymentRoutes(needs),
    sweeps: paymentSweeps(needs),
    joinPayable: (payable) => {
      joined = payable
    },
    async start(ask) {
      const { id } = await startPayment(needs, ask)
      return toView(await standingOf(needs.database, id))
    },
    async settle(paymentId, via) {
      await settle(needs, paymentId, via)
      return toView(await standingOf(needs.database, paymentId))
    },
    settleOpen: (payableId) => settleOpen(needs, payableId),
    latestOf,
    refundPaid: (tx, payableId, amount, reason, origin) => refundPaid(needs, tx, payableId, amount, reason, origin),
    refundOfWish: findRefundOfWish,
    moneyOf,
    list: (db, filter) => listPayments(needs, db, filter),
    counts: countOpen,
  }
}
