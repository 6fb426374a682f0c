import { type Queryable, sql } from '#database'
import type { Caller } from '#http'

/** A login that is used lives on, but not for ever. */
const longestDays = 90

export async function insertSession(db: Queryable, accountId: string, days: number): Promise<string> {
  const row = await db.row<{ id: string }>(sql`
    insert into session (account_id, expires_at) values (${accountId}, now() + ${days} * interval '1 day') returning id`)
  return row!.id
}

export async function insertRefreshToken(db: Queryable, sessionId: string, tokenHash: Buffer): Promise<void> {
  await db.run(sql`insert into refresh_token (session_id, token_hash) values (${sessionId}, ${tokenHash})`)
}

/** Uses a refresh token: only the first of all who present it. */
export async function useRefreshToken(db: Queryable, tokenHash: Buffer): Promise<string | undefined> {
  const row = await db.row<{ sessionId: string }>(
    sql`update refresh_token set used_at = now() where token_hash = ${tokenHash} and used_at is null returning session_id`,
  )
  return row?.sessionId
}

/** A token that was used before, and whether that was within `graceMs`. */
export function usedRefreshToken(
  db: Queryable,
  tokenHash: Buffer,
  graceMs: number,
): Promise<{ sessionId: string; justNow: boolean } | undefined> {
  return db.row(sql`
    select session_id, used_at > now() - ${graceMs} * interval '1 millisecond' as just_now from refresh_token where token_hash = ${tokenHash} and used_at is not null`)
}

/** Keeps a live session of an active account alive; undefined when it is over. */
export async function prolongSession(db: Queryable, sessionId: string, days: number): Promise<string | undefined> {
  const row = await db.row<{ accountId: string }>(sql`
    update session set expires_at = greatest(expires_at, least(now() + ${days} * interval '1 day', created_at + ${Math.max(days, longestDays)} * interval '1 day'))
    where id = ${sessionId} and ended_at is null and expires_at > now() and exists (select from account where id = session.account_id and status = 'active')
    returning account_id`)
  return row?.accountId
}

export async function endSession(db: Queryable, sessionId: string, reason: 'signed_out' | 'token_reused'): Promise<boolean> {
  return (
    (await db.run(sql`update session set ended_at = now(), ended_reason = ${reason} where id = ${sessionId} and ended_at is null`)) === 1
  )
}

export async function sessionOfRefreshToken(db: Queryable, tokenHash: Buffer): Promise<string | undefined> {
  return (await db.row<{ sessionId: string }>(sql`select session_id from refresh_token where token_hash = ${tokenHash}`))?.sessionId
}

/** Who calls, if the session is live and its account active. */
export function liveCaller(db: Queryable, sessionId: string, accountId: string): Promise<Caller | undefined> {
  return db.row(sql`
    select account.id as account_id, session.id as session_id,
      coalesce(json_agg(json_build_object('role', role_grant.role, 'businessId', role_grant.business_id)) filter (where role_grant.id is not null), '[]') as roles
    from session join account on account.id = session.account_id left join role_grant on role_grant.account_id = account.id
    where session.id = ${sessionId} and account.id = ${accountId} and session.ended_at is null and session.expires_at > now() and account.status = 'active'
    group by account.id, session.id`)
}

export async function lastSignIn(db: Queryable, accountId: string): Promise<Temporal.Instant | null> {
  const row = await db.row<{ at: Temporal.Instant | null }>(sql`select max(created_at) as at from session where account_id = ${accountId}`)
  return row?.at ?? null
}
