import type { ManyNotifications, OpsNotificationQuery } from '@thabit/sdk'

export const views = ['open', 'pending', 'sent', 'skipped', 'acknowledged', 'all'] as const
export type View = (typeof views)[number]

const meaning: Record<View, OpsNotificationQuery> = {
  open: { open: true },
  pending: { status: 'PENDING' },
  sent: { status: 'SENT' },
  skipped: { status: 'SKIPPED' },
  acknowledged: { acknowledged: true },
  all: {},
}

/** What a list of messages may be narrowed by, and from what it is chosen; the business is written. */
export const choices = {
  channel: ['sms', 'whatsapp', 'email'],
  provider: ['unifonic', 'taqnyat', 'twilio', 'whatsapp', 'smtp'],
  errorClass: ['permanent', 'temporary', 'configuration', 'ambiguous', 'fault'],
  kind: [
    'booking-confirmed',
    'payment-received',
    'payment-applied-late',
    'refund-made',
    'booking-reminder',
    'booking-rescheduled',
    'booking-cancelled',
    'hold-ending',
    'booking-waiting',
    'staff-booking-new',
    'staff-booking-changed',
    'staff-booking-cancelled',
    'visit-again',
    'canary',
  ],
  delivery: ['none', 'accepted', 'sent', 'undelivered', 'delivered', 'read'],
  olderThanMinutes: ['15', '60', '360', '1440'],
} as const
export type Choice = keyof typeof choices
export type Narrowing = Partial<Record<Choice | 'business', string>>

export interface Chosen {
  view: View
  narrowing: Narrowing
}

/** Reads the choice from the address: what it does not know it leaves out. */
export function readChosen(query: Record<string, string>): Chosen {
  const narrowing: Narrowing = {}
  for (const name of Object.keys(choices) as Choice[]) {
    const value = query[name]
    if (value !== undefined && (choices[name] as readonly string[]).includes(value)) narrowing[name] = value
  }
  const business = query['business']?.trim().toLowerCase()
  if (business && /^[a-z0-9-]{1,60}$/.test(business)) narrowing.business = business
  return { view: views.find((one) => one === query['view']) ?? 'open', narrowing }
}

/** The address of a choice, so that a filtered list can be kept and sent on. */
export function addressOf({ view, narrowing }: Chosen): string {
  const given = Object.entries({ ...(view !== 'open' && { view }), ...narrowing }).filter(([, value]) => value)
  return given.length === 0 ? '/ops' : `/ops?${new URLSearchParams(given).toString()}`
}

export function queryOf({ view, narrowing }: Chosen): OpsNotificationQuery {
  const { delivery, ...many } = narrowing
  return { ...manyOf(many), ...(delivery && { delivery: delivery as NonNullable<OpsNotificationQuery['delivery']> }), ...meaning[view] }
}

/** What all failed messages that fit are sent again by. */
export function manyOf({ olderThanMinutes, ...rest }: Narrowing): ManyNotifications {
  const { delivery: _reported, ...fit } = rest
  // Only values of the contract were let in.
  return { ...(fit as ManyNotifications), ...(olderThanMinutes && { olderThanMinutes: Number(olderThanMinutes) }) }
}
