import { randomInt } from 'node:crypto'
import type { Voice } from '../act-fault.ts'
import type { Answer, Call } from '../answers.ts'
import { json } from '../answers.ts'
import type { Clock } from '../clock.ts'
import { isoTime } from '../clock.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { isWireNumber } from '../phone-number.ts'
import type { Reports } from '../reports.ts'
import { isLost, openConsole } from '../reports.ts'
import { segments } from '../segments.ts'
import type { Vendor } from '../server.ts'
import type { Store } from '../store.ts'
import type { Switches } from '../switches.ts'
import { openSwitches } from '../switches.ts'
import { receiptOf, reportsOf } from './reports-of.ts'
import { unifonicSwitches } from './switches.ts'

export type Kept = {
  id: number
  correlationId: string | null
  sender: string
  recipient: string
  body: string
  atMs: number
  lost: boolean
}
type Values = Switches<typeof unifonicSwitches>['values']

const MOST_KEPT = 2_000
/** The one AppSid that is refused; every other is an account's. */
const WRONG_APP_SID = 'wrong-app-sid'

/** Unifonic's SMS API, played: parameters in the query, a form or JSON; refusals with and without an HTTP error. */
export function openUnifonic({
  store,
  clock,
  inbox,
  reports,
}: {
  store: Store
  clock: Clock
  inbox: Inbox
  reports: Reports
}): Vendor & { switches: Switches<typeof unifonicSwitches> } {
  const switches = openSwitches(unifonicSwitches)
  const console = openConsole<{ reportsTo: string }>({ provider: 'unifonic', members: ['reportsTo'], store })
  const send = (call: Call): Answer => {
    const text = parameters(call)
    const refused = wrongAccount(text('AppSid')) ?? wrongMessage(text, switches.values)
    if (refused !== undefined) return refused
    const message: Kept = {
      id: 42_000_000_000_000 + randomInt(10 ** 9),
      correlationId: text('CorrelationID') ?? null,
      sender: text('SenderID') ?? 'Thabit',
      recipient: text('Recipient') ?? '',
      body: text('Body') ?? '',
      atMs: clock.now(),
      lost: isLost(text('Recipient') ?? '', switches.values),
    }
    if (switches.values.duplicateDetection && isRepeat(store, message, switches.values.duplicateWindowSeconds)) {
      return refusal(200, 'ER-09', 'Duplicate message')
    }
    store.put('unifonic', String(message.id), message)
    store.keepNewest('unifonic', MOST_KEPT)
    if (!message.lost) inbox.receive({ channel: 'sms', to: `+${message.recipient}`, from: message.sender, body: message.body })
    const address = console.settings()?.reportsTo
    if (address !== undefined) reports.announce('unifonic', switches.values, reportsOf(message, address, switches.values))
    const units = switches.values.unitsInReply ? segments(message.body).parts : 0
    return json(200, {
      success: switches.values.successAsText ? 'true' : true,
      message: '',
      errorCode: 'ER-00',
      data: {
        MessageID: message.id,
        CorrelationID: message.correlationId ?? '',
        Status: 'Sent',
        NumberOfUnits: units,
        Cost: units * 0.07,
        Balance: 0,
        Recipient: message.recipient,
        TimeCreated: wallTime(message.atMs),
        CurrencyCode: '',
      },
    })
  }
  const lookUp = (call: Call): Answer => {
    const text = parameters(call)
    const refused = wrongAccount(text('AppSid'))
    if (refused !== undefined) return refused
    const id = text('MessageID')
    if (id !== undefined && !/^\d+$/.test(id)) return refusal(432, 'ER-432', 'MessageId must be numeric')
    const wanted: [string | undefined, (kept: Kept) => string | null][] = [
      [id, (kept) => String(kept.id)],
      [text('CorrelationID'), (kept) => kept.correlationId],
      [text('Recipient'), (kept) => kept.recipient],
      [text('SenderID'), (kept) => kept.sender],
    ]
    const found = store.all<Kept>('unifonic').filter((kept) => wanted.every(([value, of]) => value === undefined || of(kept) === value))
    const messages = found
      .toReversed()
      .slice(0, Number(text('Limit') ?? 50))
      .map((kept) => shown(kept, receiptOf(kept, clock.now(), switches.values)))
    return json(200, {
      success: true,
      message: '',
      errorCode: 'ER-00',
      data: { messages, CurrencyCode: '', TotalTextMessages: found.length, Next: null, Prev: null },
    })
  }
  return {
    provider: 'unifonic',
    voice,
    switches,
    routes: [
      { method: 'POST', path: '/rest/SMS/messages', provider: 'unifonic', operation: 'send', handle: send },
      { method: 'POST', path: '/rest/SMS/Messages/GetMessagesDetails', provider: 'unifonic', operation: 'lookup', handle: lookUp },
      ...console.routes,
    ],
  }
}

