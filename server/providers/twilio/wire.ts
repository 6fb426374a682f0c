import { CallFailure, type RefusalCause } from '#external-calls'
import { errorTypeOfStatus, parseJson, toText } from '../http-exchange.ts'

export interface TwilioMessage {
  /** E.164, with its plus sign. */
  to: string
  text: string
  from: string
  statusCallback?: string
  /** After this Twilio gives up rather than deliver late. */
  validForSeconds?: number
}

export function toForm({ to, text, from, statusCallback, validForSeconds }: TwilioMessage): URLSearchParams {
  return new URLSearchParams({
    To: to,
    From: from,
    Body: text,
    ...(statusCallback !== undefined && { StatusCallback: statusCallback }),
    ...(validForSeconds !== undefined && { ValidityPeriod: String(validForSeconds) }),
  })
}

/** Twilio's own codes, in refusals and in reports. */
export const meanings: Record<string, readonly [RefusalCause, string]> = {
  20003: ['configuration', 'The key is not accepted.'],
  // Of our one call only the account can be missing.
  20404: ['configuration', 'The account is not there.'],
  20429: ['temporary', 'Too many messages at once.'],
  21211: ['permanent', 'The number is not a number.'],
  21212: ['configuration', 'The sender is not a sender.'],
  21408: ['configuration', 'The account may not send to that country.'],
  21602: ['permanent', 'The text is empty.'],
  21603: ['configuration', 'The sender is missing.'],
  21604: ['permanent', 'The number is missing.'],
  21606: ['configuration', 'The sender is not ours to use.'],
  21610: ['permanent', 'The number opted out.'],
  21611: ['temporary', 'The sender’s queue is full.'],
  21612: ['configuration', 'The number is out of this sender’s reach.'],
  21614: ['permanent', 'The number is no mobile number.'],
  21617: ['permanent', 'The text is too long.'],
  21659: ['configuration', 'The sender is not ours to use.'],
  30001: ['temporary', 'The queue ran over.'],
  30002: ['configuration', 'The account is suspended.'],
  30003: ['temporary', 'The phone is off or out of reach.'],
  30004: ['permanent', 'The number is blocked.'],
  30005: ['permanent', 'The number is unknown.'],
  30006: ['permanent', 'The number is a landline, or its operator is out of reach.'],
  // Our texts are fixed, so a filter that stops one stops all.
  30007: ['configuration', 'The text was filtered.'],
  30008: ['temporary', 'It failed for a reason the operator does not tell.'],
  30450: ['permanent', 'Taken for SMS pumping.'],
}

const taken = new Set(['accepted', 'scheduled', 'queued', 'sending', 'sent', 'delivered', 'read', 'partially_delivered'])
const turnedDown = new Set(['failed', 'undelivered'])

/** Twilio's answer as ours. A taken message is 201 with its sid; any 5xx is unknown, as no key makes a send safe to repeat. */
export function fromAnswer(status: number, text: string): { providerMessageId: string | null } {
  if (status >= 500) throw new CallFailure({ outcome: 'unknown', errorType: 'http_5xx', providerCode: String(status) })
  if (status >= 400) throw refusal(status, codeIn(text))
  const answer = parseJson(text)
  const code = toText(answer['error_code'])
  const state = answer['status']
  if (typeof state === 'string' && turnedDown.has(state)) {
    const [cause, detail] = meanings[code ?? ''] ?? ['temporary', 'Taken, and turned down at once.']
    throw new CallFailure({ outcome: 'refused', errorType: 'rejected', cause, ...(code !== null && { providerCode: code }), detail })
  }
  const sid = toText(answer['sid'])
  if (sid === null || typeof state !== 'string' || !taken.has(state))
    throw new CallFailure({ outcome: 'unknown', errorType: 'unknown_status', detail: 'A state we do not know.' })
  return { providerMessageId: sid }
}

function refusal(status: number, code: string | null): CallFailure {
  const known = meanings[code ?? '']
  const [cause, detail] =
    known ?? (status === 429 ? ['temporary', 'Too many messages at once.'] : ['configuration', 'Refused for a reason we do not know.'])
  return new CallFailure({
    outcome: 'refused',
    errorType: errorTypeOfStatus(status),
    cause,
    providerCode: (code ?? String(status)).slice(0, 40),
    detail,
  })
}

function codeIn(text: string): string | null {
  try {
    return toText(parseJson(text)['code'])
  } catch {
    return null
  }
}
