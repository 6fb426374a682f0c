import type { MessagingChoice } from '../choice-queries.ts'
import type { NotificationProvider } from '../notification-provider.ts'
import type { Channel } from '../queries.ts'

type Providers = readonly NotificationProvider[]

/** The channels a business's messages take, in its order, of those the house has a vendor for. SMS where nothing it chose is carried: everyone has it. */
export function channelsOf({ channels }: Pick<MessagingChoice, 'channels'>, providers: Providers): Channel[] {
  const carried = channels.filter((channel) => providers.some((provider) => provider.channel === channel))
  return carried.length > 0 ? carried : ['sms']
}

/** The channels that come after this one. */
export function channelsAfter(channel: Channel, choice: Pick<MessagingChoice, 'channels'>, providers: Providers): Channel[] {
  const channels = channelsOf(choice, providers)
  return channels.slice(channels.indexOf(channel) + 1).filter((other) => other !== channel)
}

/** The vendors of a channel in the order they are asked: the business's own first, then the house's. */
export function vendorsOf(
  channel: Channel,
  { providers: wished }: Pick<MessagingChoice, 'providers'>,
  providers: Providers,
): NotificationProvider[] {
  const rank = ({ name }: NotificationProvider) => (wished.includes(name) ? wished.indexOf(name) : wished.length)
  return providers.filter((provider) => provider.channel === channel).toSorted((one, other) => rank(one) - rank(other))
}

/** Advertising by SMS goes only by vendors that were given a sender name registered for it. */
export function mayPromote({ channel, promotes }: NotificationProvider): boolean {
  return channel !== 'sms' || promotes === true
}
