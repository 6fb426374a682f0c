import { type Queryable, sql } from '#database'

/** What these people call themselves, by account; those who never said are left out. */
export async function namesOf(db: Queryable, accountIds: string[]): Promise<Map<string, string>> {
  if (accountIds.length === 0) return new Map()
  const rows = await db.rows<{ id: string; name: string }>(
    sql`select id, display_name as name from account where id = any(${accountIds}::uuid[]) and display_name is not null`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
