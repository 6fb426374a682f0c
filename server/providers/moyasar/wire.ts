import { CallFailure, type CallFailureFacts } from '#external-calls'
import type { GatewayAmount, GatewayCharge, GatewayChargeback, GatewayHint, GatewayPage } from '#payments'
import { errorTypeOfStatus } from '../http-exchange.ts'

/** Where our id travels: the gateway has no idempotency for invoices, so this is how one is found again. */
export const attemptIdKey = 'attempt_id'

/** What each status means to us. One that is not here is `unrecognised`: new words appear without notice. */
const pageStatuses: ReadonlyMap<unknown, GatewayPage['status']> = new Map([
  ['initiated', 'open'],
  ['paid', 'paid'],
  ['failed', 'failed'],
  ['expired', 'expired'],
  ['canceled', 'cancelled'],
  // Money moved on it and went back: the charges say how much.
  ['refunded', 'paid'],
  ['voided', 'paid'],
])
const chargeStatuses: ReadonlyMap<unknown, GatewayCharge['status']> = new Map([
  ['initiated', 'pending'],
  ['paid', 'paid'],
  ['captured', 'paid'],
  ['authorized', 'authorised'],
  ['failed', 'failed'],
  ['expired', 'failed'],
  ['refunded', 'refunded'],
  ['voided', 'voided'],
  ['void', 'voided'],
])

type Fields = Record<string, unknown>

/** An invoice. Throws CallFailure (unknown, bad_body) when it lacks what every invoice has. */
export function toPage(value: unknown): GatewayPage {
  const fields = fieldsOf(value)
  const payments = fields['payments']
  return {
    ref: textOf(fields, 'id'),
    url: addressOf(fields, 'url'),
    status: pageStatuses.get(fields['status']) ?? 'unrecognised',
    amount: amountOf(fields),
    attemptId: metadataOf(fields),
    charges: Array.isArray(payments) ? payments.map(toCharge) : [],
  }
}

/** Rows of a list may come without their payments. */
export function hasPayments(value: unknown): boolean {
  return Array.isArray(fieldsOf(value)['payments'])
}

/** The rows of `{ invoices: [...] }`. */
export function toRows(value: unknown): unknown[] {
  const rows = fieldsOf(value)['invoices']
  if (!Array.isArray(rows)) throw unreadable('invoices')
  return rows
}

/** A payment. Throws CallFailure (unknown, bad_body) when it lacks what every payment has. */
export function toCharge(value: unknown): GatewayCharge {
  const fields = fieldsOf(value)
  const status = chargeStatuses.get(fields['status']) ?? 'unrecognised'
  const pageRef = fields['invoice_id']
  return {
    id: textOf(fields, 'id'),
    status,
    amount: amountOf(fields),
    refundedMinor: wholeNumber(fields['refunded'] ?? 0, 'refunded'),
    feeMinor: wholeNumber(fields['fee'] ?? 0, 'fee'),
    failureReason: status === 'failed' ? failureOf(fields['source']) : null,
    pageRef: typeof pageRef === 'string' && pageRef !== '' && pageRef.length <= 200 ? pageRef : null,
    attemptId: metadataOf(fields),
  }
}

/** `{ payments: [...], meta: { next_page } }`. */
export function toChargeList(value: unknown): { charges: GatewayCharge[]; nextPage: number | null } {
  const { rows, nextPage } = listOf(value, 'payments')
  return { charges: rows.map(toCharge), nextPage }
}

function listOf(value: unknown, name: string): { rows: unknown[]; nextPage: number | null } {
  const fields = fieldsOf(value)
  const [rows, meta] = [fields[name], fields['meta']]
  if (!Array.isArray(rows)) throw unreadable(name)
  // Without it a list that goes on would pass for one that ended.
  if (!isFields(meta) || !('next_page' in meta)) throw unreadable('meta')
  return { rows, nextPage: meta['next_page'] === null ? null : wholeNumber(meta['next_page'], 'next_page') }
}

/** `{ settlements: [...], meta }`: the ids. */
export function toSettlements(value: unknown): { ids: string[]; nextPage: number | null } {
  const { rows, nextPage } = listOf(value, 'settlements')
  return { ids: rows.map((row) => textOf(fieldsOf(row), 'id')), nextPage }
}

/** The lines of a settlement: those that are chargebacks. Their amounts come as less than nothing. */
export function toChargebacks(value: unknown): { chargebacks: GatewayChargeback[]; nextPage: number | null } {
  const { rows, nextPage } = listOf(value, 'lines')
  const taken = rows.map(fieldsOf).filter((line) => line['type'] === 'chargeback')
  return { chargebacks: taken.map(toChargeback), nextPage }
}

