import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** What the vendors remember: plain JSON values by kind and id, oldest first. Values are replaced, never edited in place. */
export type Store = {
  put(kind: string, id: string, value: unknown): void
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what it put
  get<T>(kind: string, id: string): T | undefined
  all<T>(kind: string): T[]
  remove(kind: string, id: string): void
  /** Forgets the oldest of a kind until `count` are left. */
  keepNewest(kind: string, count: number): void
  close(): void
}

type Line = { kind: string; id: string; value?: unknown }

/**
 * Memory, and with a `home` a journal beside it: one line a change, written before the vendor answers, so that what a
 * vendor acknowledged is still known after `kill -9`. A line cut short by the kill is dropped at the next start.
 */
export function openStore(home?: string): Store {
  const kinds = new Map<string, Map<string, unknown>>()
  const entries = (kind: string): Map<string, unknown> => {
    const known = kinds.get(kind) ?? new Map<string, unknown>()
    kinds.set(kind, known)
    return known
  }
  const apply = (line: Line): void => {
    if (line.value === undefined) entries(line.kind).delete(line.id)
    else entries(line.kind).set(line.id, line.value)
  }
  let journal: number | undefined
  if (home !== undefined) {
    mkdirSync(home, { recursive: true })
    const path = join(home, 'vendors.jsonl')
    if (existsSync(path)) readJournal(path, apply)
    journal = compact(path, kinds)
  }
  const record = (line: Line): void => {
    apply(line)
    if (journal !== undefined) writeSync(journal, `${JSON.stringify(line)}\n`)
  }
  return {
    put: (kind, id, value) => record({ kind, id, value }),
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
    get: <T>(kind: string, id: string) => entries(kind).get(id) as T | undefined,
    all: <T>(kind: string) => [...entries(kind).values()] as T[],
    remove: (kind, id) => {
      if (entries(kind).has(id)) record({ kind, id })
    },
    keepNewest: (kind, count) => {
      for (const id of entries(kind).keys()) {
        if (entries(kind).size <= count) return
        record({ kind, id })
      }
    },
    close: () => {
      if (journal !== undefined) closeSync(journal)
      journal = undefined
    },
  }
}

function readJournal(path: string, apply: (line: Line) => void): void {
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue
    try {
      apply(JSON.parse(text) as Line)
    } catch {
      // The last line of a killed process: its change was never acknowledged to anyone.
    }
  }
}

/** Rewrites the journal as the present state alone, so that it does not grow for ever, and opens it for more. */
function compact(path: string, kinds: Map<string, Map<string, unknown>>): number {
  const lines: string[] = []
  for (const [kind, values] of kinds) {
    for (const [id, value] of values) lines.push(`${JSON.stringify({ kind, id, value })}\n`)
  }
  writeFileSync(`${path}.new`, lines.join(''), { mode: 0o600 })
  renameSync(`${path}.new`, path)
  return openSync(path, 'a', 0o600)
}
