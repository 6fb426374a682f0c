import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { faults } from './faults.ts'
import { type Guard, guards } from './guards.ts'
import type { World } from './model.ts'
import { type Found, search } from './search.ts'
import { widerWorlds, world, worlds } from './worlds.ts'

const chosen = process.env['THABIT_LONG'] === '1' ? { ...worlds, ...widerWorlds } : worlds
const searched = new Map<string, Found>()

for (const [name, one] of Object.entries(chosen)) {
  test(`every promise is kept in every order of events: ${name}`, (t) => {
    const startedAt = performance.now()
    const found = whole(one)
    t.diagnostic(`${count(found.states)} states, ${count(found.transitions)} transitions, ${Math.round(performance.now() - startedAt)} ms`)
    assert.equal(told(found), 'nothing is broken')
  })
}

for (const [guard, { fault, in: where, breaks }] of Object.entries(faults)) {
  test(`a protocol is caught that no longer ${guard}: ${fault}`, (t) => {
    assert.equal(told(whole(where)), 'nothing is broken', 'with its guard this world is sound')
    const found = search(where, guard as Guard)
    t.diagnostic(told(found))
    assert.equal(found.counterexample?.promise, breaks)
  })
}

test('what is not promised: no time limit kept and pages that anybody may pay, both at once', (t) => {
  const found = search(world({ pressesOfFirstKey: 2, silences: 1 }, { late: true, leaked: true }))
  t.diagnostic(told(found))
  assert.ok(found.counterexample, 'The protocol has learned to bear both: say so in README.md and make this a world.')
})

test('every guard stands in the code where it is said to', () => {
  const textOf = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
  const astray = Object.entries(guards).filter(([, [file, word]]) => !textOf(file).includes(word))
  assert.deepEqual(astray, [])
})

test('the search is wide', (t) => {
  const all = Object.values(chosen).map(whole)
  const states = all.reduce((sum, one) => sum + one.states, 0)
  t.diagnostic(
    `${count(states)} states, ${count(all.reduce((sum, one) => sum + one.transitions, 0))} transitions, ${Object.keys(faults).length} faults`,
  )
  assert.ok(states > 500_000)
})

/** Several faults share a world; it is searched once. */
function whole(one: World): Found {
  const key = JSON.stringify(one)
  const found = searched.get(key) ?? search(one)
  searched.set(key, found)
  return found
}

function told({ counterexample }: Found): string {
  if (!counterexample) return 'nothing is broken'
  return `${counterexample.promise}; broken by: ${counterexample.steps.join(' → ')}`
}

function count(many: number): string {
  return many.toLocaleString('en')
}
