import type { Call } from '../answers.ts'
import { isRecord } from '../read-call.ts'
import type { Metadata } from './objects.ts'
import type { FieldErrors } from './refusals.ts'

/** Reads one field after another and gathers what is wrong with them, in the API's own shape. */
export type FieldReader = {
  errors: FieldErrors
  failed(): boolean
  amount(name: string, least: number): number
  currency(): string
  text(name: string): string
  optionalText(name: string): string | null
  url(name: string, presence: 'optional' | 'required'): string | null
  future(name: string, nowMs: number): string | null
  metadata(): Metadata | null
  object(name: string): Record<string, unknown>
}

const LEAST_AMOUNT = 'The value must be greater than or equal to'

export function readFields({ fields, bodyKind }: Pick<Call, 'fields' | 'bodyKind'>): FieldReader {
  const errors: FieldErrors = {}
  const fail = (name: string, message: string): void => {
    errors[name] = [...(errors[name] ?? []), message]
  }
  const optionalText = (name: string): string | null => {
    const value = fields[name] ?? null
    if (value === null || typeof value === 'string') return value
    fail(name, 'must be a string')
    return null
  }
  return {
    errors,
    failed: () => Object.keys(errors).length > 0,
    amount: (name, least) => {
      const given = fields[name]
      // A form has no numbers, so there digits are one; in JSON a string is a mistake that is worth hearing of.
      const value = bodyKind === 'form' && typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given
      if (value === undefined || value === null) fail(name, "can't be blank")
      else if (!Number.isSafeInteger(value)) fail(name, 'must be an integer')
      else if (Number(value) < least) fail(name, `${LEAST_AMOUNT} ${least}.`)
      return Number(value)
    },
    currency: () => {
      const value = fields['currency']
      if (value === undefined || value === null || value === '') fail('currency', "can't be blank")
      else if (typeof value !== 'string' || !/^[A-Za-z]{3}$/.test(value)) fail('currency', 'is invalid')
      return String(value).toUpperCase()
    },
    text: (name) => {
      const value = fields[name]
      if (value === undefined || value === null || value === '') fail(name, "can't be blank")
      else if (typeof value !== 'string') fail(name, 'must be a string')
      return String(value)
    },
    optionalText,
    url: (name, presence) => {
      const value = optionalText(name)
      if (value === null || value === '') {
        if (presence === 'required') fail(name, "can't be blank")
        return null
      }
      if (!isWebAddress(value)) fail(name, 'is invalid')
      return value
    },
    future: (name, nowMs) => {
      const value = optionalText(name)
      if (value === null) return null
      const ms = instant(value)
      if (ms === undefined) {
        fail(name, 'is invalid')
        return null
      }
      const now = new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')
      if (ms < nowMs) fail(name, `${LEAST_AMOUNT} ${now} +0000.`)
      return new Date(ms).toISOString()
    },
    metadata: () => {
      const value = fields['metadata'] ?? null
      if (value === null) return null
      const message = wrongMetadata(value)
      if (message !== undefined) {
        fail('metadata', message)
        return null
      }
      return Object.keys(value).length === 0 ? null : (value as Metadata)
    },
    object: (name) => {
      const value = fields[name]
      if (isRecord(value)) return value
      fail(name, "can't be blank")
      return {}
    },
  }
}

export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

/** ISO 8601; a bare date is the start of that day, and without an offset it is UTC. */
export function instant(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined
  const zoned = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`
  const ms = Date.parse(zoned)
  return Number.isNaN(ms) ? undefined : ms
}

function wrongMetadata(value: unknown): string | undefined {
  if (!isRecord(value)) return 'must be an object'
  const entries = Object.entries(value)
  if (entries.length > 30) return 'must have at most 30 keys'
  for (const [key, item] of entries) {
    if (key.length > 40) return 'has a key longer than 40 characters'
    if (!['string', 'number', 'boolean'].includes(typeof item)) return 'has a value that is not text, a number or a boolean'
    if (String(item).length > 500) return 'has a value longer than 500 characters'
  }
  return undefined
}

/** An update merges; an empty value removes its key, an empty object removes all. */
export function mergeMetadata(before: Metadata | null, wanted: unknown): Metadata | null {
  if (!isRecord(wanted)) return before
  if (Object.keys(wanted).length === 0) return null
  const merged = Object.entries({ ...before, ...(wanted as Metadata) }).filter(([, value]) => value !== '')
  return merged.length === 0 ? null : Object.fromEntries(merged)
}
