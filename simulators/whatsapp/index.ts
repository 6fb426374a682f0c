import { createHmac, randomBytes } from 'node:crypto'
import type { Voice } from '../act-fault.ts'
import type { Answer, Call } from '../answers.ts'
import { json, problem } from '../answers.ts'
import type { Clock } from '../clock.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { isWireNumber } from '../phone-number.ts'
import type { Report, Reports } from '../reports.ts'
import { isLost, openConsole, reportSwitches } from '../reports.ts'
import type { Vendor } from '../server.ts'
import type { Store } from '../store.ts'
import type { Switches, SwitchTable } from '../switches.ts'
import { openSwitches } from '../switches.ts'
import { graphError } from './graph-error.ts'
import type { Template } from './templates.ts'
import { readTemplate, rendered, templateRoute } from './templates.ts'

/** The one token that is refused; every other is an app's. */
const WRONG_TOKEN = 'wrong-token'

const whatsAppSwitches = {
  readReceipts: {
    values: [true, false],
    initial: true,
    certainty: 'A',
    meaning: 'Whether `read` follows `delivered`; people can turn it off.',
  },
  messageStatus: {
    values: ['accepted', 'held_for_quality_assessment', 'paused'],
    initial: 'accepted',
    certainty: 'B',
    meaning: 'What the answer says of the message.',
  },
  perRecipientSeconds: {
    values: 'whole number',
    initial: 0,
    certainty: 'C',
    meaning: 'Refuses with 131056 whoever wrote to the same number this recently; about 6 on the real thing.',
  },
  ...reportSwitches,
} as const satisfies SwitchTable

type Parts = { store: Store; clock: Clock; inbox: Inbox; reports: Reports }
type Settings = { reportsTo: string; appSecret: string; verifyToken: string }
type Sent = { id: string; to: string; data: string | undefined }

/** The Cloud API's messages endpoint and its webhook, played. Template messages alone: nobody here writes first. */
export function openWhatsApp({ store, clock, inbox, reports }: Parts): Vendor & { switches: Switches<typeof whatsAppSwitches> } {
  const switches = openSwitches(whatsAppSwitches)
  const console = openConsole<Settings>({ provider: 'whatsapp', members: ['reportsTo', 'appSecret', 'verifyToken'], store }, verified)
  const lastTo = new Map<string, number>()
  const send = (call: Call): Answer => {
    const [, token] = /^Bearer +(\S+)$/i.exec(call.headers.authorization ?? '') ?? []
    if (token === undefined || token === WRONG_TOKEN) return graphError(401, 190, 'Invalid OAuth access token')
    if (call.params['number'] === '404') return graphError(400, 100, 'Unsupported post request. Object does not exist', 33)
    const { messaging_product: product, to, type, template, biz_opaque_callback_data: data } = call.fields
    if (product !== 'whatsapp') return graphError(400, 100, "The parameter messaging_product is required and must be 'whatsapp'")
    if (typeof to !== 'string' || !isWireNumber(to.replace(/^\+/, ''))) return graphError(400, 131009, 'Parameter value is not valid')
    const number = to.replace(/^\+/, '')
    if (type !== 'template') return graphError(400, 131047, 'Re-engagement message: more than 24 hours have passed')
    const read = readTemplate(template, store.all<Template>('whatsapp-template'))
    if ('refused' in read) return read.refused
    if (typeof data === 'string' && data.length > 512) return graphError(400, 131009, 'biz_opaque_callback_data is too long')
    const before = lastTo.get(number)
    if (before !== undefined && clock.now() - before < switches.values.perRecipientSeconds * 1_000)
      return graphError(400, 131056, '(Business Account, Consumer Account) pair rate limit hit')
    lastTo.set(number, clock.now())
    const id = `wamid.${randomBytes(24).toString('base64url')}`
    const lost = isLost(number, switches.values)
    if (!lost) inbox.receive({ channel: 'whatsapp', to: `+${number}`, from: 'Thabit', body: rendered(read) })
    const settings = console.settings()
    if (settings !== undefined) {
      const sent: Sent = { id, to: number, data: typeof data === 'string' ? data : undefined }
      const words = lost ? ['failed'] : ['sent', 'delivered', ...(switches.values.readReceipts ? ['read'] : [])]
      const phone = call.params['number'] ?? ''
      reports.announce(
        'whatsapp',
        switches.values,
        words.map((word) => report(sent, { word, settings, phone, atMs: clock.now() })),
      )
    }
    return json(200, {
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: number }],
      messages: [{ id, message_status: switches.values.messageStatus }],
    })
  }
  return {
    provider: 'whatsapp',
    voice,
    switches,
    routes: [
      { method: 'POST', path: '/v23.0/:number/messages', provider: 'whatsapp', operation: 'send', handle: send },
      templateRoute(store),
      ...console.routes,
    ],
  }
}

const voice: Voice = {
  refuse: () => graphError(400, 131026, 'Message undeliverable'),
  failure: (status) => {
    if (status === 401) return graphError(401, 190, 'Invalid OAuth access token')
    if (status === 429) return graphError(429, 130429, 'Cloud API message throughput has been reached')
    if (status >= 500) return problem(status, 'Service temporarily unavailable')
    return graphError(status, 100, 'Invalid parameter')
  },
}

/** Meta asks the address whether it is the customer's own before it takes it. */
async function verified({ reportsTo, verifyToken }: Settings): Promise<string | undefined> {
  const challenge = randomBytes(8).toString('hex')
  const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken, 'hub.challenge': challenge })
  try {
    const response = await fetch(`${reportsTo}?${query.toString()}`, { signal: AbortSignal.timeout(5_000) })
    if (response.ok && (await response.text()) === challenge) return undefined
    return `The callback URL could not be validated: it answered ${response.status} and not the challenge.`
  } catch {
    return 'The callback URL could not be reached.'
  }
}

function report(
  { id, to, data }: Sent,
  { word, settings, phone, atMs }: { word: string; settings: Settings; phone: string; atMs: number },
): Report {
  const failed = word === 'failed' && {
    errors: [
      {
        code: 131026,
        title: 'Message undeliverable',
        message: 'Message undeliverable',
        error_data: { details: 'Unable to deliver the message.' },
      },
    ],
  }
  const status = {
    id,
    status: word,
    timestamp: String(Math.floor(atMs / 1000)),
    recipient_id: to,
    ...(data !== undefined && { biz_opaque_callback_data: data }),
    ...(word === 'sent' && { pricing: { billable: true, pricing_model: 'PMP', category: 'utility' } }),
    ...failed,
  }
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '966550000000', phone_number_id: phone },
    statuses: [status],
  }
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] })
  const signed = (secret: string) => ({ 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` })
  return {
    url: settings.reportsTo,
    contentType: 'application/json',
    body,
    headers: { ...signed(settings.appSecret), 'user-agent': 'facebookexternalua' },
    forged: { headers: signed('guessed') },
  }
}
