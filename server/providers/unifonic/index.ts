import type { OtpProvider } from '#accounts'
import type { NotificationProvider } from '#notifications'
import { exchange } from '../http-exchange.ts'
import { senderName } from '../sender-name.ts'
import { foundIn, type Sought, toLookUpForm } from './look-up.ts'
import { fromAnswer, toForm } from './wire.ts'

export interface UnifonicSettings {
  baseUrl: string
  /** The AppSid of one application; codes and booking messages have one each, so that a stolen one can be withdrawn alone. */
  credential: string
  sender: string
  /** Ends in -AD; null: no advertising is sent. */
  promotionalSender?: string | null
}

async function send(
  settings: UnifonicSettings,
  message: { id?: string; to: string; text: string; promotional?: boolean },
  signal: AbortSignal,
) {
  const body = toForm({ credential: settings.credential, sender: senderName(settings, message) }, message)
  const answer = await exchange({ method: 'POST', url: `${settings.baseUrl}/rest/SMS/messages`, body, signal })
  return fromAnswer(answer.status, answer.text)
}

async function find({ baseUrl, credential }: UnifonicSettings, sought: Sought, signal: AbortSignal) {
  const body = toLookUpForm(credential, sought)
  const answer = await exchange({ method: 'POST', url: `${baseUrl}/rest/SMS/Messages/GetMessagesDetails`, body, signal })
  return foundIn(answer.status, answer.text, sought)
}

export function unifonicOtp(settings: UnifonicSettings): OtpProvider {
  return { name: 'unifonic', sendCode: (message, signal) => send(settings, message, signal) }
}

export function unifonicNotifications(settings: UnifonicSettings): NotificationProvider {
  return {
    name: 'unifonic',
    channel: 'sms',
    send: (message, signal) => send(settings, message, signal),
    findByOurId: (value, signal) => find(settings, { member: 'CorrelationID', value }, signal),
    findByTheirId: (value, signal) => find(settings, { member: 'MessageID', value }, signal),
  }
}
