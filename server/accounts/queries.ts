import { type Queryable, sql } from '#database'
import type { Locale } from '#foundation'

/** Takes the pause between two codes to one number, unless another challenge has it. Resolves with its end. */
export async function takePause(
  db: Queryable,
  { phone, challengeId, resendMs }: { phone: string; challengeId: string; resendMs: number },
): Promise<Temporal.Instant | undefined> {
  const row = await db.row<{ until: Temporal.Instant }>(sql`
    insert into code_pause (phone, challenge_id, until) values (${phone}, ${challengeId}, now() + ${resendMs} * interval '1 millisecond')
    on conflict (phone) do update set challenge_id = excluded.challenge_id, until = excluded.until where code_pause.until <= now()
    returning until`)
  return row?.until
}

export async function pauseLeftSeconds(db: Queryable, phone: string): Promise<number> {
  const row = await db.row<{ seconds: number }>(
    sql`select ceil(extract(epoch from until - now()))::integer as seconds from code_pause where phone = ${phone}`,
  )
  return Math.max(1, row?.seconds ?? 1)
}

/** Ends a challenge's own pause; one that another challenge took since stays. */
export async function endPause(db: Queryable, challengeId: string): Promise<void> {
  await db.run(sql`delete from code_pause where challenge_id = ${challengeId}`)
}

export interface NewChallenge {
  id: string
  phone: string
  country: string
  locale: Locale
  codeHmac: Buffer
  /** The number without its last digits, and who asked, as both are counted. */
  prefix: string
  askedFrom: string
  lifeMinutes: number
}

export async function insertChallenge(db: Queryable, challenge: NewChallenge): Promise<Temporal.Instant> {
  const row = await db.row<{ expiresAt: Temporal.Instant }>(sql`
    insert into code_challenge (id, phone, prefix, asked_from, country, locale, code_hmac, expires_at)
    values (${challenge.id}, ${challenge.phone}, ${challenge.prefix}, ${challenge.askedFrom}, ${challenge.country}, ${challenge.locale}, ${challenge.codeHmac}, now() + ${challenge.lifeMinutes} * interval '1 minute')
    returning expires_at`)
  return row!.expiresAt
}

export type Delivery = 'sent' | 'refused' | 'unreachable' | 'unknown'

export async function recordDelivery(db: Queryable, challengeId: string, delivery: Delivery): Promise<void> {
  await db.run(sql`update code_challenge set delivery = ${delivery} where id = ${challengeId}`)
}

export interface GuessedChallenge {
  id: string
  phone: string
  country: string
  locale: Locale
  codeHmac: Buffer
}

/** Counts a guess on a challenge that still has one, before anything is compared. Undefined: nothing may be compared. */
export function countGuess(db: Queryable, challengeId: string, most: number): Promise<GuessedChallenge | undefined> {
  return db.row(sql`
    update code_challenge set attempts = attempts + 1
    where id = ${challengeId} and used_at is null and expires_at > now() and attempts < ${most}
    returning id, phone, country, locale, code_hmac`)
}

/** Uses a challenge up, in the transaction that makes what it was for. False when somebody else did. */
export async function useUp(db: Queryable, challengeId: string): Promise<boolean> {
  return (
    (await db.run(sql`update code_challenge set used_at = now() where id = ${challengeId} and used_at is null and expires_at > now()`)) ===
    1
  )
}

export interface Account {
  id: string
  name: string | null
  locale: Locale
  status: 'active' | 'disabled'
  contactEmail: string | null
  /** When it agreed to promotional messages; null: it did not, or took it back. */
  marketingConsentAt: Temporal.Instant | null
}

const account = sql`id, display_name as name, locale, status, contact_email, marketing_consent_at`

/** The language of the last sign-in is the account's; a name given counts only while there is none. */
export function recordSignIn(
  db: Queryable,
  accountId: string,
  { locale, name }: { locale: Locale; name: string | undefined },
): Promise<Account | undefined> {
  return db.row(sql`
    update account set locale = ${locale}, display_name = coalesce(display_name, ${name ?? null}) where id = ${accountId} and status = 'active'
    returning ${account}`)
}

export function accountOf(db: Queryable, accountId: string): Promise<Account | undefined> {
  return db.row(sql`select ${account} from account where id = ${accountId}`)
}

/** The first agreement keeps its time, so that it can be shown. */
export function setContact(
  db: Queryable,
  accountId: string,
  { email, marketing }: { email: string | null; marketing: boolean },
): Promise<Account | undefined> {
  return db.row(sql`
    update account set contact_email = ${email}, marketing_consent_at = case when ${marketing} then coalesce(marketing_consent_at, now()) end
    where id = ${accountId} and status = 'active'
    returning ${account}`)
}

/** An owner's and a staff member's role is for one business. */
export type Role = { role: 'platform_admin'; businessId: null } | { role: 'owner' | 'staff'; businessId: string }

/** True when the account did not have the role before. */
export async function insertRole(db: Queryable, accountId: string, { role, businessId }: Role): Promise<boolean> {
  return (
    (await db.run(
      sql`insert into role_grant (account_id, role, business_id) values (${accountId}, ${role}, ${businessId}) on conflict (account_id, role, business_id) do nothing`,
    )) === 1
  )
}
