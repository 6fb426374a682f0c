import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantedFiles } from '../support/planted.ts'
import { runTool } from '../support/tools.ts'

const compiler = 'node_modules/typescript/bin/tsc'

for (const project of ['tsconfig.json', 'web/tsconfig.json']) {
  test(`every type agrees in ${project}`, async () => {
    const { code, output } = await runTool(compiler, ['-p', project, '--pretty', 'false'])
    assert.equal(code, 0, `\n${output}`)
  })
}

test('a wrong type is found', async (t) => {
  const folder = plantedFiles(t, { 'amount.ts': "export const amountMinor: number = 'fifteen'\n" })
  const { code, output } = await runTool(compiler, ['-p', folder, '--pretty', 'false'])
  assert.notEqual(code, 0)
  assert.match(output, /amount\.ts\(1,\d+\): error TS2322/)
})
