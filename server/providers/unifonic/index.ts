import type { OtpProvider } from '#accounts'
import type { NotificationProvider } from '#notifications'
import { exchange } from '../http-exchange.ts'
import { fromAnswer, toForm } from './wire.ts'

export interface UnifonicSettings {
  baseUrl: string
  /** The AppSid of one application; codes and booking messages have one each, so that a stolen one can be withdrawn alone. */
  credential: string
  sender: string
}

async function send(settings: UnifonicSettings, message: { to: string; text: string }, signal: AbortSignal) {
  const answer = await exchange({ method: 'POST', url: `${settings.baseUrl}/rest/SMS/messages`, body: toForm(settings, message), signal })
  return fromAnswer(answer.status, answer.text)
}

export function unifonicOtp(settings: UnifonicSettings): OtpProvider {
  return { name: 'unifonic', sendCode: (message, signal) => send(settings, message, signal) }
}

export function unifonicNotifications(settings: UnifonicSettings): NotificationProvider {
  return { name: 'unifonic', channel: 'sms', send: (message, signal) => send(settings, message, signal) }
}
