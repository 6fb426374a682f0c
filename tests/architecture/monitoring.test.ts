import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parser } from '@prometheus-io/lezer-promql'
import { parse } from 'yaml'
import { dashboardExpressions } from '../../docs/monitoring-files.ts'
import { alertRules } from '../../server/operations/index.ts'

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

function understood(expression: string): boolean {
  let wrong = expression.trim() === ''
  parser.parse(expression).iterate({ enter: (node) => void (wrong ||= node.type.isError) })
  return !wrong
}

/** As Prometheus reads a length of time. */
const duration = /^(?:\d+(?:ms|s|m|h|d|w|y))+$/

test('the file for Prometheus is YAML of the shape it reads, with every rule once', () => {
  const file = parse(read('monitoring/prometheus-rules.yaml')) as {
    groups: { name: string; interval: string; rules: Record<string, unknown>[] }[]
  }
  assert.deepEqual(Object.keys(file), ['groups'])
  assert.equal(new Set(file.groups.map(({ name }) => name)).size, file.groups.length)
  const rules = file.groups.flatMap((group) => {
    assert.deepEqual(Object.keys(group), ['name', 'interval', 'rules'])
    assert.match(group.interval, duration)
    return group.rules
  })
  assert.deepEqual(rules.map(({ alert }) => String(alert)).toSorted(), Object.keys(alertRules).toSorted())
  for (const rule of rules) {
    assert.deepEqual(Object.keys(rule), ['alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'])
    assert.ok(understood(String(rule['expr'])), String(rule['expr']))
    for (const length of [rule['for'], rule['keep_firing_for']]) assert.match(String(length), duration)
    const texts = { ...(rule['labels'] as object), ...(rule['annotations'] as object) }
    assert.ok(Object.entries(texts).every(([name, text]) => /^[a-z_]+$/.test(name) && typeof text === 'string' && text !== ''))
    assert.match((rule['annotations'] as { summary_ar: string }).summary_ar, /\p{Script=Arabic}/u)
    assert.match((rule['labels'] as { severity: string }).severity, /^(page|ticket)$/)
  }
})

test('every expression of the dashboard is one that Prometheus reads, and it has a row for each area', () => {
  for (const expression of dashboardExpressions) assert.ok(understood(expression), expression)
  const { panels } = JSON.parse(read('monitoring/grafana-dashboard.json')) as {
    panels: {
      id: number
      type: string
      title: string
      gridPos: { x: number; y: number; w: number; h: number }
      targets?: { expr: string }[]
    }[]
  }
  assert.deepEqual(
    panels.filter(({ type }) => type === 'row').map(({ title }) => title),
    ['Money', 'Signing in', 'Messages', 'Saturation', 'Business'],
  )
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  )
  assert.equal(new Set(cells).size, cells.length, 'no panel lies over another')
})
