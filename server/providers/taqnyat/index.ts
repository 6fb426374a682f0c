import type { OtpProvider } from '#accounts'
import type { NotificationProvider } from '#notifications'
import { exchange } from '../http-exchange.ts'
import { senderName } from '../sender-name.ts'
import { fromAnswer, toBody } from './wire.ts'

export interface TaqnyatSettings {
  baseUrl: string
  /** The bearer token; codes and booking messages have one each. */
  credential: string
  sender: string
  /** Ends in -AD; null: no advertising is sent. */
  promotionalSender?: string | null
}

async function send(settings: TaqnyatSettings, message: { to: string; text: string; promotional?: boolean }, signal: AbortSignal) {
  const answer = await exchange({
    method: 'POST',
    url: `${settings.baseUrl}/v1/messages`,
    headers: { authorization: `Bearer ${settings.credential}`, 'content-type': 'application/json' },
    body: toBody({ sender: senderName(settings, message) }, message),
    signal,
  })
  return fromAnswer(answer.status, answer.text, message.to)
}

export function taqnyatOtp(settings: TaqnyatSettings): OtpProvider {
  return { name: 'taqnyat', sendCode: (message, signal) => send(settings, message, signal) }
}

export function taqnyatNotifications(settings: TaqnyatSettings): NotificationProvider {
  return { name: 'taqnyat', channel: 'sms', send: (message, signal) => send(settings, message, signal) }
}
