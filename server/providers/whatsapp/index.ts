import type { NotificationProvider } from '#notifications'
import { exchange } from '../http-exchange.ts'
import { fromAnswer, toBody } from './wire.ts'

export interface WhatsAppSettings {
  /** With the version of the API. */
  baseUrl: string
  /** Of the number that messages come from: an id, not the number. */
  phoneNumberId: string
  accessToken: string
}

export function whatsAppNotifications({ baseUrl, phoneNumberId, accessToken }: WhatsAppSettings): NotificationProvider {
  return {
    name: 'whatsapp',
    channel: 'whatsapp',
    async send(message, signal) {
      const answer = await exchange({
        method: 'POST',
        url: `${baseUrl}/${encodeURIComponent(phoneNumberId)}/messages`,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: toBody(message),
        signal,
      })
      return fromAnswer(answer.status, answer.text)
    },
  }
}
