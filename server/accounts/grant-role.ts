import { audit, type Database, transaction } from '#database'
import { insertRole, type Role } from './queries.ts'
import { resolveLogin } from './resolve-login.ts'

export interface Granted {
  accountId: string
  phone: string
  /** Whether the role is new. */
  created: boolean
}

/** Gives a role to whoever a written number belongs to; they sign in by code like everyone. Harmless when repeated. Throws phone_invalid. */
export async function grantRole(database: Database, written: string, granted: Role): Promise<Granted> {
  return transaction(database, async (tx) => {
    const { accountId, phone } = await resolveLogin(tx, written, { locale: 'ar', verified: false })
    const created = await insertRole(tx, accountId, granted)
    const { role, businessId } = granted
    if (created)
      await audit(tx, {
        actorKind: 'operator',
        action: 'role.granted',
        subject: 'account',
        subjectId: accountId,
        businessId: businessId ?? undefined,
        details: { role },
      })
    return { accountId, phone, created }
  })
}

/** Makes whoever a written number belongs to a platform administrator. */
export function makeSuperuser(database: Database, written: string): Promise<Granted> {
  return grantRole(database, written, { role: 'platform_admin', businessId: null })
}