function toChargeback(line: Fields): GatewayChargeback {
  const { amount } = line
  if (typeof amount !== 'number') throw unreadable('amount')
  return {
    id: textOf(line, 'id'),
    chargeId: textOf(line, 'payment_id'),
    amount: { amountMinor: wholeNumber(Math.abs(amount), 'amount'), currency: textOf(line, 'currency').toUpperCase() },
  }
}

/** A refusal or a fault, from an answer of 400 or above; which field, but not what was in it. */
export function toFailure(status: number, text: string, requestId = ''): CallFailure {
  const body = looseJson(text)
  const type = body && typeof body['type'] === 'string' ? body['type'].slice(0, 60) : null
  const errors = body?.['errors']
  const names = errors !== null && typeof errors === 'object' ? Object.keys(errors).slice(0, 10).join(', ') : ''
  const facts = (outcome: CallFailureFacts['outcome'], cause?: NonNullable<CallFailureFacts['cause']>, detail = names): CallFailure =>
    new CallFailure({
      outcome,
      errorType: errorTypeOfStatus(status),
      ...(cause && { cause }),
      providerCode: `${status} ${type ?? ''}`.trim(),
      detail: [detail, requestId && `request ${requestId}`].filter(Boolean).join(' · ').slice(0, 300),
    })
  if (status >= 500) return facts('unknown')
  // The network edge in front of the API, not the API: our address or our User-Agent is not let through.
  if (status === 403 && !body) return facts('refused', 'configuration', 'blocked by the network edge before the API')
  // 405: a live key on an account that is not activated.
  if (status === 401 || status === 403 || status === 405) return facts('refused', 'configuration')
  return facts('refused', status === 429 ? 'temporary' : 'permanent')
}

/** A webhook's body, or what was kept of one. Null when it is no event. */
export function toHint(body: unknown): GatewayHint | null {
  if (!isFields(body)) return null
  const { id, type, secret_token: secret, live, data } = body
  if (typeof id !== 'string' || id === '' || id.length > 200 || typeof type !== 'string' || type.length > 200) return null
  const about = isFields(data) ? data : {}
  const attemptId = readMetadata(about['metadata'])
  return {
    eventId: id,
    eventType: type,
    secret: typeof secret === 'string' ? secret : null,
    live: typeof live === 'boolean' ? live : null,
    pageRef: typeof about['invoice_id'] === 'string' ? about['invoice_id'] : null,
    attemptId: attemptId !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(attemptId) ? attemptId : null,
    payload: withoutSecrets(body, 0) as Fields,
  }
}

/** Never kept: what proves, what pays, who paid. */
const neverKept = new Set(['secret_token', 'token', 'transaction_url', 'name', 'number', 'dpan', 'ip', 'mobile'])
const deepest = 8

function withoutSecrets(value: unknown, depth: number): unknown {
  if (depth > deepest) return null
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, depth + 1))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (neverKept.has(key) ? [] : [[key, withoutSecrets(entry, depth + 1)]])),
  )
}

function amountOf(fields: Fields): GatewayAmount {
  return { amountMinor: wholeNumber(fields['amount'], 'amount'), currency: textOf(fields, 'currency').toUpperCase() }
}

/** Values of metadata come back as numbers where they look like it, and all of it as null where there is none. */
function metadataOf(fields: Fields): string | null {
  return readMetadata(fields['metadata'])
}

function readMetadata(metadata: unknown): string | null {
  const value = isFields(metadata) ? metadata[attemptIdKey] : null
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function failureOf(source: unknown): string | null {
  if (!isFields(source)) return null
  const words = [source['response_code'], source['message']].filter((word) => typeof word === 'string')
  return words.length > 0 ? words.join(' ').slice(0, 200) : null
}

function wholeNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw unreadable(name)
  return value
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '' || value.length > 500) throw unreadable(name)
  return value
}

/** A customer is sent there, so it must be an address of the web and nothing else. */
function addressOf(fields: Fields, name: string): string {
  const value = textOf(fields, name)
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) throw unreadable(name)
  return value
}

function fieldsOf(value: unknown): Fields {
  if (!isFields(value)) throw unreadable('the whole')
  return value
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function looseJson(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}

function unreadable(name: string): CallFailure {
  return new CallFailure({ outcome: 'unknown', errorType: 'bad_body', detail: `The answer cannot be read at: ${name}.` })
}
