import { type Static, Type } from 'typebox'
import { Body } from '#http'
import { channels } from '#notifications'

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
export const MessagingWish = Body({
  channels: Type.Optional(choice.channels),
  providers: Type.Optional(choice.providers),
  reminderMinutes: Type.Optional(choice.reminderMinutes),
  staffTold: Type.Optional(choice.staffTold),
  receiptApart: Type.Optional(choice.receiptApart),
})
export const Messaging = Type.Object(
  {
    ...choice,
    offered: Type.Object({
      channels: Type.Array(Channel),
      providers: Type.Array(Type.Object({ name: Type.String(), channel: Channel })),
    }),
  },
  { $id: 'Messaging', description: 'How a business wants its people told, and what it may choose from.' },
)
export type MessagingOnTheWire = Static<typeof Messaging>
