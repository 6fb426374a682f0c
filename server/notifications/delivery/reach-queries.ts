import { type Queryable, sql } from '#database'
import type { Channel } from '../queries.ts'

/** So many in a row that surely did not arrive, and a number is left alone. */
export const failuresToLeave = 3

/**
 * Since when a number surely does not take messages: the latest `failuresToLeave` to it were all refused for good or reported
 * as undelivered. Null: it does, or too few were sent to know.
 */
export async function outOfReachSince(db: Queryable, channel: Channel, recipient: string): Promise<Temporal.Instant | null> {
  const row = await db.row<{ count: number; unreached: number; latest: Temporal.Instant | null }>(sql`
    select count(*) as count, count(*) filter (where delivery = 'undelivered' or (state = 'FAILED' and error_class = 'permanent')) as unreached, max(ended_at) as latest
    from (
      select state, error_class, delivery, ended_at from notification
      where recipient = ${recipient} and channel = ${channel} and state in ('SENT', 'FAILED') and (state = 'SENT' or error_class = 'permanent')
      order by ended_at desc limit ${failuresToLeave}
    ) recent`)
  return row && row.count >= failuresToLeave && row.unreached === row.count ? row.latest : null
}
