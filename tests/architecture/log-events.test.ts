import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { logEvents } from '../../server/foundation/index.ts'

const clone = fileURLToPath(new URL('../../', import.meta.url))

test('every outcome of the closed list is told somewhere, and no line tells another', () => {
  const files = globSync('{server,start}/**/*.ts', { cwd: clone, exclude: (path) => path.includes('node_modules') })
  const sources = files.filter((path) => !/(\.test|log-events)\.ts$/.test(path)).map((path) => readFileSync(`${clone}${path}`, 'utf8'))
  const told = new Set(
    sources.flatMap((source) => Array.from(source.matchAll(/\bevent: '([a-z_]+)'(?=[^;]*\})/g), ([, event = '']) => event)),
  )
  const logged = [...told].filter((event) => event in logEvents)
  assert.deepEqual(
    Object.keys(logEvents).filter((event) => !logged.includes(event)),
    [],
    'in the list and told nowhere',
  )
  const lines = sources.flatMap((source) =>
    Array.from(source.matchAll(/\blog(?:\.(?:debug|info|warn|error)|\[[^\]]+\])\(\s*\{([^]*?)\}/g), ([, facts = '']) => facts),
  )
  assert.ok(lines.length > 20)
  assert.deepEqual(
    lines.filter((facts) => !/\bevent\b/.test(facts) && !/\.\.\.facts/.test(facts)),
    [],
    'a line without an outcome',
  )
})
