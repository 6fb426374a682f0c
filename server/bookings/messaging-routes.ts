import { type Static, Type } from 'typebox'
import { Body, type Caller, callerOf, problems as common, ref, type Routes } from '#http'
import { channels } from '#notifications'
import { replanReminders } from './message-queries.ts'
import type { BookingNeeds } from './needs.ts'

const Slug = Type.Object({ slug: Type.String({ minLength: 1, maxLength: 60 }) })
const Channel = Type.Unsafe<(typeof channels)[number]>({ type: 'string', enum: [...channels] })
const Vendor = Type.String({ pattern: '^[a-z][a-z0-9_-]*$', maxLength: 40 })

/** A week is as early as anyone needs to hear of it. */
const longestMinutes = 7 * 24 * 60

const choice = {
  channels: Type.Array(Channel, { minItems: 1, maxItems: 3, uniqueItems: true, description: 'In the order they are tried.' }),
  providers: Type.Array(Vendor, {
    maxItems: 10,
    uniqueItems: true,
    description: 'Vendors in the order they are asked; others come after.',
  }),
  reminderMinutes: Type.Array(Type.Integer({ minimum: 1, maximum: longestMinutes }), {
    maxItems: 4,
    uniqueItems: true,
    description: 'Minutes before the start at which the customer is reminded.',
  }),
  staffTold: Type.Boolean({ description: 'Whether owner and staff are told of new, changed and cancelled bookings.' }),
  receiptApart: Type.Boolean({ description: 'Whether a payment’s receipt is a message of its own.' }),
}
const MessagingWish = Body({
  channels: Type.Optional(choice.channels),
  providers: Type.Optional(choice.providers),
  reminderMinutes: Type.Optional(choice.reminderMinutes),
  staffTold: Type.Optional(choice.staffTold),
  receiptApart: Type.Optional(choice.receiptApart),
})
const Messaging = Type.Object(
  {
    ...choice,
    offered: Type.Object({
      channels: Type.Array(Channel),
      providers: Type.Array(Type.Object({ name: Type.String(), channel: Channel })),
    }),
  },
  { $id: 'Messaging', description: 'How a business wants its people told, and what it may choose from.' },
)

/** How a business wants its people told: its owner's to choose, the operator's to look after. */
export function messagingRoutes({ database, catalog, notifications }: BookingNeeds): Routes {
  const ownedBy = async ({ accountId, roles }: Caller, slug: string) => {
    const businessId = await catalog.businessIdOf(database, slug)
    if (businessId === null) throw common.not_found()
    const owner = roles.some((granted) => granted.role === 'owner' && granted.businessId === businessId)
    if (!owner && !roles.some(({ role }) => role === 'platform_admin')) throw common.forbidden()
    return { businessId, by: { actorKind: owner ? ('staff' as const) : ('operator' as const), actorId: accountId } }
  }
  const present = (chosen: Omit<Static<typeof Messaging>, 'offered'>) => ({ ...chosen, offered: notifications.offer })
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
          params: Slug,
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
          params: Slug,
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
