import { type Caller, callerOf, problems as common, ref, type Routes } from '#http'
import { Messaging, type MessagingOnTheWire, MessagingWish } from './messaging-schemas.ts'
import type { BookingNeeds } from '../needs.ts'
import { replanReminders } from './message-queries.ts'
import { BusinessSlug } from '../day/unreached-schemas.ts'

/** How a business wants its people told: its owner's to choose, the operator's to look after. */
export function messagingRoutes({ database, catalog, notifications }: BookingNeeds): Routes {
  const ownedBy = async ({ accountId, roles }: Caller, slug: string) => {
    const businessId = await catalog.businessIdOf(database, slug)
    if (businessId === null) throw common.not_found()
    const owner = roles.some((granted) => granted.role === 'owner' && granted.businessId === businessId)
    if (!owner && !roles.some(({ role }) => role === 'platform_admin')) throw common.forbidden()
    return { businessId, by: { actorKind: owner ? ('staff' as const) : ('operator' as const), actorId: accountId } }
  }
  const present = (chosen: Omit<MessagingOnTheWire, 'offered'>) => ({ ...chosen, offered: notifications.offer })
  const tags = ['bookings']
  return async (app) => {
    app.addSchema(Messaging)
    app.get(
      '/v1/businesses/:slug/messaging',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'getMessaging',
          summary: 'How a business wants its people told',
          tags,
          params: BusinessSlug,
          response: { 200: ref(Messaging) },
        },
      },
      async (request) => {
        const { businessId } = await ownedBy(callerOf(request), request.params.slug)
        return present(await notifications.choiceOf(database, businessId))
      },
    )
    app.put(
      '/v1/businesses/:slug/messaging',
      {
        config: { access: 'account' },
        schema: {
          operationId: 'chooseMessaging',
          summary: 'Choose channels, vendors and reminders; what is left out stays as it is',
          tags,
          params: BusinessSlug,
          body: MessagingWish,
          response: { 200: ref(Messaging) },
        },
      },
      async (request) => {
        const { businessId, by } = await ownedBy(callerOf(request), request.params.slug)
        const wish = Object.fromEntries(Object.entries(request.body).filter(([, value]) => value !== undefined))
        const chosen = await notifications.choose(businessId, wish, by)
        // Read again by every reminder anyway; this moves the moments at which they are looked at.
        await replanReminders(database, businessId, chosen.reminderMinutes)
        return present(chosen)
      },
    )
  }
}
