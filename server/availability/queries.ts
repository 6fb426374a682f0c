import { emptySql, type Queryable, sql } from '#database'
import type { OfferedService } from '#catalog'
import type { TimeRange } from '#foundation'
import type { Span } from './free-time.ts'
import type { Calendar } from './opening-hours.ts'
import type { Facts } from './possible-starts.ts'
import { dayAt, dayStart, toDate, toInstant } from './zone-minutes.ts'

export interface FactsAsk {
  /** Days at the branch, both included, on which starts are looked for. */
  first: number
  last: number
  /** Time held under this id counts as free: it is about to be moved. */
  ignoreHolderId?: string | undefined
  /** Leave them out to learn what is offered, whoever holds it. */
  withClaims: boolean
}

/** Everything that decides about a service's starts on these days, by the database's clock; one round trip, however many people and days. */
export async function readFacts(db: Queryable, { business, branch, service }: OfferedService, ask: FactsAsk): Promise<Facts> {
  const { first, last, ignoreHolderId, withClaims } = ask
  const resourceIds = [...new Set(service.requirements.flatMap(({ resources }) => resources.map(({ id }) => id)))]
  // Wide enough for buffers, for openings of the night before and for services that end on a later day.
  const during = { startsAt: toInstant(dayStart(branch.zone, first - 1)), endsAt: toInstant(dayStart(branch.zone, last + 3)) }
  const ofBranch = sql`business_id = ${business.id} and branch_id = ${branch.id} and (resource_id is null or resource_id = any(${resourceIds}::uuid[]))`
  const row = await db.row<Calendar & { now: number; claims: Record<string, number[]> }>(sql`
    select date_part('epoch', now()) / 60 as now,
      (select coalesce(json_agg(json_build_object(
         'resourceId', resource_id, 'kind', kind, 'weekday', weekday, 'startMinute', start_minute, 'lengthMinutes', length_minutes)), '[]')
       from opening_rule where ${ofBranch}) as rules,
      (select coalesce(json_agg(json_build_object(
         'resourceId', resource_id, 'day', date - date '1970-01-01', 'startMinute', start_minute, 'lengthMinutes', length_minutes)), '[]')
       from special_day where ${ofBranch} and date between ${toDate(first - 1).toString()} and ${toDate(last + 2).toString()}) as special_days,
      (select coalesce(json_agg(json_build_object(
         'resourceId', resource_id, 'from', ${minuteFrom}, 'to', ${minuteTo})), '[]')
       from closure where ${ofBranch} and during && ${during}::tstzrange) as closures,
      ${withClaims ? claimsSql(business.id, resourceIds, during, ignoreHolderId) : sql`'{}'::json`} as claims`)
  if (!row) throw new Error('A select without from gives one row.')
  const claims = new Map(Object.entries(row.claims).map(([id, edges]) => [id, toSpans(edges)]))
  return { ...row, claims, today: dayAt(branch.zone, Math.floor(row.now)) }
}

const minuteFrom = sql`floor(date_part('epoch', lower(during)) / 60)::int`
const minuteTo = sql`ceil(date_part('epoch', upper(during)) / 60)::int`

/** Live claims by resource as all their beginnings and then all their ends; a hold past its time is not one, whether or not it was swept. */
function claimsSql(businessId: string, resourceIds: string[], during: TimeRange, ignoreHolderId: string | undefined) {
  const notIgnored = ignoreHolderId === undefined ? emptySql : sql`and holder_id <> ${ignoreHolderId}`
  return sql`(
    select coalesce(json_object_agg(wanted.id, live.edges), '{}')
    from unnest(${resourceIds}::uuid[]) as wanted (id)
    cross join lateral (
      select array_to_json(array_agg(${minuteFrom}) || array_agg(${minuteTo})) as edges
      from claim
      where business_id = ${businessId} and resource_id = wanted.id and during && ${during}::tstzrange
        and state in ('held', 'booked') and (state = 'booked' or held_until > now()) ${notIgnored}
    ) live
    where live.edges is not null)`
}

function toSpans(edges: number[]): Span[] {
  const count = edges.length / 2
  return edges.slice(0, count).map((from, at) => ({ from, to: edges[count + at]! }))
}
