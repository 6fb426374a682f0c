import { type Queryable, sql, type Transaction } from '#database'

/** So many things of one kind for one key within any stretch of `windowSeconds`, wherever it begins. */
export interface CodeLimit {
  scope: 'phone' | 'phone_from' | 'address' | 'total' | 'guess' | 'guess_from' | 'spend' | 'proof'
  key: string
  windowSeconds: number
  most: number
}

/**
 * The window slides by parts of itself: a part counts until all of it lies outside. So never more than the limit passes in any
 * window, and there is no edge at which twice as much does.
 */
const parts = 12
const partSeconds = ({ windowSeconds }: CodeLimit) => windowSeconds / parts
const partStart = (limit: CodeLimit) => sql`date_bin(${partSeconds(limit)} * interval '1 second', now(), timestamptz 'epoch')`
const live = (limit: CodeLimit) => sql`
  scope = ${limit.scope} and key = ${limit.key} and window_start > now() - ${limit.windowSeconds + partSeconds(limit)} * interval '1 second'`

/** Those who count against one limit do so one after another, until the end of their transactions. */
export async function lockLimit(tx: Transaction, { scope, key }: Pick<CodeLimit, 'scope' | 'key'>): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`code_limit|${scope}|${key}`}, 0))`)
}

/** Counts unless the limit would be passed. The lock makes sure that parallel requests cannot pass it together. */
export async function take(tx: Transaction, limit: CodeLimit, amount = 1): Promise<boolean> {
  await lockLimit(tx, limit)
  const taken = await tx.run(sql`
    with spent as materialized (select coalesce(sum(used), 0) as used from code_limit where ${live(limit)})
    insert into code_limit (scope, key, window_start, used)
    select ${limit.scope}, ${limit.key}, ${partStart(limit)}, ${amount}::integer from spent where spent.used + ${amount}::integer <= ${limit.most}::integer
    on conflict (scope, key, window_start) do update set used = code_limit.used + excluded.used`)
  return taken === 1
}

export async function giveBack(db: Queryable, { scope, key }: CodeLimit, amount = 1): Promise<void> {
  await db.run(sql`
    update code_limit set used = greatest(used - ${amount}::integer, 0) where scope = ${scope} and key = ${key}
      and window_start = (select max(window_start) from code_limit where scope = ${scope} and key = ${key} and used > 0)`)
}

/** In how many seconds there is room for `amount` again if there is none now; null while there is room. */
export async function limitLeftSeconds(db: Queryable, limit: CodeLimit, amount = 1): Promise<number | null> {
  const row = await db.row<{ seconds: number | null }>(sql`
    with live as (
      select window_start, sum(used) over () as total, sum(used) over (order by window_start desc) - used as later from code_limit where ${live(limit)}
    )
    select ceil(extract(epoch from min(window_start) - now()) + ${limit.windowSeconds + partSeconds(limit)})::integer as seconds
    from live where total + ${amount}::integer > ${limit.most}::integer and later + ${amount}::integer <= greatest(${limit.most}::integer, ${amount}::integer)`)
  return row?.seconds ?? null
}

export async function usedOf(db: Queryable, limit: CodeLimit): Promise<number> {
  const row = await db.row<{ used: number }>(sql`select coalesce(sum(used), 0)::integer as used from code_limit where ${live(limit)}`)
  return row?.used ?? 0
}

/** What came of the codes an address asked for: numbers that signed in within a day, and codes of the last ten minutes nobody typed in. */
export async function standingOf(db: Queryable, askedFrom: string): Promise<{ verified: number; outstanding: number }> {
  const row = await db.row<{ verified: number; outstanding: number }>(sql`
    select count(distinct phone) filter (where used_at is not null)::integer as verified,
      count(*) filter (where used_at is null and created_at > now() - interval '10 minutes' and delivery not in ('refused', 'unreachable'))::integer as outstanding
    from code_challenge where asked_from = ${askedFrom} and created_at > now() - interval '1 day'`)
  return row ?? { verified: 0, outstanding: 0 }
}

/** Codes to one range of numbers (a number without its last four digits) within a quarter of an hour, and how many were typed in. */
export interface PrefixStanding {
  sends: number
  verified: number
}

const recentSends = sql`created_at > now() - interval '15 minutes' and delivery not in ('refused', 'unreachable')`

export async function prefixStanding(tx: Transaction, prefix: string): Promise<PrefixStanding> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`code_prefix|${prefix}`}, 0))`)
  const row = await tx.row<PrefixStanding>(sql`
    select count(*)::integer as sends, count(used_at)::integer as verified from code_challenge where prefix = ${prefix} and ${recentSends}`)
  return row ?? { sends: 0, verified: 0 }
}

/** How many ranges have had `sends` codes and more of which less than `share` were typed in. */
export async function countBlockedPrefixes(db: Queryable, { sends, share }: { sends: number; share: number }): Promise<number> {
  const row = await db.row<{ blocked: number }>(sql`
    select count(*)::integer as blocked from (
      select from code_challenge where ${recentSends} group by prefix having count(*) >= ${sends}::integer and count(used_at) < ${share}::float8 * count(*)
    ) collapsed`)
  return row?.blocked ?? 0
}
