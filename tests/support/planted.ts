import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A folder inside the clone, outside every source folder, with the given files: a fault planted for a rule to find.
 * Removed after the test.
 */
export function plantedFiles(t: { after: (run: () => void) => void }, files: Record<string, string>): string {
  const nursery = fileURLToPath(new URL('../../.thabit/planted', import.meta.url))
  mkdirSync(nursery, { recursive: true })
  const folder = mkdtempSync(join(nursery, 'fault-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const tsconfig = { extends: '../../../tsconfig.json', include: ['.'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
