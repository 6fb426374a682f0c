import { createHmac, randomBytes } from 'node:crypto'
import type { Voice } from '../act-fault.ts'
import type { Answer, Call } from '../answers.ts'
import { json } from '../answers.ts'
import type { Clock } from '../clock.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Report, Reports } from '../reports.ts'
import { isLost, openConsole, reportSwitches } from '../reports.ts'
import type { Vendor } from '../server.ts'
import type { Store } from '../store.ts'
import type { Switches, SwitchTable } from '../switches.ts'
import { openSwitches } from '../switches.ts'

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

const twilioSwitches = {
  ...reportSwitches,
  queuedInReport: {
    values: [false, true],
    initial: false,
    certainty: 'B',
    meaning: 'Whether `queued` is reported too, before `sent`.',
  },
} as const satisfies SwitchTable

type Parts = { store: Store; clock: Clock; inbox: Inbox; reports: Reports }

/** Twilio's Messages.json and its status callbacks, played. Callbacks are signed with the auth token its console knows. */
export function openTwilio({ store, clock, inbox, reports }: Parts): Vendor & { switches: Switches<typeof twilioSwitches> } {
  const switches = openSwitches(twilioSwitches)
  const console = openConsole<{ accountSid: string; authToken: string }>({
    provider: 'twilio',
    members: ['accountSid', 'authToken'],
    store,
  })
  const report = (message: Kept, url: string): void => {
    const authToken = console.settings()?.authToken
    if (authToken === undefined) return
    const step = (status: string, errorCode?: string): Report => callback(message, { url, status, errorCode, authToken, atMs: clock.now() })
    const end = isLost(message.to, switches.values) ? step('undelivered', '30005') : step('delivered')
    reports.announce('twilio', switches.values, [...(switches.values.queuedInReport ? [step('queued')] : []), step('sent'), end])
  }
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
    const callbackTo = text('StatusCallback')
    if (callbackTo !== '' && !URL.canParse(callbackTo)) return failure(400, 21609, "The 'StatusCallback' URL is not a valid URL.")
    const validity = text('ValidityPeriod')
    if (validity !== '' && !(Number(validity) >= 1 && Number(validity) <= 36_000))
      return failure(400, 21625, 'The validity period is out of range.')
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
    if (!isLost(message.to, switches.values)) inbox.receive({ channel: 'sms', to: message.to, from, body: text('Body') })
    if (callbackTo !== '') report(message, callbackTo)
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
    switches,
    routes: [
      ...console.routes,
      { method: 'POST', path, provider: 'twilio', operation: 'send', handle: signedIn(send) },
      { method: 'GET', path, provider: 'twilio', operation: 'lookup', handle: signedIn(lookUp) },
    ],
  }
}

/** One status callback, signed: HMAC-SHA1 over the address and each parameter, by name. */
function callback(
  { sid, account_sid: account, from, to }: Kept,
  {
    url,
    status,
    errorCode,
    authToken,
    atMs,
  }: { url: string; status: string; errorCode?: string | undefined; authToken: string; atMs: number },
): Report {
  const form: Record<string, string> = {
    AccountSid: String(account),
    ApiVersion: '2010-04-01',
    From: String(from),
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    To: to,
    ...(errorCode !== undefined && { ErrorCode: errorCode }),
    ...(status === 'delivered' && { RawDlrDoneDate: new Date(atMs).toISOString().replace(/\D/g, '').slice(2, 12) }),
  }
  const sorted = Object.entries(form).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const signature = createHmac('sha1', authToken)
    .update(url + sorted.map(([name, value]) => name + value).join(''))
    .digest('base64')
  return {
    url,
    contentType: 'application/x-www-form-urlencoded; charset=utf-8',
    body: new URLSearchParams(form).toString(),
    headers: { 'x-twilio-signature': signature, 'user-agent': 'TwilioProxy/1.1' },
    forged: { headers: { 'x-twilio-signature': createHmac('sha1', 'guessed').update(url).digest('base64') } },
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
  if (from.length > 11 && !/^\+?\d+$/.test(from) && !from.startsWith('MG')) return failure(400, 21212, "The 'From' number is not valid.")
  if (body.length > 1_600) return failure(400, 21617, 'The message body is over 1600 characters.')
  return magic === undefined ? undefined : failure(400, ...magic)
}
