import { type Queryable, sql } from '#database'
import type { Sweep } from '#jobs'

const atOnce = 1_000

/** What no longer decides anything is removed: codes a day after their end, limits after their windows, sessions a month after theirs. */
export function forgettingSweeps(db: Queryable): Sweep[] {
  const everyMs = 600_000
  return [
    {
      name: 'forget-code-challenges',
      everyMs,
      run: () =>
        db.run(
          sql`delete from code_challenge where id in (select id from code_challenge where expires_at < now() - interval '1 day' limit ${atOnce})`,
        ),
    },
    {
      name: 'forget-code-limits',
      everyMs,
      run: async () =>
        (await db.run(
          sql`delete from code_limit where ctid in (select ctid from code_limit where window_start < now() - interval '2 days' limit ${atOnce})`,
        )) +
        (await db.run(
          sql`delete from code_pause where phone in (select phone from code_pause where until < now() - interval '1 hour' limit ${atOnce}) and until < now() - interval '1 hour'`,
        )),
    },
    {
      name: 'forget-sessions',
      everyMs,
      run: () =>
        db.run(sql`
          with over as materialized (select id from session where coalesce(ended_at, expires_at) < now() - interval '30 days' limit ${atOnce}),
            tokens as (delete from refresh_token where session_id in (select id from over))
          delete from session where id in (select id from over)`),
    },
  ]
}
