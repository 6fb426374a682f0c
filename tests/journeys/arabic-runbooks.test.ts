import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertRules } from '../../server/operations/alerts/rules/index.ts'
import { arabicRunbooks } from '../../web/src/operations/runbook-words.ts'

test('each alert says what to do in Arabic too, and names the same settings, metrics and queries', () => {
  assert.deepEqual(Object.keys(arabicRunbooks).toSorted(), Object.keys(alertRules).toSorted())
  for (const [name, { runbook }] of Object.entries(alertRules))
    for (const word of runbook.match(/\b[A-Za-z]+(?:_[A-Za-z]+)+\b/g) ?? [])
      assert.ok(arabicRunbooks[name]?.includes(word), `${name} names ${word}`)
})
