import type { Queryable } from '#database'
import { money, type Money } from '#foundation'
import { findChecks, type PaymentCheck } from './check-queries.ts'
import { allowedActs, type DifferenceAct, type DifferenceKind, type Resolution } from './difference-kinds.ts'
import { type DifferenceRow, findDifference, findOpenDifferences } from './difference-queries.ts'
import type { GatewayAmount } from './gateway.ts'
import type { PaymentNeeds } from './needs.ts'
import type { PaymentState } from './payment-states.ts'
import { countOpen, findOpenPayments, findPayments } from './queries.ts'
import { latestRun, type ReconciliationRow } from './reconciliation-queries.ts'
import { findOpenRefunds } from './refund-queries.ts'
import type { RefundState } from './refund-states.ts'

const shown = 50

interface Named {
  bookingId: string | null
  bookingReference: string | null
}

/** An attempt whose end is not known, with what the gateway was asked and answered, newest first. */
export interface OpenPayment extends Named {
  id: string
  state: PaymentState
  amount: Money
  gatewayRef: string | null
  failureReason: string | null
  createdAt: Temporal.Instant
  /** Since when it has stood there. */
  since: Temporal.Instant
  ageSeconds: number
  nextCheckAt: Temporal.Instant | null
  checks: number
  asked: Omit<PaymentCheck, 'paymentId'>[]
}

export interface OpenRefund extends Named {
  id: string
  paymentId: string | null
  gatewayChargeId: string
  state: RefundState
  amount: GatewayAmount
  reason: string
  failureReason: string | null
  attempts: number
  createdAt: Temporal.Instant
  ageSeconds: number
  nextTryAt: Temporal.Instant | null
}

export interface Difference extends Named {
  id: string
  kind: DifferenceKind
  paymentId: string | null
  gatewayChargeId: string | null
  /** What we say and what the gateway says, where there are two amounts. */
  ours: GatewayAmount | null
  theirs: GatewayAmount | null
  details: Record<string, unknown>
  /** What a person may do about it. */
  acts: readonly DifferenceAct[]
  openedAt: Temporal.Instant
  ageSeconds: number
  resolvedAt: Temporal.Instant | null
  resolution: Resolution | null
  reason: string | null
}

/** All money whose end is open: the oldest of each kind, and how many there are in all. */
export interface OpenMoney {
  payments: OpenPayment[]
  refunds: OpenRefund[]
  differences: Difference[]
  counts: { state: string; count: number; oldestAgeSeconds: number }[]
  lastReconciliation: ReconciliationRow | null
}

export async function openMoney(needs: PaymentNeeds, db: Queryable): Promise<OpenMoney> {
  const payments = await findOpenPayments(db, shown)
  const refunds = await findOpenRefunds(db, shown)
  const differences = await findOpenDifferences(db, shown)
  const checks = Map.groupBy(
    await findChecks(
      db,
      payments.map(({ id }) => id),
    ),
    ({ paymentId }) => paymentId,
  )
  const payableOf = await payablesOf(db, [...refunds, ...differences])
  const names = await needs.payable().describe(db, [...new Set([...payments.map(({ payableId }) => payableId), ...payableOf.values()])])
  const named = (payableId: string | undefined): Named => names.get(payableId ?? '') ?? { bookingId: null, bookingReference: null }
  return {
    payments: payments.map((row) => ({
      ...named(row.payableId),
      id: row.id,
      state: row.state,
      amount: money(row.amountMinor, row.currency),
      gatewayRef: row.gatewayRef,
      failureReason: row.failureReason,
      createdAt: row.createdAt,
      since: row.updatedAt,
      ageSeconds: secondsBetween(row.createdAt, row.now),
      nextCheckAt: row.nextCheckAt,
      checks: row.checks,
      asked: (checks.get(row.id) ?? []).map(({ askedAt, via, answer, errorType }) => ({ askedAt, via, answer, errorType })),
    })),
    refunds: refunds.map((row) => ({
      ...named(payableOf.get(row.paymentId ?? '')),
      id: row.id,
      paymentId: row.paymentId,
      gatewayChargeId: row.gatewayChargeId,
      state: row.state,
      amount: { amountMinor: row.amountMinor, currency: row.currency },
      reason: row.reason,
      failureReason: row.failureReason,
      attempts: row.attempts,
      createdAt: row.createdAt,
      ageSeconds: secondsBetween(row.createdAt, row.now),
      nextTryAt: row.nextTryAt,
    })),
    differences: differences.map((row) => toDifference(row, named(payableOf.get(row.paymentId ?? '')))),
    counts: await countOpen(db),
    lastReconciliation: (await latestRun(db)) ?? null,
  }
}

/** One difference, open or not. Undefined when there is none of this id. */
export async function readDifference(needs: PaymentNeeds, db: Queryable, id: string): Promise<Difference | undefined> {
  const row = await findDifference(db, id)
  if (!row) return undefined
  const payableId = (await payablesOf(db, [row])).get(row.paymentId ?? '')
  const names = payableId === undefined ? undefined : await needs.payable().describe(db, [payableId])
  return toDifference(row, names?.get(payableId ?? '') ?? { bookingId: null, bookingReference: null })
}

function toDifference(row: DifferenceRow, named: Named): Difference {
  const { id, kind, paymentId, gatewayChargeId, details, openedAt, resolvedAt, resolution, reason, currency } = row
  const amount = (minor: number | null) => (minor === null || currency === null ? null : { amountMinor: minor, currency })
  return {
    ...named,
    id,
    kind,
    paymentId,
    gatewayChargeId,
    ours: amount(row.oursMinor),
    theirs: amount(row.theirsMinor),
    details,
    acts: resolution === null ? allowedActs[kind] : [],
    openedAt,
    ageSeconds: secondsBetween(openedAt, row.now),
    resolvedAt,
    resolution,
    reason,
  }
}

async function payablesOf(db: Queryable, rows: readonly { paymentId: string | null }[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ paymentId }) => paymentId ?? []))]
  return new Map((ids.length === 0 ? [] : await findPayments(db, ids)).map(({ id, payableId }) => [id, payableId]))
}

function secondsBetween(since: Temporal.Instant, now: Temporal.Instant): number {
  return Math.max(0, Math.floor(since.until(now).total('seconds')))
}
