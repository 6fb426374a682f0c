import { CallFailure, type RefusalCause } from '#external-calls'
import { errorTypeOfStatus, parseJson, toText } from '../http-exchange.ts'

export interface TemplateMessage {
  id: string
  /** E.164. */
  to: string
  locale: 'ar' | 'en'
  template: { name: string; parameters: readonly string[] }
}

/** The Cloud API's body: outside a conversation the customer opened, only approved templates may be sent. `id` comes back in every report. */
export function toBody({ id, to, locale, template: { name, parameters } }: TemplateMessage): string {
  return JSON.stringify({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: to.replace(/^\+/, ''),
    type: 'template',
    template: {
      name,
      language: { code: locale },
      components:
        parameters.length === 0 ? [] : [{ type: 'body', parameters: parameters.map((text) => ({ type: 'text', text: oneLine(text) })) }],
    },
    biz_opaque_callback_data: id,
  })
}

/** A parameter with a line break, a tab or a run of spaces is refused. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

type Meaning = readonly [RefusalCause, string]

/** The Graph API's codes, in refusals and in reports. What the channel cannot do for this person is permanent: another channel can. */
export const meanings: Record<string, Meaning> = {
  0: ['configuration', 'The token is not accepted.'],
  1: ['temporary', 'Meta’s own trouble.'],
  2: ['temporary', 'Meta’s own trouble.'],
  4: ['temporary', 'Too many calls.'],
  10: ['configuration', 'The token may not do this.'],
  17: ['temporary', 'Too many calls.'],
  100: ['permanent', 'A field is not accepted.'],
  190: ['configuration', 'The token ran out or was withdrawn.'],
  368: ['configuration', 'The account is restricted for a breach of policy.'],
  80007: ['temporary', 'Too many calls.'],
  130429: ['temporary', 'Too many messages at once.'],
  130497: ['configuration', 'The account may not send to that country.'],
  131000: ['temporary', 'Meta’s own trouble.'],
  131005: ['configuration', 'The token may not do this.'],
  131008: ['permanent', 'A field is missing.'],
  131009: ['permanent', 'A field has a wrong value.'],
  131016: ['temporary', 'The service is not available just now.'],
  131021: ['permanent', 'The number is our own.'],
  131026: ['permanent', 'The number cannot be reached over WhatsApp.'],
  131031: ['configuration', 'The account is locked.'],
  131042: ['configuration', 'The account cannot be charged.'],
  131047: ['permanent', 'More than a day since the customer wrote.'],
  131048: ['permanent', 'Held back: too many of our messages were taken for spam.'],
  131049: ['permanent', 'Meta chose not to deliver it.'],
  131051: ['permanent', 'A kind of message that is not supported.'],
  131056: ['temporary', 'Too many messages to the same number.'],
  131057: ['temporary', 'The account is in maintenance.'],
  132000: ['permanent', 'The template has another number of parameters.'],
  132001: ['configuration', 'The template is not there in this language.'],
  132005: ['permanent', 'The text is too long.'],
  132007: ['permanent', 'The text breaks a rule of the template.'],
  132012: ['permanent', 'A parameter has a wrong form.'],
  132015: ['configuration', 'The template is paused.'],
  132016: ['configuration', 'The template is disabled.'],
  133004: ['temporary', 'The server is not available just now.'],
}

/** The Cloud API's answer as ours. An accepted message is not a delivered one: much is refused later, by report alone. */
export function fromAnswer(status: number, text: string): { providerMessageId: string | null } {
  if (status >= 400) throw refusal(status, text)
  const { messages, error } = parseJson(text)
  if (error !== undefined) throw refusal(status, text)
  const first: unknown = Array.isArray(messages) ? messages[0] : undefined
  const { id, message_status: state }: { id?: unknown; message_status?: unknown } = typeof first === 'object' && first !== null ? first : {}
  // Held for a look at its quality: taken, and sent or dropped later, of which a report tells.
  const taken = state === undefined || state === 'accepted' || state === 'held_for_quality_assessment'
  if (typeof id !== 'string' || !taken)
    throw new CallFailure({ outcome: 'unknown', errorType: 'unknown_status', detail: 'A state we do not know.' })
  return { providerMessageId: id.slice(0, 200) }
}

function refusal(status: number, text: string): CallFailure {
  const { code, transient } = errorIn(text)
  const errorType = status >= 400 ? errorTypeOfStatus(status) : 'rejected'
  const meaning = code === null ? undefined : meaningOf(code, transient)
  if (code !== null && meaning !== undefined)
    return new CallFailure({ outcome: 'refused', errorType, cause: meaning[0], providerCode: code.slice(0, 40), detail: meaning[1] })
  const providerCode = (code ?? String(status)).slice(0, 40)
  if (status === 429) return new CallFailure({ outcome: 'refused', errorType, cause: 'temporary', providerCode })
  if (status >= 400 && status < 500) return new CallFailure({ outcome: 'refused', errorType, cause: 'configuration', providerCode })
  return new CallFailure({ outcome: 'unknown', errorType: status >= 500 ? 'http_5xx' : 'unknown_status', providerCode })
}

function meaningOf(code: string, transient: boolean): Meaning | undefined {
  if (Object.hasOwn(meanings, code)) return meanings[code]
  if (/^2\d\d$/.test(code)) return ['configuration', 'The token may not do this.']
  if (transient) return ['temporary', 'Meta says it will pass.']
  return undefined
}

function errorIn(text: string): { code: string | null; transient: boolean } {
  try {
    const { error } = parseJson(text)
    const members: { code?: unknown; is_transient?: unknown } = typeof error === 'object' && error !== null ? error : {}
    return { code: toText(members.code), transient: members.is_transient === true }
  } catch {
    return { code: null, transient: false }
  }
}
