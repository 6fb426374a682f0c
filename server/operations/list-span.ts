import { problems } from '#http'

/** A date in a filter is a whole day in Riyadh, where the house is kept. */
const zone = 'Asia/Riyadh'
const earliest = Temporal.Instant.from('2020-01-01T00:00:00Z')
const latest = Temporal.Instant.from('2200-01-01T00:00:00Z')

/** From the start of `from` to the end of `to`: instants as they are, dates as whole days. Throws invalid_request. */
export function listSpan({ from, to }: { from?: string | undefined; to?: string | undefined }): {
  from: Temporal.Instant | undefined
  to: Temporal.Instant | undefined
} {
  const span = { from: instantOf('from', from, 0), to: instantOf('to', to, 1) }
  if (span.from && span.to && Temporal.Instant.compare(span.from, span.to) > 0) throw invalid('to')
  return span
}

function instantOf(name: string, written: string | undefined, addedDays: number): Temporal.Instant | undefined {
  if (written === undefined) return undefined
  try {
    const isDate = /^\d{4}-\d{2}-\d{2}$/.test(written)
    const instant = isDate
      ? Temporal.PlainDate.from(written).add({ days: addedDays }).toZonedDateTime(zone).toInstant()
      : Temporal.Instant.from(written)
    if (Temporal.Instant.compare(instant, earliest) < 0 || Temporal.Instant.compare(instant, latest) > 0)
      throw new RangeError('Nothing of ours is there.')
    return instant
  } catch {
    throw invalid(name)
  }
}

function invalid(name: string): Error {
  return problems.invalid_request({ errors: [{ pointer: `#query/${name}`, code: 'format' }] })
}
