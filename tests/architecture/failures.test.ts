import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Failure, failures } from '../../docs/failures.ts'

const inClone = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The names of the tests in a file as they are written; … for what is filled in when it runs. */
function namesIn(source: string): Set<string> {
  const calls = source.matchAll(/\btest\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)\s*,/g)
  return new Set(
    Array.from(calls, ([, single, double, template]) =>
      (single ?? double ?? template ?? '').replaceAll(/\$\{[^}]*\}/g, '…').replaceAll('\\', ''),
    ),
  )
}

function missing(rows: Record<string, Pick<Failure, 'tests'>>): string[] {
  return Object.entries(rows).flatMap(([id, { tests }]) => {
    if (tests.length === 0) return [`${id} names no test`]
    return tests
      .filter(([file, name]) => !existsSync(inClone(file)) || !namesIn(readFileSync(inClone(file), 'utf8')).has(name))
      .map(([file, name]) => `${id}: ${file} has no test “${name}”`)
  })
}

test('every failure that is said to be tested names a test that is there', () => {
  assert.deepEqual(missing(failures), [])
})

test('a test that was renamed, removed or never written is missed', () => {
  const file = 'tests/architecture/failures.test.ts'
  const own = 'every failure that is said to be tested names a test that is there'
  const rows = {
    A: { tests: [[file, own]] },
    B: { tests: [[file, `${own} no more`]] },
    C: { tests: [['tests/gone.test.ts', own]] },
    D: { tests: [] },
  } as const
  assert.deepEqual(missing(rows), [
    `B: ${file} has no test “${own} no more”`,
    `C: tests/gone.test.ts has no test “${own}”`,
    'D names no test',
  ])
})
