import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planted } from './planted-faults.ts'
import { rules } from './rules.ts'
import { codeFiles, linesOf } from './shape.ts'
import { source } from './source.ts'
import { readTree } from './tree.ts'

const tree = readTree()

test('the rules look at the true tree, and it is a house of small files', (t) => {
  for (const folder of ['server', 'simulators', 'web', 'start', 'tests'])
    assert.ok(tree.filter(({ path }) => path.startsWith(`${folder}/`)).length >= 10, `${folder}/ was not read`)
  assert.ok(tree.flatMap(({ imports }) => imports).length > 500, 'imports were not read')
  const lengths = codeFiles(tree)
    .map((one) => ({ path: one.path, lines: linesOf(one) }))
    .toSorted((a, b) => a.lines - b.lines)
  const median = lengths[Math.floor(lengths.length / 2)]!.lines
  t.diagnostic(`${lengths.length} files, median ${median} lines, longest ${lengths.at(-1)!.lines} (${lengths.at(-1)!.path})`)
  assert.ok(median <= 120, `the median file has ${median} lines`)
})

for (const rule of rules) {
  test(`${rule.name}: in the whole house`, () => {
    const found = rule.find(tree)
    assert.equal(found.length, 0, `\n${found.slice(0, 40).join('\n')}`)
  })

  test(`${rule.name}: a planted fault is found`, () => {
    const faults = planted[rule.name]
    assert.ok(faults && faults.found.length > 0, 'no fault is planted for this rule')
    for (const [path, text] of faults.found) {
      const found = rule.find([...(faults.around ?? []), [path, text] as const].map((file) => source(...file)))
      assert.ok(found.length > 0, `not found: ${path}: ${text}`)
    }
    for (const [path, text] of faults.fine ?? []) {
      const found = rule.find([...(faults.around ?? []), [path, text] as const].map((file) => source(...file)))
      assert.deepEqual(found, [], `found though it is fine: ${path}: ${text}`)
    }
  })
}

test('every planted fault belongs to a rule', () => {
  assert.deepEqual(
    Object.keys(planted).filter((name) => !rules.some((rule) => rule.name === name)),
    [],
  )
})
