import type { Queryable } from '#database'
import type { Locale } from '#foundation'
import type { Authenticate, Routes } from '#http'
import type { Sweep } from '#jobs'
import { problems } from './errors.ts'
import { forgettingSweeps } from './forget-old.ts'
import { makeSuperuser } from './grant-role.ts'
import type { AccountsNeeds } from './needs.ts'
import { accountOf } from './queries.ts'
import { phoneOf, readPhone } from './resolve-login.ts'
import { accountsRoutes } from './routes.ts'
import { verifyToken } from './verify-token.ts'

export type { AccountsNeeds, CodeSettings, SessionSettings } from './needs.ts'
export { grantRole, makeSuperuser } from './grant-role.ts'
export type { Role } from './queries.ts'
export type { OtpProvider } from './otp-provider.ts'

/** How a person is reached now; what a booking message needs of them. */
export interface Contact {
  phone: string
  locale: Locale
  name: string | null
}

export interface Accounts {
  routes: Routes
  authenticate: Authenticate
  /** Makes the owner of a written number a platform administrator. Throws phone_invalid, and phone_country_not_allowed for a number no code would be sent to. */
  makeSuperuser(written: string): Promise<{ accountId: string; phone: string; created: boolean }>
  contactOf(db: Queryable, accountId: string): Promise<Contact | null>
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
    async contactOf(db, accountId) {
      const account = await accountOf(db, accountId)
      const phone = account && (await phoneOf(db, accountId))
      return account && phone ? { phone, locale: account.locale, name: account.name } : null
    },
    sweeps: forgettingSweeps(needs.database),
  }
}