const voice: Voice = {
  refuse: () => refusal(200, 'ER-05', 'No route for this destination'),
  failure: (status) =>
    refusal(status, `ER-${status}`, status === 401 ? 'Authentication failed' : status === 429 ? 'Too many requests' : 'Request failed'),
}

function refusal(status: number, errorCode: string, message: string): Answer {
  return json(status, { success: false, message, errorCode, data: {} })
}

/** The documents put parameters in the query, the samples in a form, some clients in JSON: all three count. */
function parameters({ query, fields }: Call): (name: string) => string | undefined {
  return (name) => {
    const value = fields[name] ?? query.get(name)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }
}

function wrongAccount(appSid: string | undefined): Answer | undefined {
  if (appSid === undefined || appSid === '') return refusal(402, 'ER-402', 'Missing parameter AppSid')
  return appSid === WRONG_APP_SID ? refusal(401, 'ER-401', 'Authentication failed') : undefined
}

function wrongMessage(text: (name: string) => string | undefined, values: Values): Answer | undefined {
  const recipient = text('Recipient')
  const body = text('Body')
  if (recipient === undefined || recipient === '') return refusal(422, 'ER-422', 'Missing parameter Recipient')
  if (body === undefined) return refusal(421, 'ER-421', 'Missing parameter Body')
  if (body.trim() === '') return refusal(449, 'ER-06', 'Message body is empty')
  if (!isWireNumber(recipient)) return refusal(410, 'ER-410', 'Wrong recipient format')
  if (recipient.length < 11) return refusal(200, 'ER-04', 'Dest num is too short')
  if (recipient.length > 15) return refusal(200, 'ER-03', 'Dest num is too long')
  if (recipient.startsWith('966') && !/^9665\d{8}$/.test(recipient)) return refusal(200, 'ER-02', 'Invalid destination')
  if (!/^[\w .-]{1,11}$/.test(text('SenderID') ?? 'Thabit')) return refusal(440, 'ER-440', 'Wrong sender format')
  if (text('MessageType') === '5' && !/[- ]AD$/.test(text('SenderID') ?? ''))
    return refusal(200, 'ER-08', 'Promotional messages need a sender that ends in -AD')
  if (!values.senderRegistered) return refusal(200, 'ER-08', 'Sender is invalid')
  if (!/^[\w-]{1,64}$/.test(text('CorrelationID') ?? 'none')) return refusal(456, 'ER-456', 'Wrong CorrelationID format')
  if (body.length > 1_600) return refusal(412, 'ER-412', 'Message body is too long')
  return undefined
}

function isRepeat(store: Store, { recipient, body, atMs }: Kept, seconds: number): boolean {
  return store
    .all<Kept>('unifonic')
    .some((kept) => kept.recipient === recipient && kept.body === body && atMs - kept.atMs < seconds * 1_000)
}

function shown(kept: Kept, receipt: string): Record<string, unknown> {
  const { parts } = segments(kept.body)
  const at = wallTime(kept.atMs)
  return {
    MessageID: kept.id,
    CorrelationID: kept.correlationId ?? '',
    Status: 'Sent',
    MessageBody: kept.body,
    Country: kept.recipient.startsWith('966') ? 'Saudi Arabia' : '',
    DLR: receipt,
    NumberOfUnits: parts,
    Cost: parts * 0.07,
    SenderID: kept.sender,
    Recipient: kept.recipient,
    DateCreated: at,
    DateSent: at,
  }
}

/** `2026-09-06 14:06:25.979` */
function wallTime(ms: number): string {
  return isoTime(ms).replace('T', ' ').replace('Z', '')
}
