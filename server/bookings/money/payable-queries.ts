import { type Queryable, sql } from '#database'
import { type Currency, money, type Money } from '#foundation'

/** What a booking's reference stands for in money: its order, and what of it is paid when the time is taken. */
export async function findPayableNamed(
  db: Queryable,
  reference: string,
): Promise<{ payableId: string; businessId: string; due: Money } | null> {
  const row = await db.row<{ orderId: string; businessId: string; dueNowMinor: number; currency: Currency }>(sql`
    select b.order_id, b.business_id, o.due_now_minor, o.currency
    from booking b join customer_order o on o.business_id = b.business_id and o.id = b.order_id where b.reference = ${reference}`)
  return row ? { payableId: row.orderId, businessId: row.businessId, due: money(row.dueNowMinor, row.currency) } : null
}
