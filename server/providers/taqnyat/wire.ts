import { CallFailure, type RefusalCause } from '#external-calls'
import { errorTypeOfStatus, parseJson, toText } from '../http-exchange.ts'

/** Taqnyat's body. Recipients are digits alone: no plus sign, no leading zeros. */
export function toBody({ sender }: { sender: string }, { to, text }: { to: string; text: string }): string {
  return JSON.stringify({ recipients: [toDigits(to)], body: text, sender })
}

/**
 * Taqnyat's own numbers and HTTP statuses. A plain 400 covers a bad number, a bad sender and a restricted account alike,
 * so it is no proof against the customer's number: a person of ours has to look.
 */
const meanings: Record<string, readonly [RefusalCause, string]> = {
  2: ['configuration', 'The balance is used up.'],
  3: ['configuration', 'The balance is too low.'],
  14: ['configuration', 'The sender name is not accepted.'],
  15: ['permanent', 'The number is not accepted.'],
  101: ['configuration', 'The account’s API is switched off.'],
  102: ['configuration', 'Our address may not call.'],
  104: ['configuration', 'The token is not accepted.'],
  400: ['configuration', 'Something in the request or the account is not accepted.'],
  401: ['configuration', 'The token is not accepted.'],
  403: ['configuration', 'The account may not do this.'],
  429: ['temporary', 'Too many messages in a short time.'],
}

/** Taqnyat's answer as ours. 201 is success only for a number that stands among the accepted ones. */
export function fromAnswer(status: number, text: string, to: string): { providerMessageId: string | null } {
  if (status >= 500) throw new CallFailure({ outcome: 'unknown', errorType: 'http_5xx', providerCode: String(status) })
  if (status >= 400) {
    const code = (codeIn(text) ?? String(status)).slice(0, 40)
    const [cause, detail] = meanings[code] ?? meanings[status] ?? ['configuration', 'Refused for a reason we do not know.']
    throw new CallFailure({ outcome: 'refused', errorType: errorTypeOfStatus(status), cause, providerCode: code, detail })
  }
  const { messageId, accepted, rejected } = parseJson(text)
  const number = toDigits(to)
  if (numbersIn(rejected).includes(number))
    throw new CallFailure({ outcome: 'refused', errorType: 'rejected', cause: 'permanent', detail: 'The number is among the rejected.' })
  if (!numbersIn(accepted).includes(number))
    throw new CallFailure({
      outcome: 'unknown',
      errorType: 'unknown_status',
      providerCode: String(status),
      detail: 'The number is neither accepted nor rejected.',
    })
  return { providerMessageId: toText(messageId) }
}

/** `accepted` and `rejected` are text that looks like a list, with a comma too many: `[966551234567,]`. */
function numbersIn(list: unknown): string[] {
  if (Array.isArray(list)) return list.map(String)
  return typeof list === 'string' ? (list.match(/\d+/g) ?? []) : []
}

function codeIn(text: string): string | null {
  try {
    return toText(parseJson(text)['statusCode'])
  } catch {
    return null
  }
}

function toDigits(e164: string): string {
  return e164.replace(/^\+/, '')
}
