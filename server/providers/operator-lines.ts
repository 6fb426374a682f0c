import type { NotificationProvider } from '#notifications'
import type { OperatorLine } from '#operations'
import type { Config } from '../config.ts'
import { ntfyWay } from './ntfy/index.ts'

/** How the operator is reached: by every vendor of the house that carries the channel, so that one may fail. */
export function operatorLines({ operator }: Config, providers: readonly NotificationProvider[]): OperatorLine[] {
  return operator.recipients.map(({ channel, to }) => ({
    channel,
    ways:
      channel === 'webhook'
        ? [ntfyWay(to)]
        : providers
            .filter((provider) => provider.channel === channel)
            .map((provider) => ({
              vendor: provider.name,
              send({ id, subject, text, locale }, signal) {
                // A template takes no line breaks.
                const template = { name: 'thabit_alert', parameters: [text.replaceAll('\n', ' · ')] }
                return provider.send({ id, to, locale, text, subject, template, promotional: false }, signal)
              },
            })),
  }))
}
