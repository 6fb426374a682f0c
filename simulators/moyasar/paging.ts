import type { Call } from '../answers.ts'
import { instant } from './check-fields.ts'
import type { Metadata } from './objects.ts'

const PAGE_SIZE = 40

type Listed = { id: string; status: string; created_at: string; updated_at: string; metadata: Metadata | null }

/** The list's own filters: id, status, created and updated between, metadata exactly. Unknown ones are ignored. */
export function filtered<T extends Listed>(items: T[], { query }: Call): T[] {
  const between = (field: 'created' | 'updated'): ((item: T) => boolean) => {
    const after = instant(query.get(`${field}[gt]`) ?? '')
    const before = instant(query.get(`${field}[lt]`) ?? '')
    return (item) => {
      const at = Date.parse(item[`${field}_at`])
      return (after === undefined || at > after) && (before === undefined || at < before)
    }
  }
  const wanted = [...query].flatMap(([name, value]) => {
    const [, key] = /^metadata\[(.+)\]$/.exec(name) ?? []
    return key === undefined ? [] : [{ key, value }]
  })
  const createdBetween = between('created')
  const updatedBetween = between('updated')
  return items.filter(
    (item) =>
      (query.get('id') ?? item.id) === item.id &&
      (query.get('status') ?? item.status) === item.status &&
      createdBetween(item) &&
      updatedBetween(item) &&
      wanted.every(({ key, value }) => item.metadata !== null && key in item.metadata && String(item.metadata[key]) === value),
  )
}

/** `?page=n` from 1, forty a page, in the order given, under the API's envelope. */
export function paged(name: string, items: unknown[], { query }: Call): Record<string, unknown> {
  const asked = Number(query.get('page') ?? '1')
  const page = Number.isSafeInteger(asked) && asked > 0 ? asked : 1
  const pages = Math.max(Math.ceil(items.length / PAGE_SIZE), 1)
  return {
    [name]: items.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
    meta: {
      current_page: page,
      next_page: page < pages ? page + 1 : null,
      prev_page: page > 1 ? page - 1 : null,
      total_pages: pages,
      total_count: items.length,
    },
  }
}
