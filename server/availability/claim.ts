import type { OfferedService } from '#catalog'
import { type Queryable, sql, type Transaction } from '#database'
import { type TimeRange, timeRange } from '#foundation'

export interface WantedClaim {
  businessId: string
  /** Whoever is to hold the time; means nothing here. */
  holderId: string
  resourceIds: string[]
  /** Buffers included. */
  during: TimeRange
  /** Until when it is only held; null books it. */
  heldUntil: Temporal.Instant | null
}

/**
 * Takes the time of all these resources or of none. Resolves with false when somebody else has any of it.
 *
 * The insert is the check: the exclusion constraint decides, and ON CONFLICT keeps rivals from deadlocking. Where several
 * are wanted and only some were free, those are given back through a savepoint, so that nobody waits for rows that go away.
 */
export async function claim(tx: Transaction, { businessId, holderId, resourceIds, during, heldUntil }: WantedClaim): Promise<boolean> {
  const insert = sql`
    insert into claim (business_id, resource_id, holder_id, during, state, held_until)
    select ${businessId}, wanted.id, ${holderId}, ${during}::tstzrange, ${heldUntil === null ? 'booked' : 'held'}, ${heldUntil}::timestamptz
    from unnest(${resourceIds}::uuid[]) as wanted (id) order by wanted.id
    on conflict on constraint claim_no_overlap do nothing`
  if (resourceIds.length === 0) throw new RangeError('A claim is on something.')
  if (resourceIds.length === 1) return (await tx.run(insert)) === 1
  await tx.run(sql`savepoint claims`)
  const all = (await tx.run(insert)) === resourceIds.length
  if (!all) await tx.run(sql`rollback to savepoint claims`)
  await tx.run(sql`release savepoint claims`)
  return all
}

/** The time a start takes from its resources: the visible time and the buffers around it. */
export function claimRange({ service }: OfferedService, startsAt: Temporal.Instant): TimeRange {
  return timeRange(
    startsAt.subtract({ minutes: service.bufferBeforeMinutes }),
    startsAt.add({ minutes: service.durationMinutes + service.bufferAfterMinutes }),
  )
}

/** Whose holds ran out and still stand in the way: the constraint counts them until they are released. */
export async function lapsedHolders(tx: Transaction, businessId: string, resourceIds: string[], during: TimeRange): Promise<string[]> {
  const holders = await tx.rows<{ holderId: string }>(sql`
    select distinct holder_id from claim
    where business_id = ${businessId} and resource_id = any(${resourceIds}::uuid[]) and during && ${during}::tstzrange
      and state in ('held', 'booked') and state = 'held' and held_until <= now()
    order by holder_id`)
  return holders.map(({ holderId }) => holderId)
}

/** What was held is booked. Resolves with how many claims that were; a hold that ran out counts as long as nobody released it. */
export function book(tx: Transaction, businessId: string, holderId: string): Promise<number> {
  return tx.run(
    sql`update claim set state = 'booked', held_until = null where business_id = ${businessId} and holder_id = ${holderId} and state = 'held'`,
  )
}

/** Gives a holder's time back. Resolves with how many claims that were. */
export function release(tx: Transaction, businessId: string, holderId: string): Promise<number> {
  return tx.run(
    sql`update claim set state = 'released', held_until = null where business_id = ${businessId} and holder_id = ${holderId} and state in ('held', 'booked')`,
  )
}

export interface ClaimedTime {
  resourceIds: string[]
  during: TimeRange
}

/** What holders have, by holder id; of those that have nothing any more, what they had last. One read. */
export async function claimsOf(db: Queryable, holders: { businessId: string; holderId: string }[]): Promise<Map<string, ClaimedTime>> {
  if (holders.length === 0) return new Map()
  const rows = await db.rows<ClaimedTime & { holderId: string }>(sql`
    select asked.holder_id, latest.during, array_agg(latest.resource_id::text order by latest.resource_id) as resource_ids
    from unnest(${holders.map(({ businessId }) => businessId)}::uuid[], ${holders.map(({ holderId }) => holderId)}::uuid[]) as asked (business_id, holder_id)
    cross join lateral (
      select resource_id, during from claim
      where business_id = asked.business_id and holder_id = asked.holder_id
      order by state = 'released', created_at desc
      fetch first row with ties
    ) latest
    group by asked.holder_id, latest.during`)
  return new Map(rows.map(({ holderId, ...claimed }) => [holderId, claimed]))
}
