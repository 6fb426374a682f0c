import { types } from 'pg'
import { timeRange, type TimeRange } from '#foundation'

const oid = { int8: 20, date: 1082, timestamptz: 1184, tstzrange: 3910 }

types.setTypeParser(oid.int8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('A number in the database is larger than we can count.')
  return value
})
types.setTypeParser(oid.date, (text) => text)
types.setTypeParser(oid.timestamptz, parseInstant)
types.setTypeParser(oid.tstzrange, (text) => {
  const [, startsAt, endsAt] = /^\["?([^",]+)"?,"?([^",]+)"?\)$/.exec(text) ?? []
  if (!startsAt || !endsAt) throw new RangeError('A stretch of time in the database is not bounded on both sides.')
  return timeRange(parseInstant(startsAt), parseInstant(endsAt))
})

function parseInstant(text: string): Temporal.Instant {
  return Temporal.Instant.from(text.replace(' ', 'T'))
}

/** How our values travel: instants as ISO text, stretches of time as ranges, plain objects as JSON. */
export function toParameter(value: unknown): unknown {
  if (value instanceof Temporal.Instant) return value.toString()
  if (isTimeRange(value)) return `[${value.startsAt.toString()},${value.endsAt.toString()})`
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (Array.isArray(value)) return value.map(toParameter)
  if (value !== null && typeof value === 'object') return JSON.stringify(value)
  return value
}

function isTimeRange(value: unknown): value is TimeRange {
  return (
    typeof value === 'object' &&
    value !== null &&
    'startsAt' in value &&
    value.startsAt instanceof Temporal.Instant &&
    'endsAt' in value &&
    value.endsAt instanceof Temporal.Instant
  )
}

const camelCase = new Map<string, string>()

/** `starts_at` in the database is `startsAt` in the house. Only column names: what is inside JSON stays as it was written. */
export function fromRow(row: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const column of Object.keys(row)) {
    let name = camelCase.get(column)
    if (name === undefined) {
      name = column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
      camelCase.set(column, name)
    }
    result[name] = row[column]
  }
  return result
}
