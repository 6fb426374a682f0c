import { audit, type Database, transaction } from '#database'
import { problems } from '#http'
import { type Account, setContact } from './queries.ts'

/** Keeps where else a person wants to be told, and whether promotional messages are welcome. Audited without the address. Throws unauthenticated. */
export function changeContact(database: Database, accountId: string, wish: { email: string | null; marketing: boolean }): Promise<Account> {
  return transaction(database, async (tx) => {
    const account = await setContact(tx, accountId, wish)
    if (!account) throw problems.unauthenticated()
    await audit(tx, {
      actorKind: 'customer',
      actorId: accountId,
      action: 'account.contact_changed',
      subject: 'account',
      subjectId: accountId,
      details: { email: wish.email !== null, marketing: wish.marketing },
    })
    return account
  })
}
