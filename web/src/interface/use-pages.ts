import { useEffect, useState } from 'preact/hooks'
import type { Page } from '@thabit/sdk'

export type Pages<T extends { id: string }> = {
  items: T[] | null
  error: unknown
  more: (() => void) | null
  reload: () => void
  put: (item: T) => void
}

/** A cursor-paged list that grows; begins anew whenever `key` changes. */
export function usePages<T extends { id: string }>(key: string, load: (cursor: string | undefined) => Promise<Page<T>>): Pages<T> {
  const [list, setList] = useState<{ key: string; items: T[]; next: string | null } | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let current = true
    setError(null)
    load(undefined).then(
      (page) => current && setList({ key, items: page.items, next: page.nextCursor }),
      (failure: unknown) => current && setError(failure),
    )
    return () => {
      current = false
    }
  }, [key, turn])
  const mine = list?.key === key ? list : null
  const next = mine?.next ?? null
  return {
    items: mine?.items ?? null,
    error,
    reload: () => setTurn((old) => old + 1),
    put: (item) => setList((old) => old && { ...old, items: old.items.map((one) => (one.id === item.id ? item : one)) }),
    more:
      next === null
        ? null
        : () => {
            load(next).then(
              (page) => setList((old) => (old?.key === key ? { key, items: [...old.items, ...page.items], next: page.nextCursor } : old)),
              setError,
            )
          },
  }
}
