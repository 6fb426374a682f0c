import { type Queryable, sql, type Sql, type Transaction } from '#database'

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)

/** Notes when somebody is next to be told of this booking by the passing of time: of its hold's end, or of the visit. Null: no more. */
export async function setTellAt(tx: Transaction, id: string, at: Temporal.Instant | null): Promise<void> {
  await tx.run(sql`update booking set tell_at = ${at} where id = ${id}`)
}

/** Plans the reminders of a business's coming visits anew; those whose moment has come already are told by the sweep first. */
export async function replanReminders(db: Queryable, businessId: string, minutes: readonly number[]): Promise<void> {
  await db.run(sql`
    update booking b set tell_at = (
      select min(b.starts_at - each * interval '1 minute') from unnest(${[...minutes]}::integer[]) each where b.starts_at - each * interval '1 minute' > now())
    where b.business_id = ${businessId} and b.status = 'confirmed' and b.starts_at > now() and (b.tell_at is null or b.tell_at > now())`)
}

/** Unpaid holds whose end draws near and confirmed bookings whose reminder is due, the most urgent first. */
export async function findToTell(db: Queryable, limit: number): Promise<string[]> {
  return ids(await db.rows(sql`select id from booking b where ${due()} order by b.tell_at limit ${limit}`))
}

/** Locks one of them, unless somebody else works on it or has told already. */
export async function lockToTell(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.row(sql`select 1 from booking b where b.id = ${id} and ${due()} for update of b skip locked`)) !== undefined
}

function due(): Sql {
  return sql`b.status in ('held', 'confirmed') and b.tell_at <= clock_timestamp()`
}
