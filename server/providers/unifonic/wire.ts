import { CallFailure, type RefusalCause } from '#external-calls'
import { errorTypeOfStatus, parseJson, toText } from '../http-exchange.ts'

/**
 * Unifonic's form. The recipient is digits alone: no plus sign, no leading zeros. With an id of ours a send whose answer was
 * lost can be looked up. Advertising says so, as its sender name must.
 */
export function toForm(
  { credential, sender }: { credential: string; sender: string },
  { id, to, text, promotional = false }: { id?: string; to: string; text: string; promotional?: boolean },
): URLSearchParams {
  return new URLSearchParams({
    AppSid: credential,
    SenderID: sender,
    Recipient: to.replace(/^\+/, ''),
    Body: text,
    responseType: 'JSON',
    ...(id !== undefined && { CorrelationID: id }),
    ...(promotional && { MessageType: '5' }),
  })
}

const duplicate = 'duplicate'

/**
 * Codes in the answer's body and HTTP statuses, which Unifonic uses for one another. A duplicate is no refusal: after a
 * timeout it is the sign that the first try went through.
 */
export const meanings: Record<string, readonly [RefusalCause | typeof duplicate, string]> = {
  'ER-01': ['configuration', 'No rate for this destination, or the balance is used up.'],
  'ER-02': ['permanent', 'The number is not a destination.'],
  'ER-03': ['permanent', 'The number is too long.'],
  'ER-04': ['permanent', 'The number is too short.'],
  'ER-05': ['permanent', 'No route to this number.'],
  'ER-06': ['permanent', 'The text is empty.'],
  // Our texts are fixed, so a filter that stops one stops all: a person has to have it allowed.
  'ER-07': ['configuration', 'The text was filtered.'],
  'ER-08': ['configuration', 'The sender name is not accepted.'],
  'ER-09': [duplicate, 'The same text went to the same number just before.'],
  400: ['configuration', 'No rule of the account matches.'],
  401: ['configuration', 'The AppSid is not accepted.'],
  402: ['configuration', 'The AppSid is missing.'],
  403: ['configuration', 'Our address may not call.'],
  404: ['configuration', 'That version of the API is not there.'],
  406: ['permanent', 'A field has a wrong form.'],
  409: [duplicate, 'The same text went to the same number just before.'],
  410: ['permanent', 'The number has a wrong form.'],
  412: ['permanent', 'The text is too long.'],
  417: ['permanent', 'The text has a wrong form.'],
  421: ['permanent', 'The text is missing.'],
  422: ['permanent', 'The number is missing.'],
  429: ['temporary', 'Too many messages in a short time.'],
  440: ['configuration', 'The sender name has a wrong form.'],
  449: ['permanent', 'The text is empty.'],
  459: ['configuration', 'The credential is not accepted.'],
  460: ['permanent', 'The encoding is not accepted.'],
  480: ['configuration', 'The sender name is not ours to use.'],
  481: ['permanent', 'The country is not served.'],
  482: ['permanent', 'The number is not a destination.'],
  483: ['permanent', 'The number’s operator is not known.'],
  499: ['configuration', 'The account is not set up for this.'],
  546: ['configuration', 'The account is not set up for this.'],
  548: ['configuration', 'The account is not set up for this.'],
  599: ['temporary', 'The platform could not take the message.'],
}

const taken = new Set(['sent', 'queued', 'accepted'])
const turnedDown = new Set(['rejected', 'failed'])

/** Unifonic's answer as ours: judged by what its body says first, since a failure may come with 200; then by its status. */
export function fromAnswer(status: number, text: string): { providerMessageId: string | null } {
  const { MessageID, Status }: { MessageID?: unknown; Status?: unknown } = dataOf(status, text) ?? {}
  const state = typeof Status === 'string' ? Status.toLowerCase() : undefined
  if (state === undefined || taken.has(state)) return { providerMessageId: toText(MessageID) }
  if (turnedDown.has(state))
    throw new CallFailure({ outcome: 'refused', errorType: 'rejected', cause: 'temporary', detail: 'Taken, and turned down at once.' })
  throw new CallFailure({ outcome: 'unknown', errorType: 'unknown_status', detail: 'A state we do not know.' })
}

/** The `data` of an answer that says it went well, of whichever call; throws CallFailure for every other. */
export function dataOf(status: number, text: string): object | undefined {
  const { success, errorCode, data } = status >= 400 ? membersIfJson(text) : parseJson(text)
  const code = (toText(errorCode) ?? '').replace(/^ER-(?=\d{3}$)/, '')
  if (status < 400 && (success === true || success === 'true') && (code === '' || code === 'ER-00'))
    return typeof data === 'object' && data !== null ? data : undefined

  const known = meanings[code] ?? (status >= 400 ? meanings[status] : undefined)
  const providerCode = (code || String(status)).slice(0, 40)
  if (known?.[0] === duplicate) throw new CallFailure({ outcome: 'unknown', errorType: 'rejected', providerCode, detail: known[1] })
  if (known)
    throw new CallFailure({
      outcome: 'refused',
      errorType: status >= 400 ? errorTypeOfStatus(status) : 'rejected',
      cause: known[0],
      providerCode,
      detail: known[1],
    })
  if (status >= 400 && status < 500)
    throw new CallFailure({ outcome: 'refused', errorType: 'http_4xx', cause: 'configuration', providerCode })
  if (status >= 500 && (success === false || success === 'false'))
    throw new CallFailure({ outcome: 'refused', errorType: 'http_5xx', cause: 'temporary', providerCode })
  throw new CallFailure({ outcome: 'unknown', errorType: status >= 500 ? 'http_5xx' : 'unknown_status', providerCode })
}

function membersIfJson(text: string): Record<string, unknown> {
  try {
    return parseJson(text)
  } catch {
    return {}
  }
}
