import type { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

/** Dates and instants of bookings lie between these; PostgreSQL and Temporal disagree about what lies far outside. */
const years = { first: 1900, last: 2199 }

/**
 * The formats by their names in JSON Schema, but narrower where the common checker takes what the code behind cannot
 * read: `urn:uuid:…`, ten digits of a second, the year 0.
 */
export function addStrictFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv)
  ajv.addFormat('uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i)
  ajv.addFormat('date', isDate)
  ajv.addFormat('date-time', isInstant)
  return ajv
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return isNear(Temporal.PlainDate.from(text).year)
  } catch {
    return false
  }
}

function isInstant(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text)) return false
  try {
    return isNear(Temporal.Instant.from(text).toZonedDateTimeISO('UTC').year)
  } catch {
    return false
  }
}

function isNear(year: number): boolean {
  return year >= years.first && year <= years.last
}
