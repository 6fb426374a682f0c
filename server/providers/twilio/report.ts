import { createHash, createHmac } from 'node:crypto'
import type { DeliveryReport, DeliveryReportReader, ReportRequest, SaidDelivery } from '#notifications'
import { ourIdIn } from '../our-id.ts'
import { header, isDigest, sameSecret } from '../signature.ts'
import { meanings as codes } from './wire.ts'

/** Our notification's id in the address each message is reported to: the signature covers it. */
const idParameter = 'notification'

/** Where one message is reported to. */
export function reportsToFor(address: string, id: string): string {
  return `${address}?${idParameter}=${encodeURIComponent(id)}`
}

const meanings: Record<string, SaidDelivery> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  // Some parts of a long text; the rest may still come, or be reported as failed.
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'undelivered',
  failed: 'undelivered',
  canceled: 'undelivered',
}

/** Twilio's status callbacks, signed with the account's auth token. */
export function twilioReports({ authToken }: { authToken: string }): DeliveryReportReader {
  return {
    provider: 'twilio',
    read(request) {
      if (!isSigned(request, authToken)) return 'forged'
      const form = new URLSearchParams(request.rawBody.toString('utf8'))
      return { verified: 'signature', reports: reportsIn(form, request.url) }
    },
  }
}

function reportsIn(form: URLSearchParams, url: string): DeliveryReport[] {
  const said = form.get('MessageStatus') ?? form.get('SmsStatus')
  const providerMessageId = form.get('MessageSid') ?? form.get('SmsSid')
  if (!said || !providerMessageId) return []
  const code = form.get('ErrorCode')
  return [
    {
      providerMessageId: providerMessageId.slice(0, 200),
      said: said.slice(0, 40),
      delivery: Object.hasOwn(meanings, said) ? (meanings[said] ?? null) : null,
      errorCode: code ? code.slice(0, 40) : null,
      permanent: code !== null && Object.hasOwn(codes, code) && codes[code]?.[0] === 'permanent',
      ourId: URL.canParse(url) ? ourIdIn(new URL(url).searchParams.get(idParameter)) : null,
      saidAt: doneDate(form.get('RawDlrDoneDate')),
    },
  ]
}

/** `YYMMDDhhmm` in UTC, as operators write it. */
function doneDate(text: string | null): Temporal.Instant | null {
  const [, year, month, day, hour, minute] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(text ?? '') ?? []
  try {
    return Temporal.Instant.from(`20${year}-${month}-${day}T${hour}:${minute}:00Z`)
  } catch {
    return null
  }
}

/**
 * HMAC-SHA1 over the whole address and, of a form, every name and value in the order of the names, values of one name
 * sorted and each once; of another body, its SHA-256 stands in the address. The address is tried with and without its
 * port: proxies drop it. Vector in the test.
 */
function isSigned({ headers, url, rawBody }: ReportRequest, authToken: string): boolean {
  const given = header(headers, 'x-twilio-signature')
  const isForm = (header(headers, 'content-type') ?? '').includes('application/x-www-form-urlencoded')
  const signed = isForm ? sortedParameters(rawBody) : ''
  const bodyHash = URL.canParse(url) ? new URL(url).searchParams.get('bodySHA256') : null
  if (!isForm && rawBody.length > 0 && !sameSecret(bodyHash ?? '', createHash('sha256').update(rawBody).digest('hex'))) return false
  // All are computed, whichever fits.
  return addresses(url)
    .map((address) => isDigest(given, createHmac('sha1', authToken).update(address + signed), 'base64'))
    .includes(true)
}

function sortedParameters(rawBody: Buffer): string {
  const form = new URLSearchParams(rawBody.toString('utf8'))
  return [...new Set(form.keys())]
    .toSorted()
    .flatMap((name) => [...new Set(form.getAll(name))].toSorted().map((value) => name + value))
    .join('')
}

function addresses(written: string): string[] {
  if (!URL.canParse(written)) return [written]
  const { protocol, port } = new URL(written)
  const [, start = '', host = '', rest = ''] = /^([a-z]+:\/\/(?:[^/?#@]*@)?)([^/?#]*)(.*)$/i.exec(written) ?? []
  const bare = host.replace(/:\d+$/, '')
  const usual = protocol === 'https:' ? '443' : '80'
  return [...new Set([written, `${start}${bare}${rest}`, `${start}${bare}:${port || usual}${rest}`])]
}
