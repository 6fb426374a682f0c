import type { SettingName } from './settings.ts'

interface Reading {
  text: (name: SettingName) => string
  integer: (name: SettingName, low: number, high: number) => number
  oneOf: <T extends string>(name: SettingName, choices: readonly T[]) => T
  complain: (sentence: string) => void
  production: boolean
  /** Vendors of messages the house has. */
  vendors: readonly string[]
}

export type OperatorChannel = 'sms' | 'email' | 'whatsapp' | 'webhook'
export interface OperatorAddress {
  channel: OperatorChannel
  to: string
}

const shapes: Record<OperatorChannel, RegExp> = {
  sms: /^\+[1-9]\d{6,14}$/,
  whatsapp: /^\+[1-9]\d{6,14}$/,
  email: /^[^@\s]+@[^@\s]+$/,
  webhook: /^https?:\/\/\S+$/,
}

/** Who is told when something is wrong, where canaries go, and how long a server that is leaving still answers. */
export function readOperator({ text, integer, oneOf, complain, production, vendors }: Reading) {
  const carried = { sms: true, webhook: true, email: vendors.includes('smtp'), whatsapp: vendors.includes('whatsapp') }
  const addressesOf = (name: SettingName): OperatorAddress[] =>
    text(name)
      .split(',')
      .map((written) => written.trim())
      .filter(Boolean)
      .flatMap((written) => {
        const channel = written.slice(0, Math.max(0, written.indexOf(':'))) as OperatorChannel
        const to = written.slice(channel.length + 1)
        if (shapes[channel]?.test(to)) {
          if (!carried[channel])
            complain(`${name} has an address for ${channel}, and no vendor of the house carries it: see NOTIFICATION_FALLBACKS.`)
          return { channel, to }
        }
        complain(`${name} must be like sms:+9665…, whatsapp:+9665…, email:ops@… or webhook:https://…, comma between.`)
        return []
      })
  const recipients = addressesOf('OPERATOR_ALERT_RECIPIENTS')
  const open = recipients.some(({ channel, to }) => channel === 'webhook' && !to.startsWith('https:'))
  if (production && open) complain('OPERATOR_ALERT_RECIPIENTS: a webhook must start with https:// in production.')
  const canaries = addressesOf('CANARY_RECIPIENT').flatMap(({ channel, to }) => {
    if (channel !== 'webhook') return { channel, to }
    complain('CANARY_RECIPIENT must be a customer’s kind of address: sms, whatsapp or email.')
    return []
  })
  if (new Set(canaries.map(({ channel }) => channel)).size < canaries.length) complain('CANARY_RECIPIENT takes one address a channel.')
  return {
    watch: oneOf('OPERATOR_WATCH', ['on', 'off'] as const) === 'on',
    recipients,
    locale: oneOf('OPERATOR_LOCALE', ['ar', 'en'] as const),
    canary: { recipients: canaries, everyMinutes: integer('CANARY_EVERY_MINUTES', 1, 15) },
    drainMs: integer('DRAIN_MS', 0, 15_000),
  }
}
