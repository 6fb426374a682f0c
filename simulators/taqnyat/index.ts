import { randomInt } from 'node:crypto'
import type { Voice } from '../act-fault.ts'
import type { Answer, Call } from '../answers.ts'
import { json } from '../answers.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { isWireNumber } from '../phone-number.ts'
import { segments } from '../segments.ts'
import type { Route, Vendor } from '../server.ts'

/** The one token that is refused; every other is an account's. */
const WRONG_TOKEN = 'wrong-token'
/** Recipients ending like this are refused inside a 201, as the vendor does with numbers it cannot serve. */
const REFUSED_ENDING = '000'
const PRICE_SAR = 0.05

/** Taqnyat's SMS API, played. */
export function openTaqnyat({ inbox }: { inbox: Inbox }): Vendor {
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
    routes: [
      route('POST', '/v1/messages', 'send', (call) => send(call, inbox)),
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

function send({ fields }: Call, inbox: Inbox): Answer {
  const { recipients, body, sender } = fields
  if (!Array.isArray(recipients) || recipients.length === 0) return failure(400, 'The recipients are missing')
  if (typeof body !== 'string' || body.trim() === '') return failure(400, 'The body is missing')
  if (typeof sender !== 'string' || !/^[\w .-]{1,11}$/.test(sender)) return failure(400, 'The sender name is not accepted')
  const numbers = recipients.map(String)
  if (!numbers.every((number) => isWireNumber(number))) return failure(400, 'A recipient is not in international format')
  const refused = numbers.filter((number) => number.endsWith(REFUSED_ENDING) || number.length < 11 || number.length > 15)
  const accepted = numbers.filter((number) => !refused.includes(number))
  for (const number of accepted) inbox.receive({ channel: 'sms', to: `+${number}`, from: sender, body })
  const { parts } = segments(body)
  return json(201, {
    statusCode: 201,
    messageId: randomInt(10 ** 9, 10 ** 10),
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
