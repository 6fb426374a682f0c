import { randomInt } from 'node:crypto'
import type { Voice } from '../act-fault.ts'
import type { Answer, Call } from '../answers.ts'
import { json } from '../answers.ts'
import type { Clock } from '../clock.ts'
import { isoTime } from '../clock.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { isWireNumber } from '../phone-number.ts'
import type { Report, Reports } from '../reports.ts'
import { guessedAddress, isLost, openConsole, reportSwitches } from '../reports.ts'
import { segments } from '../segments.ts'
import type { Route, Vendor } from '../server.ts'
import type { Store } from '../store.ts'
import type { Switches, SwitchTable } from '../switches.ts'
import { openSwitches } from '../switches.ts'

/** The one token that is refused; every other is an account's. */
const WRONG_TOKEN = 'wrong-token'
/** Recipients ending like this are refused inside a 201, as the vendor does with numbers it cannot serve. */
const REFUSED_ENDING = '000'
const PRICE_SAR = 0.05

const taqnyatSwitches = {
  ...reportSwitches,
  deliveryReports: {
    ...reportSwitches.deliveryReports,
    certainty: 'D',
    meaning: 'Reports of SMS, which no document speaks of; they go to accounts that gave an address, in the words of its other channel.',
  },
} as const satisfies SwitchTable

type Parts = { store: Store; clock: Clock; inbox: Inbox; reports: Reports }
type Sending = { inbox: Inbox; reaches: (number: string) => boolean; report: (messageId: number, number: string) => void }

/** Taqnyat's SMS API, played. */
export function openTaqnyat({ store, clock, inbox, reports }: Parts): Vendor & { switches: Switches<typeof taqnyatSwitches> } {
  const switches = openSwitches(taqnyatSwitches)
  const console = openConsole<{ reportsTo: string }>({ provider: 'taqnyat', members: ['reportsTo'], store })
  const sending: Sending = {
    inbox,
    reaches: (number) => !isLost(number, switches.values),
    report: (messageId, number) => {
      const url = console.settings()?.reportsTo
      if (url === undefined) return
      const step = (status: string): Report => ({
        url,
        contentType: 'application/json',
        headers: {},
        forged: { url: guessedAddress(url) },
        body: JSON.stringify({ messageId, recipient: number, status, timestamp: isoTime(clock.now()) }),
      })
      reports.announce('taqnyat', switches.values, [step('sent'), step(isLost(number, switches.values) ? 'failed' : 'delivered')])
    },
  }
  const signedIn =
    (handle: (call: Call) => Answer) =>
    (call: Call): Answer => {
      const [, token] = /^Bearer +(\S+)$/i.exec(call.headers.authorization ?? '') ?? []
      return token === undefined || token === WRONG_TOKEN ? failure(401) : handle(call)
    }
  const route = (method: string, path: string, operation: string, handle: (call: Call) => Answer): Route => ({
    method,
    path,
    provider: 'taqnyat',
    operation,
    handle: signedIn(handle),
  })
  return {
    provider: 'taqnyat',
    voice,
    switches,
    routes: [
      ...console.routes,
      route('POST', '/v1/messages', 'send', (call) => send(call, sending)),
      route('GET', '/v1/messages/senders', 'status', () =>
        json(200, { statusCode: 200, senders: [{ senderName: 'Thabit', status: 'active' }] }),
      ),
      route('GET', '/account/balance', 'balance', () =>
        json(200, {
          statusCode: 200,
          accountStatus: 'active',
          accountExpiryDate: '2030-01-01',
          balance: '1000.00',
          currency: 'SAR',
          points: 20_000,
        }),
      ),
      route('GET', '/system/status', 'status', () => json(200, { statusCode: 200, status: 'online' })),
    ],
  }
}

const WORDS: Record<number, string> = {
  400: 'Invalid input',
  401: 'Unauthorized: the bearer token is not valid',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Service unavailable',
}

function failure(status: number, message = WORDS[status] ?? 'Request failed'): Answer {
  return json(status, { statusCode: status, message })
}

const voice: Voice = { refuse: () => failure(400, 'The sender name is not accepted'), failure }

function send({ fields }: Call, { inbox, report, reaches }: Sending): Answer {
  const { recipients, body, sender } = fields
  if (!Array.isArray(recipients) || recipients.length === 0) return failure(400, 'The recipients are missing')
  if (typeof body !== 'string' || body.trim() === '') return failure(400, 'The body is missing')
  if (typeof sender !== 'string' || !/^[\w .-]{1,11}$/.test(sender)) return failure(400, 'The sender name is not accepted')
  const numbers = recipients.map(String)
  if (!numbers.every((number) => isWireNumber(number))) return failure(400, 'A recipient is not in international format')
  const refused = numbers.filter((number) => number.endsWith(REFUSED_ENDING) || number.length < 11 || number.length > 15)
  const accepted = numbers.filter((number) => !refused.includes(number))
  const messageId = randomInt(10 ** 9, 10 ** 10)
  for (const number of accepted) {
    if (reaches(number)) inbox.receive({ channel: 'sms', to: `+${number}`, from: sender, body })
    report(messageId, number)
  }
  const { parts } = segments(body)
  return json(201, {
    statusCode: 201,
    messageId,
    cost: (accepted.length * parts * PRICE_SAR).toFixed(4),
    currency: 'SAR',
    totalCount: numbers.length,
    msgLength: parts,
    accepted: listText(accepted),
    rejected: listText(refused),
  })
}

/** A string that only looks like a list, trailing comma and all. */
function listText(numbers: string[]): string {
  return `[${numbers.map((number) => `${number},`).join('')}]`
}
