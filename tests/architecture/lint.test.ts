import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantedFiles } from '../support/planted.ts'
import { runTool } from '../support/tools.ts'

const linter = 'node_modules/oxlint/bin/oxlint'
const strictly = ['--type-aware', '--deny-warnings', '--format', 'unix']

test('the linter, which knows the types, has nothing to say', async () => {
  const { code, output } = await runTool(linter, [...strictly, '.'])
  assert.equal(code, 0, `\n${output}`)
})

test('a promise that nobody waits for is found', async (t) => {
  const folder = plantedFiles(t, { 'forget.ts': 'export function forget(): void {\n  Promise.resolve(1)\n}\n' })
  const { code, output } = await runTool(linter, [...strictly, '--no-ignore', '-c', '.oxlintrc.json', folder])
  assert.notEqual(code, 0)
  assert.match(output, /forget\.ts:2:.*no-floating-promises/)
})
