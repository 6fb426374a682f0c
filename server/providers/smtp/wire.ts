import { createHash } from 'node:crypto'
import { CallFailure, type CallFailureFacts, type RefusalCause } from '#external-calls'

export interface MailMessage {
  id: string
  to: string
  locale: 'ar' | 'en'
  text: string
  subject: string
}

/** A mail as its composer takes it. Its Message-ID is made of the message's own id: a relay that gets it twice can know it. */
export function toMail({ from }: { from: string }, { id, to, locale, text, subject }: MailMessage) {
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  return {
    from,
    to,
    subject,
    text,
    html: `<!doctype html><html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"><meta charset="utf-8"><body style="font:16px/1.6 sans-serif"><div dir="${locale === 'ar' ? 'rtl' : 'ltr'}" style="white-space:pre-line">${escape(text)}</div></body></html>`,
    messageId: `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@${domain}>`,
    headers: {
      'Content-Language': locale,
      // Nobody's answering machine should answer.
      'Auto-Submitted': 'auto-generated',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** How far the dialogue had come. Until the last line of the mail was given to the relay it cannot have taken it. */
export type Stage = 'connecting' | 'signing in' | 'addressing' | 'mail given'

/** What nodemailer tells of a dialogue that failed. */
export interface DialogueError {
  code?: string
  responseCode?: number
  response?: string
  command?: string
  /** The system's own name of a network fault, which `code` replaced. */
  originalCode?: string
}

const noName = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'EDNS'])
const noConnection = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL/
const noTrust = /CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|self.signed|certificate/

/**
 * A dialogue that failed as one of ours. A reply is classed by its number, its enhanced code and by what it answers: 5xx to
 * the recipient is about the recipient, to anything before it about us. A connection that ends before the mail was given
 * whole has done nothing; after that, nobody knows.
 */
export function toFailure(error: unknown, stage: Stage): CallFailure {
  if (error instanceof CallFailure) return error
  const { code = '', originalCode = '', responseCode, response = '', command = '' } = isDialogueError(error) ? error : {}
  if (responseCode !== undefined && responseCode >= 400) return new CallFailure(ofReply(responseCode, response, command))
  const said = `${originalCode} ${error instanceof Error ? error.message : ''}`
  if (noName.has(code)) return new CallFailure({ outcome: 'unreachable', errorType: 'dns', detail: 'The relay’s name does not resolve.' })
  if (stage === 'mail given')
    return new CallFailure({
      outcome: 'unknown',
      errorType: code === 'ETIMEDOUT' ? 'timeout' : 'reset',
      detail: 'Cut off after the mail was given.',
    })
  if (noConnection.test(said))
    return new CallFailure({ outcome: 'unreachable', errorType: 'connect', detail: noConnection.exec(said)?.[0] ?? '' })
  if (code === 'ETLS' || noTrust.test(said))
    return new CallFailure({ outcome: 'unreachable', errorType: 'tls', detail: 'No TLS that can be trusted.' })
  if (code === 'EPROTOCOL' && /maximum allowed size/.test(said))
    return new CallFailure({ outcome: 'unreachable', errorType: 'cap_exceeded', detail: 'The relay’s reply is without end.' })
  if (code === 'EPROTOCOL')
    return new CallFailure({ outcome: 'unreachable', errorType: 'bad_body', detail: 'What answers there is no mail relay.' })
  if (code === 'EENVELOPE' || code === 'EMESSAGE')
    return new CallFailure({ outcome: 'refused', errorType: 'rejected', cause: 'permanent', detail: 'The address is not an address.' })
  if (code === 'EAUTH')
    return new CallFailure({
      outcome: 'refused',
      errorType: 'misconfigured',
      cause: 'configuration',
      detail: 'The relay offers no way to sign in that we know.',
    })
  // Closed or reset by the relay: the mail was not given yet, so nothing of it is on its way.
  return new CallFailure({
    outcome: 'unreachable',
    errorType: code === 'ETIMEDOUT' ? 'timeout' : 'reset',
    detail: 'Cut off before the mail was given.',
  })
}

function ofReply(reply: number, response: string, command: string): CallFailureFacts {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})/m.exec(response)?.[1]
  const [cause, detail] = meaningOf(reply, enhanced, command)
  return {
    outcome: 'refused',
    errorType: 'rejected',
    cause,
    providerCode: [reply, enhanced].filter((part) => part !== undefined).join(' '),
    detail,
  }
}

function meaningOf(reply: number, enhanced: string | undefined, command: string): readonly [RefusalCause, string] {
  const [, subject = '', rest = ''] = /^\d\.(\d+)\.(\d+)$/.exec(enhanced ?? '') ?? []
  if (reply < 500) return ['temporary', subject === '7' ? 'Put off by a rule of the relay.' : 'Put off for now.']
  if (reply === 530 || reply === 534 || reply === 535 || reply === 538) return ['configuration', 'The relay does not let us in.']
  if (command === 'RCPT TO') {
    // 5.7: a rule against us (no relaying, a listed address), not a word about the mailbox.
    if (subject === '7') return ['configuration', 'A rule of the relay keeps us from sending there.']
    if (subject === '2' || reply === 552) return ['permanent', 'The mailbox takes nothing more.']
    return ['permanent', 'The address is not known there.']
  }
  if (command === 'DATA') {
    if (subject === '7') return ['configuration', 'The mail was taken for one against the rules.']
    if (reply === 552 || (subject === '3' && rest === '4')) return ['permanent', 'The mail is too large.']
    return ['permanent', 'The mail was not accepted.']
  }
  return ['configuration', 'The relay does not serve us.']
}

function isDialogueError(error: unknown): error is DialogueError {
  return error instanceof Error
}
