import { problems } from './errors.ts'

/** Where a page of a list newest first ended: everything older comes next. */
export interface Position {
  createdAt: Temporal.Instant
  id: string
}

export function toCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt.toString()} ${id}`).toString('base64url')
}

/** Throws invalid_request for anything that is not a cursor of ours. */
export function fromCursor(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null
  const [, written = '', id = ''] =
    /^(\S{20,40}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  try {
    const createdAt = Temporal.Instant.from(written)
    if (Math.abs(createdAt.epochMilliseconds) > 8.64e15 / 1000) throw new RangeError('No list of ours reaches there.')
    return { createdAt, id }
  } catch {
    throw problems.invalid_request({ errors: [{ pointer: '#query/cursor', code: 'format' }] })
  }
}

/** Cuts one row too many into a page of `limit` and the cursor of the next. */
export function toPage<Row extends Position, Item>(
  rows: Row[],
  limit: number,
  present: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { items: page.map(present), nextCursor: rows.length > limit && last ? toCursor(last) : null }
}
