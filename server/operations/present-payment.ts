import type { Queryable } from '#database'
import { problems } from '#http'
import type { OpsPaymentRow, Payments } from '#payments'

export function presentPayment({ createdAt, nextCheckAt, ...row }: OpsPaymentRow) {
  return { ...row, createdAt: createdAt.toString(), nextCheckAt: nextCheckAt?.toString() ?? null }
}

/** Throws not_found. */
export async function onePayment(db: Queryable, payments: Pick<Payments, 'list'>, id: string): Promise<OpsPaymentRow> {
  const [row] = await payments.list(db, { id, limit: 1 })
  if (!row) throw problems.not_found()
  return row
}
