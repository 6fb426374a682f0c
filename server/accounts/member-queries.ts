import { type Queryable, sql } from '#database'

/** Accounts that own a business or work there, once each. */
export async function memberIds(db: Queryable, businessId: string): Promise<string[]> {
  const rows = await db.rows<{ accountId: string }>(sql`
    select distinct account_id from role_grant join account on account.id = account_id
    where business_id = ${businessId} and role in ('owner', 'staff') and account.status = 'active' order by account_id`)
  return rows.map(({ accountId }) => accountId)
}
