import type { OtpProvider } from '#accounts'
import type { NotificationProvider } from '#notifications'
import { exchange } from '../http-exchange.ts'
import { senderName } from '../sender-name.ts'
import { reportsToFor } from './report.ts'
import { fromAnswer, toForm, type TwilioMessage } from './wire.ts'

export interface TwilioSettings {
  baseUrl: string
  accountSid: string
  /** `SK…:secret`; codes and booking messages have one each, so that a stolen one can be withdrawn alone. */
  credential: string
  sender: string
  promotionalSender: string | null
  /** Where Twilio reports what became of a message; null: it is not asked to. */
  reportsTo: string | null
}

/** A code that comes after it ran out only confuses. */
const codeLivesSeconds = 300

async function send({ baseUrl, accountSid, credential }: TwilioSettings, message: TwilioMessage, signal: AbortSignal) {
  const answer = await exchange({
    method: 'POST',
    url: `${baseUrl}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`,
    headers: { authorization: `Basic ${Buffer.from(credential).toString('base64')}` },
    body: toForm(message),
    signal,
  })
  return fromAnswer(answer.status, answer.text)
}

export function twilioOtp(settings: TwilioSettings): OtpProvider {
  return {
    name: 'twilio',
    sendCode: ({ to, text }, signal) => send(settings, { to, text, from: settings.sender, validForSeconds: codeLivesSeconds }, signal),
  }
}

export function twilioNotifications(settings: TwilioSettings): NotificationProvider {
  return {
    name: 'twilio',
    channel: 'sms',
    async send(message, signal) {
      const from = senderName(settings, message)
      const statusCallback = settings.reportsTo === null ? undefined : reportsToFor(settings.reportsTo, message.id)
      return send(settings, { to: message.to, text: message.text, from, ...(statusCallback !== undefined && { statusCallback }) }, signal)
    },
  }
}
