import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { runTool } from '../support/tools.ts'

/** What the test command says of these files, and its exit code. */
async function verdictOn(
  t: TestContext,
  files: Record<string, string>,
): Promise<{ code: number | null; lastLine: string; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'thabit-verdict-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  })
  // Inside a test file the runner would refuse to run others.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { code, output } = await runTool('tests/main.ts', paths.length > 0 ? paths : [join(folder, '*.test.mjs')], env)
  return { code, output, lastLine: output.trimEnd().split('\n').at(-1) ?? '' }
}

const passing = "import { test } from 'node:test'; test('fine', () => {}); test('fine too', () => {})"

test('all that passes is counted in the last line', async (t) => {
  const { code, lastLine } = await verdictOn(t, { 'a.test.mjs': passing, 'b.test.mjs': passing })
  assert.deepEqual({ code, lastLine }, { code: 0, lastLine: '4 passed, 0 failed' })
})

test('a failing test, a crash, a late error, a file without tests and a skip each show', async (t) => {
  const { code, lastLine, output } = await verdictOn(t, {
    'a.test.mjs': passing,
    'b.test.mjs':
      "import { test } from 'node:test'; test('wrong', (t) => t.test('inside', () => { throw new Error('no such riyal') })); test('left out', { skip: true }, () => {})",
    'c.test.mjs': 'process.exit(0)',
    'd.test.mjs': "import { test } from 'node:test'; test('fine', () => {}); setTimeout(() => { throw new Error('late') }, 30)",
    'e.test.mjs': 'export {}',
    'f.test.mjs': 'process.exit(7)',
  })
  assert.equal(code, 1)
  assert.equal(lastLine, '3 passed, 5 failed, 1 skipped', output)
  assert.match(output, /no such riyal/)
})

test('no test at all is a failure', async (t) => {
  const { code, lastLine } = await verdictOn(t, {})
  assert.deepEqual({ code, lastLine }, { code: 1, lastLine: '0 passed, 0 failed' })
})
