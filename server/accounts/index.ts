import type { Queryable } from '#database'
import type { Authenticate, Routes } from '#http'
import type { Sweep } from '#jobs'
import { type Contact, contactOf, personAt } from './contact.ts'
import { problems } from './errors.ts'
import { forgettingSweeps } from './forget-old.ts'
import { makeSuperuser } from './grant-role.ts'
import { membersOf } from './members.ts'
import { namesOf } from './name-queries.ts'
import type { AccountsNeeds } from './needs.ts'
import { readPhone } from './resolve-login.ts'
import { accountsRoutes } from './routes.ts'
import { watchSending } from './watch-sending.ts'
import { verifyToken } from './verify-token.ts'

export type { AccountsNeeds, CodeSettings, SessionSettings } from './needs.ts'
export { grantRole, makeSuperuser } from './grant-role.ts'
export type { Contact } from './contact.ts'
export type { Role } from './queries.ts'
export type { OtpProvider } from './otp-provider.ts'

export interface Accounts {
  routes: Routes
  authenticate: Authenticate
  /** Makes the owner of a written number a platform administrator. Throws phone_invalid, and phone_country_not_allowed for a number no code would be sent to. */
  makeSuperuser(written: string): Promise<{ accountId: string; phone: string; created: boolean }>
  contactOf(db: Queryable, accountId: string): Promise<Contact | null>
  /** What these people call themselves, by account; those who never said are left out. */
  namesOf: typeof namesOf
  /** Who works at a business and how they are reached. */
  membersOf: typeof membersOf
  /** Whom a number leads to now, and when they last signed in; null: nobody. */
  personAt: typeof personAt
  sweeps: Sweep[]
}

export function openAccounts(needs: AccountsNeeds): Accounts {
  return {
    routes: accountsRoutes(needs),
    authenticate: (accessToken) => verifyToken(needs, accessToken),
    async makeSuperuser(written) {
      if (!needs.settings.codes.countries.includes(readPhone(written).country)) throw problems.phone_country_not_allowed()
      return makeSuperuser(needs.database, written)
    },
    contactOf,
    namesOf,
    membersOf,
    personAt,
    sweeps: [...forgettingSweeps(needs.database), watchSending(needs)],
  }
}
