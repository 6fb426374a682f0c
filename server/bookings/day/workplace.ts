import { type Caller, problems as common } from '#http'
import type { BookingNeeds } from '../needs.ts'

/** A business as those see it who work there; `works` is false for the operator, who looks after it. Throws not_found, forbidden. */
export async function workplaceOf(
  { database, catalog }: Pick<BookingNeeds, 'database' | 'catalog'>,
  { roles }: Pick<Caller, 'roles'>,
  slug: string,
): Promise<{ businessId: string; works: boolean }> {
  const businessId = await catalog.businessIdOf(database, slug)
  if (businessId === null) throw common.not_found()
  const works = roles.some(({ role, businessId: at }) => (role === 'owner' || role === 'staff') && at === businessId)
  if (!works && !roles.some(({ role }) => role === 'platform_admin')) throw common.forbidden()
  return { businessId, works }
}
