import { pointerStep } from './json-pointer.ts'

/** Nothing we take is nested deeper; a walk by recursion over hostile depth would end in our own fault. */
const maxDepth = 32

/**
 * PostgreSQL keeps neither NUL nor half of a surrogate pair. The first text in a value that it could not keep, names of
 * fields included, or the first place nested too deeply; null when there is none.
 */
export function findUnstorable(root: unknown): { path: string; fault: 'text' | 'depth' } | null {
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, depth } = next
    if (typeof value === 'string') {
      if (!isStorable(value)) return { path, fault: 'text' }
    } else if (value !== null && typeof value === 'object') {
      if (depth >= maxDepth) return { path, fault: 'depth' }
      for (const [name, entry] of Object.entries(value)) {
        if (!isStorable(name)) return { path, fault: 'text' }
        waiting.push({ value: entry, path: path + pointerStep(name), depth: depth + 1 })
      }
    }
  }
  return null
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
