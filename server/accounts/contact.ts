import type { Queryable } from '#database'
import type { Locale } from '#foundation'
import { accountOf } from './queries.ts'
import { findLogin, phoneOf } from './resolve-login.ts'
import { lastSignIn } from './session-queries.ts'

/** How a person is reached now; what a booking message needs of them. */
export interface Contact {
  phone: string
  locale: Locale
  name: string | null
  /** Given by the person for messages; never a way to sign in. */
  email: string | null
  /** Whether the person agreed to promotional messages and has not taken it back. */
  marketingConsent: boolean
}

export async function contactOf(db: Queryable, accountId: string): Promise<Contact | null> {
  const account = await accountOf(db, accountId)
  const phone = account && (await phoneOf(db, accountId))
  if (!account || !phone) return null
  const { locale, name, contactEmail, marketingConsentAt } = account
  return { phone, locale, name, email: contactEmail, marketingConsent: marketingConsentAt !== null }
}

/** Whom a number leads to now, and when they last proved that it is theirs. Null: nobody. */
export async function personAt(db: Queryable, phone: string): Promise<(Contact & { signedInAt: Temporal.Instant | null }) | null> {
  const login = await findLogin(db, phone)
  const contact = login && (await contactOf(db, login.accountId))
  return contact && { ...contact, signedInAt: await lastSignIn(db, login.accountId) }
}
