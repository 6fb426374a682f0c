import type { Queryable } from '#database'
import { type Contact, contactOf } from './contact.ts'
import { memberIds } from './member-queries.ts'

/** Who works at a business and how they are reached, in an order that stays; those nobody can reach are left out. */
export async function membersOf(db: Queryable, businessId: string): Promise<(Contact & { accountId: string })[]> {
  const members: (Contact & { accountId: string })[] = []
  for (const accountId of await memberIds(db, businessId)) {
    const contact = await contactOf(db, accountId)
    if (contact) members.push({ ...contact, accountId })
  }
  return members
}
