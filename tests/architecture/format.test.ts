import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantedFiles } from '../support/planted.ts'
import { runTool } from '../support/tools.ts'

const formatter = 'node_modules/oxfmt/bin/oxfmt'

test('all code is formatted alike; npx oxfmt --write . makes it so', async () => {
  const { code, output } = await runTool(formatter, ['--list-different', '.'])
  assert.equal(code, 0, `\n${output}`)
})

test('a file formatted otherwise is found', async (t) => {
  const folder = plantedFiles(t, { 'otherwise.ts': 'export const a  =  "b";\n' })
  const { code, output } = await runTool(formatter, ['--list-different', '--config', '.oxfmtrc.json', folder])
  assert.notEqual(code, 0)
  assert.match(output, /otherwise\.ts/)
})
