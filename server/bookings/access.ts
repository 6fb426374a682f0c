import type { AuditEntry } from '#database'
import { type Caller, problems as common } from '#http'
import type { BookingRow } from './queries.ts'

/** What somebody is to a booking; several at once are possible: an owner may book at home. */
export interface Standing {
  customer: boolean
  staff: boolean
  owner: boolean
  operator: boolean
}

/** Whose eyes a booking is shown to. */
export const viewers = ['customer', 'business', 'operator'] as const
export type Viewer = (typeof viewers)[number]

export const asCustomer: Standing = { customer: true, staff: false, owner: false, operator: false }

export function standingOf(
  { accountId, roles }: Pick<Caller, 'accountId' | 'roles'>,
  booking: Pick<BookingRow, 'accountId' | 'businessId'>,
): Standing {
  const has = (role: Caller['roles'][number]['role']) =>
    roles.some((granted) => granted.role === role && granted.businessId === booking.businessId)
  return {
    customer: booking.accountId === accountId,
    staff: has('staff'),
    owner: has('owner'),
    operator: roles.some(({ role }) => role === 'platform_admin'),
  }
}

/** The booking and what the caller is to it. To everybody else it does not exist: throws not_found. */
export function seen(caller: Caller, booking: BookingRow | undefined): { booking: BookingRow; standing: Standing } {
  if (!booking) throw common.not_found()
  const standing = standingOf(caller, booking)
  if (!standing.customer && !mayManage(standing)) throw common.not_found()
  return { booking, standing }
}

/** Cancels and notes who did not come in the business's name. */
export function mayManage({ staff, owner, operator }: Standing): boolean {
  return staff || owner || operator
}

/** Gives money back in the business's name. */
export function mayRefund({ owner, operator }: Standing): boolean {
  return owner || operator
}

export function viewerOf(standing: Standing): Viewer {
  if (standing.customer) return 'customer'
  return standing.staff || standing.owner ? 'business' : 'operator'
}

/** Who acts for the business, as the audit names them. */
export function managerOf({ accountId }: Caller, { staff, owner }: Standing): Required<Pick<AuditEntry, 'actorKind' | 'actorId'>> {
  return { actorKind: staff || owner ? 'staff' : 'operator', actorId: accountId }
}
