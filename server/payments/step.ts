import { audit, type AuditEntry, type Transaction } from '#database'
import { nextCheck } from './check-schedule.ts'
import type { PaymentNeeds } from './needs.ts'
import { mayStep, type PaymentState } from './payment-states.ts'
import { type PaymentChange, type PaymentRow, stepRow } from './queries.ts'

export type Actor = Pick<AuditEntry, 'actorKind' | 'actorId'>

/**
 * Takes one allowed step of the table with its audit entry, in the caller's transaction. Undefined when the attempt no
 * longer stands where it was read. Throws for a step the table does not know: that is a fault of ours.
 */
export async function step(
  needs: Pick<PaymentNeeds, 'metrics' | 'log'>,
  tx: Transaction,
  from: PaymentRow,
  to: PaymentState,
  by: Actor,
  change: Omit<PaymentChange, 'nextCheckAt'> = {},
): Promise<PaymentRow | undefined> {
  if (!mayStep(from.state, to)) throw new Error(`A payment cannot go from ${from.state} to ${to}.`)
  const hasPage = (change.gatewayRef ?? from.gatewayRef) !== null
  const nextCheckAt =
    change.callingUntil ?? nextCheck(to, { now: from.now, since: from.now, expiresAt: change.expiresAt ?? from.expiresAt, hasPage })
  const row = await stepRow(tx, from, to, { ...change, nextCheckAt })
  if (!row) return undefined
  const { redirectUrl: _address, expiresAt: _time, callingUntil: _lease, ...told } = change
  await audit(tx, {
    ...by,
    action: `payment.${to}`,
    subject: 'payment',
    subjectId: row.id,
    businessId: row.businessId,
    details: { from: from.state, amountMinor: row.amountMinor, currency: row.currency, ...told },
  })
  tx.afterCommit(async () => {
    needs.metrics.paymentMoves.inc({ from: from.state, to })
    needs.log.info({ event: 'payment', payment: row.id, from: from.state, to }, 'A payment moved.')
  })
  return row
}
