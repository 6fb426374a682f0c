import { audit, type AuditEntry, type Database, transaction } from '#database'
import { choiceOf, type MessagingChoice, writeChoice } from './choice-queries.ts'
import { problems } from './errors.ts'
import type { NotificationProvider } from './notification-provider.ts'
import type { Channel } from './queries.ts'

/** What a business may choose from: the channels and vendors this house has. */
export interface MessagingOffer {
  channels: Channel[]
  providers: { name: string; channel: Channel }[]
}

export function offerOf(providers: readonly NotificationProvider[]): MessagingOffer {
  return {
    channels: [...new Set(providers.map(({ channel }) => channel))],
    providers: providers.map(({ name, channel }) => ({ name, channel })),
  }
}

/** Keeps how a business wants its people told. What the wish leaves out stays. Throws messaging_not_offered. */
export function choose(
  { database, offer }: { database: Database; offer: MessagingOffer },
  businessId: string,
  wish: Partial<MessagingChoice>,
  by: Required<Pick<AuditEntry, 'actorKind' | 'actorId'>>,
): Promise<MessagingChoice> {
  const names = offer.providers.map(({ name }) => name)
  if (wish.channels?.some((channel) => !offer.channels.includes(channel)) || wish.providers?.some((name) => !names.includes(name)))
    throw problems.messaging_not_offered()
  return transaction(database, async (tx) => {
    const choice = { ...(await choiceOf(tx, businessId)), ...wish }
    await writeChoice(tx, businessId, choice)
    await audit(tx, { ...by, action: 'messaging.chosen', subject: 'business', subjectId: businessId, businessId, details: { ...choice } })
    return choice
  })
}
