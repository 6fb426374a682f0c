import { audit, type Database, transaction } from '#database'
import { grantRole } from './queries.ts'
import { resolveLogin } from './resolve-login.ts'

/**
 * Makes whoever a written number belongs to a platform administrator; they sign in by code like everyone. Harmless when
 * repeated: `created` says whether the role is new. Throws phone_invalid.
 */
export async function makeSuperuser(database: Database, written: string): Promise<{ accountId: string; phone: string; created: boolean }> {
  return transaction(database, async (tx) => {
    const { accountId, phone } = await resolveLogin(tx, written, { locale: 'ar', verified: false })
    const created = await grantRole(tx, accountId, 'platform_admin')
    if (created) await audit(tx, { actorKind: 'operator', action: 'role.granted', subject: 'account', subjectId: accountId, details: { role: 'platform_admin' } })
    return { accountId, phone, created }
  })
}
