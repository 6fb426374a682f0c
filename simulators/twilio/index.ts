import { randomBytes } from 'node:crypto'
import type { Voice } from '../act-fault.ts'
import type { Answer, Call } from '../answers.ts'
import { json } from '../answers.ts'
import type { Clock } from '../clock.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Vendor } from '../server.ts'
import type { Store } from '../store.ts'

const MOST_KEPT = 2_000
const WRONG_TOKEN = 'wrong-token'

/** Twilio's own magic numbers for test credentials. */
const MAGIC_TO: Record<string, [code: number, message: string]> = {
  '+15005550001': [21211, "The 'To' number is not a valid phone number."],
  '+15005550002': [21612, "The 'To' number is not reachable from this 'From'."],
  '+15005550003': [21408, 'Permission to send to this region is not enabled.'],
  '+15005550004': [21610, 'The recipient has opted out.'],
  '+15005550009': [21614, "The 'To' number is not a mobile number."],
}
const MAGIC_FROM: Record<string, [code: number, message: string]> = {
  '+15005550001': [21212, "The 'From' number is not valid."],
  '+15005550007': [21606, "The 'From' number is not an SMS number of this account."],
  '+15005550008': [21611, "The queue of this 'From' number is full."],
}

type Kept = Record<string, unknown> & { sid: string; to: string }

/** Twilio's Messages.json alone, played. */
export function openTwilio({ store, clock, inbox }: { store: Store; clock: Clock; inbox: Inbox }): Vendor {
  const path = '/2010-04-01/Accounts/:account/Messages.json'
  const signedIn =
    (handle: (call: Call, account: string) => Answer) =>
    (call: Call): Answer => {
      const account = call.params['account'] ?? ''
      return mayUse(call.headers.authorization, account) ? handle(call, account) : failure(401, 20003, 'Authenticate')
    }
  const send = (call: Call, account: string): Answer => {
    const text = (name: string): string => (typeof call.fields[name] === 'string' ? call.fields[name] : '')
    const from = text('From') || text('MessagingServiceSid')
    const refused = wrongMessage(text('To'), from, text('Body'))
    if (refused !== undefined) return refused
    const sid = `SM${randomBytes(16).toString('hex')}`
    const at = new Date(clock.now()).toUTCString().replace('GMT', '+0000')
    const service = text('MessagingServiceSid') !== ''
    const message: Kept = {
      sid,
      account_sid: account,
      api_version: '2010-04-01',
      body: text('Body'),
      date_created: at,
      date_sent: null,
      date_updated: at,
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: service ? null : from,
      messaging_service_sid: service ? from : null,
      num_media: '0',
      num_segments: service ? '0' : '1',
      price: null,
      price_unit: 'USD',
      status: service ? 'accepted' : 'queued',
      to: text('To'),
      uri: `/2010-04-01/Accounts/${account}/Messages/${sid}.json`,
    }
    store.put('twilio', sid, message)
    store.keepNewest('twilio', MOST_KEPT)
    inbox.receive({ channel: 'sms', to: message.to, from, body: text('Body') })
    return json(201, message)
  }
  const lookUp = (call: Call): Answer => {
    const to = call.query.get('To')
    const messages = store.all<Kept>('twilio').filter((kept) => to === null || kept.to === (to.startsWith(' ') ? `+${to.trim()}` : to))
    return json(200, { messages: messages.toReversed().slice(0, 50), page: 0, page_size: 50, next_page_uri: null })
  }
  return {
    provider: 'twilio',
    voice,
    routes: [
      { method: 'POST', path, provider: 'twilio', operation: 'send', handle: signedIn(send) },
      { method: 'GET', path, provider: 'twilio', operation: 'lookup', handle: signedIn(lookUp) },
    ],
  }
}

function failure(status: number, code: number, message: string): Answer {
  return json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })
}

const CODES: Record<number, number> = { 401: 20003, 429: 20429, 500: 20500, 503: 20503 }

const voice: Voice = {
  refuse: () => failure(400, 21606, "The 'From' number is not an SMS number of this account."),
  failure: (status) => failure(status, CODES[status] ?? 20001, status === 429 ? 'Too Many Requests' : 'The request failed.'),
}

/** `AC…:token` of this account, or any `SK…:secret`. */
function mayUse(header: string | undefined, account: string): boolean {
  const [, encoded = ''] = /^Basic +(\S+)$/i.exec(header ?? '') ?? []
  const [, user = '', secret = ''] = /^([^:]+):(.+)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  const known = (user === account && account.startsWith('AC')) || user.startsWith('SK')
  return known && secret !== '' && secret !== WRONG_TOKEN
}

function wrongMessage(to: string, from: string, body: string): Answer | undefined {
  const magic = MAGIC_TO[to] ?? MAGIC_FROM[from]
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return failure(400, 21211, "The 'To' number is not a valid phone number.")
  if (from === '') return failure(400, 21603, "A 'From' number or a messaging service is required.")
  if (body === '') return failure(400, 21602, 'A message body is required.')
  if (body.length > 1_600) return failure(400, 21617, 'The message body is over 1600 characters.')
  return magic === undefined ? undefined : failure(400, ...magic)
}
