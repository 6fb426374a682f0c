import { type Queryable, sql, type Transaction } from '#database'
import { type Locale, parsePhoneNumber, type PhoneNumber } from '#foundation'
import { problems } from './errors.ts'

/*
 * An account is known by a random id; a phone number is a credential that leads to it. Everything that starts from a
 * written number (sign-in by code, the superuser command, looking someone up) comes through here, so that one number
 * leads to one account however it is written. No other file reads or writes login_identifier.
 */

/** A written number as the one number it is; throws phone_invalid. */
export function readPhone(written: string): PhoneNumber {
  const number = parsePhoneNumber(written)
  if (!number) throw problems.phone_invalid()
  return number
}

export interface Login {
  accountId: string
  phone: string
  created: boolean
}

/** The account a written number leads to; null when it leads nowhere. Throws phone_invalid. */
export async function findLogin(db: Queryable, written: string): Promise<Login | null> {
  const phone = readPhone(written).e164
  const row = await db.row<{ accountId: string }>(
    sql`select account_id from login_identifier where kind = 'phone' and value = ${phone} and active_to is null`,
  )
  return row ? { accountId: row.accountId, phone, created: false } : null
}

/**
 * The account a written number leads to, made when there is none. `verified` says that the caller just proved the number.
 * Two at once make one: the unique index lets one identifier in, and no account is made without it. Throws phone_invalid.
 */
export async function resolveLogin(tx: Transaction, written: string, fresh: { locale: Locale; verified: boolean }): Promise<Login> {
  const found =
    (await findLogin(tx, written)) ?? (await openAccount(tx, readPhone(written).e164, fresh.locale)) ?? (await findLogin(tx, written))
  if (!found) throw new Error('A number is taken and leads to no account.')
  if (fresh.verified) {
    await tx.run(
      sql`update login_identifier set verified_at = now() where kind = 'phone' and value = ${found.phone} and active_to is null and verified_at is null`,
    )
  }
  return found
}

async function openAccount(tx: Transaction, phone: string, locale: Locale): Promise<Login | null> {
  const row = await tx.row<{ id: string }>(sql`
    with identifier as (
      insert into login_identifier (account_id, kind, value) values (gen_random_uuid(), 'phone', ${phone})
      on conflict (kind, value) where active_to is null do nothing
      returning account_id)
    insert into account (id, locale) select account_id, ${locale} from identifier returning id`)
  return row ? { accountId: row.id, phone, created: true } : null
}

/** The number an account is reached at now. */
export async function phoneOf(db: Queryable, accountId: string): Promise<string | null> {
  const row = await db.row<{ value: string }>(sql`
    select value from login_identifier where account_id = ${accountId} and kind = 'phone' and active_to is null order by active_from desc limit 1`)
  return row?.value ?? null
}
