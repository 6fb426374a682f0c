import type { Queryable } from '#database'
import { money, type Money } from '#foundation'
import { problems as common } from '#http'
import type { PaymentNeeds } from './needs.ts'
import type { Disposition } from './payment-states.ts'
import { latestStandings, listStandings, type PaymentFilter, type PaymentStanding } from './queries.ts'

/** One attempt as its customer sees it. */
export interface PaymentView {
  id: string
  status: PaymentStanding['status']
  disposition: Disposition | null
  /** The gateway's page, while it may be paid. */
  redirectUrl: string | null
  amount: Money
  /** What went back so far; null: nothing. */
  refunded: Money | null
  expiresAt: Temporal.Instant
  createdAt: Temporal.Instant
}

/** One attempt as the operator sees it. */
export interface OpsPaymentRow {
  id: string
  bookingId: string
  bookingReference: string
  /** Refunds included: refund_due, refunded, refund_failed. */
  state: PaymentStanding['status']
  disposition: Disposition | null
  amount: Money
  gatewayRef: string | null
  createdAt: Temporal.Instant
  nextCheckAt: Temporal.Instant | null
  checks: number
}

export function toView(row: PaymentStanding): PaymentView {
  const { id, status, disposition, amountMinor, currency, refundedMinor, expiresAt, createdAt } = row
  return {
    id,
    status,
    disposition,
    redirectUrl: row.state === 'redirected' ? row.redirectUrl : null,
    amount: money(amountMinor, currency),
    refunded: refundedMinor > 0 ? money(refundedMinor, currency) : null,
    expiresAt,
    createdAt,
  }
}

export async function latestOf(db: Queryable, payableIds: string[]): Promise<Map<string, PaymentView>> {
  if (payableIds.length === 0) return new Map()
  return new Map((await latestStandings(db, payableIds)).map((row) => [row.payableId, toView(row)]))
}

export async function listPayments(needs: PaymentNeeds, db: Queryable, filter: PaymentFilter): Promise<OpsPaymentRow[]> {
  const rows = await listStandings(db, filter)
  const names = await needs.payable().describe(db, [...new Set(rows.map(({ payableId }) => payableId))])
  return rows.map(({ id, payableId, status, disposition, amountMinor, currency, gatewayRef, createdAt, nextCheckAt, checks }) => {
    const named = names.get(payableId)
    if (!named) throw new Error(`Nobody knows what payment ${id} is for.`)
    return { id, ...named, state: status, disposition, amount: money(amountMinor, currency), gatewayRef, createdAt, nextCheckAt, checks }
  })
}

export async function standingOf(db: Queryable, id: string): Promise<PaymentStanding> {
  const [row] = await listStandings(db, { id, limit: 1 })
  if (!row) throw common.not_found()
  return row
}
