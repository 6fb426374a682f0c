import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

/** The text of a file, or undefined when there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Writes a file for our eyes only; a reader sees the old text or the new one, never a part. */
export function writeWhole(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, text, { mode: 0o600 })
  renameSync(fresh, path)
}

/** Sets a log that has grown large aside, so that two of them are the most that is kept. */
export function turnLargeLog(path: string, largestBytes: number): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= largestBytes) return
  rmSync(`${path}.old`, { force: true })
  renameSync(path, `${path}.old`)
}
