import type { Queryable, Transaction } from '#database'
import type { Currency, Money } from '#foundation'
import type { Routes } from '#http'
import type { Sweep } from '#jobs'
import type { Decision } from './act-on-difference.ts'
import { adopt } from './adopt.ts'
import type { Via } from './conclude.ts'
import type { DifferenceKind } from './difference-kinds.ts'
import { countOpenDifferences } from './difference-queries.ts'
import { balancesOf, ledgerOf, type LedgerAccount, type PostedEntry } from './ledger-queries.ts'
import type { OpenPaymentsNeeds, PaymentNeeds } from './needs.ts'
import { type Difference, openMoney, type OpenMoney, readDifference } from './open-money.ts'
import type { Payable } from './payable.ts'
import { moneyOf, type PayableMoney } from './payable-money.ts'
import { paymentSweeps } from './payment-sweeps.ts'
import { countOpen, type PaymentFilter } from './queries.ts'
import { type RefundOrigin, refundPaid } from './refund.ts'
import { findRefundOfWish, type RefundWish } from './refund-queries.ts'
import { reconcileNow, type ReconcileAsk } from './reconcile.ts'
import { lastSuccess, type ReconciliationRow } from './reconciliation-queries.ts'
import { refundByOperator, type RefundByOperator } from './refund-by-operator.ts'
import { returnDifference } from './return-difference.ts'
import { paymentRoutes } from './routes.ts'
import { settle, settleOpen } from './settle.ts'
import { startPayment, type StartAsk } from './start-payment.ts'
import { writeOff } from './write-off.ts'
import { latestOf, listPayments, type OpsPaymentRow, type PaymentView, standingOf, toView } from './view.ts'

export { problems as paymentProblems } from './errors.ts'
export type { GatewayAmount, GatewayCharge, GatewayChargeback, GatewayHint, GatewayPage, PaymentGateway } from './gateway.ts'
export type { OpenPaymentsNeeds, PaymentSettings } from './needs.ts'
export { type DifferenceAct, type DifferenceKind, differenceKinds, resolutions } from './difference-kinds.ts'
export { type LedgerAccount, type LedgerKind, ledgerKinds, type PostedEntry } from './ledger-queries.ts'
export type { Difference, OpenMoney, OpenPayment, OpenRefund } from './open-money.ts'
export type { ReconciliationRow } from './reconciliation-queries.ts'
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
  /** What the books say of one payable: every entry, oldest first, and what stands on each account. */
  ledgerOf(
    db: Queryable,
    payableId: string,
  ): Promise<{ entries: PostedEntry[]; balances: { account: LedgerAccount; currency: string; balanceMinor: number }[] }>
  /** Everything about money whose end is open, for the operator. */
  openMoney(db: Queryable): Promise<OpenMoney>
  /** An operator gives back a part or all of what one attempt was paid. Throws not_found, nothing_to_refund, refund_too_large. */
  refund(paymentId: string, wish: RefundByOperator): Promise<void>
  /** What an operator decides about a difference. Each may be said twice. */
  adopt(differenceId: string, decision: Decision & { bookingReference?: string | undefined }): Promise<Difference>
  returnDifference(differenceId: string, decision: Decision): Promise<Difference>
  writeOff(differenceId: string, decision: Decision): Promise<Difference>
  /** Compares the gateway's list with ours now. Throws reconciliation_running. */
  reconcile(ask: ReconcileAsk): Promise<ReconciliationRow>
  /** Open differences by kind, and when everything was last compared. */
  differenceCounts(db: Queryable): Promise<{ open: { kind: DifferenceKind; count: number }[]; lastSuccessAt: Temporal.Instant | null }>
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
  const decided = async (id: string, done: Promise<void>): Promise<Difference> => {
    await done
    const difference = await readDifference(needs, needs.database, id)
    if (!difference) throw new Error(`The difference ${id} was decided and cannot be found.`)
    return difference
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
    ledgerOf: async (db, payableId) => ({ entries: await ledgerOf(db, payableId), balances: await balancesOf(db, payableId) }),
    openMoney: (db) => openMoney(needs, db),
    refund: (paymentId, wish) => refundByOperator(needs, paymentId, wish),
    adopt: (id, decision) => decided(id, adopt(needs, id, decision)),
    returnDifference: (id, decision) => decided(id, returnDifference(needs, id, decision)),
    writeOff: (id, decision) => decided(id, writeOff(needs, id, decision)),
    reconcile: (ask) => reconcileNow(needs, ask),
    differenceCounts: async (db) => ({ open: await countOpenDifferences(db), lastSuccessAt: await lastSuccess(db) }),
  }
}
