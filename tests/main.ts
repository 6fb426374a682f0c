// What `npm test` runs: everything CI runs. With arguments (files or globs), only those; with --long, the searches go on for longer.
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '../start/embedded-postgres.ts'
import { whenNpmEnds } from '../start/parent.ts'
import { runFiles } from './support/run-files.ts'
import type { FileResult } from './support/run-files.ts'

/** What explains the rest comes first. */
const ORDER = [
  'tests/architecture',
  'server',
  'start',
  'simulators',
  'sdk',
  'web',
  'tests/guarantees',
  'tests/vendors',
  'tests/journeys',
  'tests',
]
const CONCURRENCY = 2
const LONG = process.argv.includes('--long')
if (LONG) process.env['THABIT_LONG'] = '1'
const TEST_LIMIT_MS = LONG ? 14_400_000 : 180_000
const FILE_LIMIT_MS = LONG ? 14_400_000 : 900_000

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const startedAt = Date.now()
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort())
whenNpmEnds(() => interrupted.abort())

const files = testFiles(process.argv.slice(2).filter((argument) => argument !== '--long'))
const results = await withPostgres(() =>
  runFiles(files, { concurrency: CONCURRENCY, testMs: TEST_LIMIT_MS, fileMs: FILE_LIMIT_MS, signal: interrupted.signal }, printFile),
)
const [passed, failed, skipped] = [sum((r) => r.passed), sum((r) => r.failures.length), sum((r) => r.skipped)]
printSlowest()
console.log(`\n${files.length} files in ${seconds(Date.now() - startedAt)}${interrupted.signal.aborted ? ', interrupted' : ''}`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed > 0 || passed === 0 || results.length < files.length ? 1 : 0)

function testFiles(patterns: string[]): string[] {
  const wanted = patterns.length > 0 ? patterns : ORDER.map((folder) => `${folder}/**/*.test.{ts,tsx}`)
  const found = wanted.flatMap((pattern) => globSync(pattern)).filter((path) => !/(^|[\\/])(node_modules|dist)[\\/]/.test(path))
  const rank = (file: string): number => ORDER.findIndex((folder) => file.startsWith(folder.replaceAll('/', sep) + sep))
  return [...new Set(found)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).map((file) => resolve(file))
}

/** One server for all files, made for this run, without waiting for the disk, and gone afterwards. */
async function withPostgres<T>(action: () => Promise<T>): Promise<T> {
  // In the system's folder for such things, open to pass through: under root, PostgreSQL runs as another user.
  const home = mkdtempSync(join(tmpdir(), 'thabit-test-'))
  chmodSync(home, 0o711)
  try {
    const postgres = await startEmbeddedPostgres({ home, durable: false })
    process.once('exit', postgres.letGo)
    process.env['THABIT_TEST_DATABASE_URL'] = postgres.url
    try {
      return await action()
    } finally {
      await postgres.stop()
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function printFile(result: FileResult): void {
  const mark = result.failures.length > 0 ? 'FAIL' : ' ok '
  console.log(`${mark} ${result.file} (${result.passed} passed, ${seconds(result.durationMs)})`)
  for (const failure of result.failures) console.log(`    ✗ ${failure}`)
  for (const note of result.notes) console.log(`    · ${note}`)
}

function printSlowest(): void {
  const slow = results.flatMap((r) => r.slow.map((test) => ({ ...test, file: r.file }))).sort((a, b) => b.durationMs - a.durationMs)
  console.log('\nslowest:')
  for (const { name, file, durationMs } of slow.slice(0, 8)) console.log(`    ${seconds(durationMs)}  ${name} (${file})`)
}

function sum(count: (result: FileResult) => number): number {
  return results.reduce((total, result) => total + count(result), 0)
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`
}
