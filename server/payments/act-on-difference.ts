import { audit, transaction, type Transaction } from '#database'
import { CallFailure } from '#external-calls'
import { problems as common } from '#http'
import { type DifferenceRow, findDifference, lockDifference, resolve } from './difference-queries.ts'
import { allowedActs, type DifferenceAct, type Resolution } from './difference-kinds.ts'
import { problems } from './errors.ts'
import type { PaymentNeeds } from './needs.ts'
import { findPayment, lockPayment, type PaymentRow } from './queries.ts'

/** A person's act, in her own words. */
export interface Decision {
  by: string
  reason: string
}

const leadsTo = { adopt: 'adopted', refund: 'refunded', write_off: 'written_off' } as const satisfies Record<DifferenceAct, Resolution>

/** The difference, when this act may be done about it; null when this very act was done before. Throws not_found, difference_resolved, difference_act_unfit. */
export async function findForAct(needs: PaymentNeeds, id: string, act: DifferenceAct): Promise<DifferenceRow | null> {
  const difference = await findDifference(needs.database, id)
  if (!difference) throw common.not_found()
  return mayAct(difference, act) ? difference : null
}

function mayAct(difference: DifferenceRow, act: DifferenceAct): boolean {
  if (difference.resolution === leadsTo[act]) return false
  if (difference.resolution !== null) throw problems.difference_resolved({ resolution: difference.resolution })
  if (!(allowedActs[difference.kind] as readonly DifferenceAct[]).includes(act))
    throw problems.difference_act_unfit({ allowed: allowedActs[difference.kind] })
  return true
}

/**
 * Does what was decided, resolves the difference and writes who said so and why, in one transaction under the locks of what
 * the money was paid for, of its payment and of the difference. `work` says what more is worth keeping. Throws as `findForAct`.
 */
export async function act(
  needs: PaymentNeeds,
  difference: DifferenceRow,
  kind: DifferenceAct,
  { by, reason }: Decision,
  work: (tx: Transaction, payment: PaymentRow | null) => Promise<Record<string, unknown>>,
  payableId?: string,
): Promise<void> {
  const named = difference.paymentId === null ? undefined : await findPayment(needs.database, difference.paymentId)
  const locked = payableId ?? named?.payableId
  await transaction(
    needs.database,
    async (tx) => {
      if (locked !== undefined) await needs.payable().lock(tx, locked)
      const payment = named ? ((await lockPayment(tx, named.id)) ?? null) : null
      const current = await lockDifference(tx, difference.id)
      if (!current || !mayAct(current, kind)) return
      const details = await work(tx, payment)
      await resolve(tx, difference.id, { resolution: leadsTo[kind], by, reason })
      const { id: subjectId, businessId, kind: about, gatewayChargeId } = current
      await audit(tx, {
        actorKind: 'operator',
        actorId: by,
        action: `difference.${leadsTo[kind]}`,
        subject: 'difference',
        subjectId,
        businessId: payment?.businessId ?? businessId ?? undefined,
        details: { kind: about, reason, ...(gatewayChargeId !== null && { chargeId: gatewayChargeId }), ...details },
      })
    },
    (sqlstate) => needs.metrics.transactionRetries.inc({ sqlstate }),
  )
}

/** What the gateway did to the call becomes what a person can be told: nothing was changed. */
export async function orNotAnswering<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    throw error instanceof CallFailure ? problems.gateway_not_answering({ detail: error.facts.errorType }, 5) : error
  }
}
