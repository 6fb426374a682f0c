import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parser } from '@prometheus-io/lezer-promql'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { createMetrics } from '#foundation'
import { judge } from './evaluation.ts'
import type { Condition } from './expression.ts'
import { durationText, selectorText, toPromql } from './promql.ts'
import { alertRules, watchedSelectors } from './rules/index.ts'
import { type Sample, takeSample } from './samples.ts'

/** What Prometheus' own grammar does not understand in an expression. */
function notUnderstood(expression: string): string[] {
  const wrong: string[] = []
  parser
    .parse(expression)
    .iterate({ enter: (node) => void (node.type.isError && wrong.push(expression.slice(node.from - 10, node.to + 10))) })
  return wrong
}

for (const [name, { when }] of Object.entries(alertRules)) {
  test(`Prometheus' own grammar reads ${name}`, () => {
    assert.deepEqual(notUnderstood(toPromql(when)), [], toPromql(when))
  })
}

test('the grammar does find what is wrong', () => {
  for (const wrong of ['max(a) >', 'sum(increase(a{b=~"c"}[5x])) > 1', 'a and', 'max(a{b="c) > 1'])
    assert.notDeepEqual(notUnderstood(wrong), [], wrong)
})

test('a selector says which, which of several and which not; what is special in an expression is escaped', () => {
  assert.equal(selectorText({ metric: 'm' }), 'm')
  assert.equal(
    selectorText({ metric: 'm', labels: { a: 'x', b: ['y', 'z.1'], c: { not: ['/w'] } } }),
    String.raw`m{a="x",b=~"y|z\\.1",c!~"/w"}`,
  )
  assert.deepEqual([30, 60, 300, 3_600, 21_600, 86_400, 90].map(durationText), ['30s', '1m', '5m', '1h', '6h', '1d', '90s'])
})

/** Two processes, one of which began within the window. */
function evidenceOf(before: Sample, ...last: Sample[]) {
  return {
    nowSeconds: 1_000,
    newest: last,
    windows: new Map([[300, last.map((sample, index) => ({ last: sample, base: index === 0 ? before : null }))]]),
  }
}
const one = (value: number, labels: Record<string, string> = {}) => ({ sum: value, most: { value, labels }, least: { value, labels } })

test('increases are summed over processes, one that began within the window counts from nought', () => {
  const evidence = evidenceOf({ c: one(5), d: one(10) }, { c: one(9), d: one(30) }, { c: one(3), d: one(5) })
  const holds = (condition: Condition) => judge(condition, evidence).holds
  const increase = { increase: { metric: 'c' }, overSeconds: 300 }
  assert.ok(holds({ figure: increase, above: 6 }) && !holds({ figure: increase, above: 7 }))
  assert.ok(holds({ figure: { share: { metric: 'c' }, of: { metric: 'd' }, overSeconds: 300 }, above: 0.27 }))
  assert.ok(!holds({ figure: { share: { metric: 'c' }, of: { metric: 'd' }, overSeconds: 300 }, above: 0.29 }))
})

test('a counter nobody has seen has not risen, a share of nothing is no alarm, and a value nobody shows is neither high nor low', () => {
  const evidence = evidenceOf({}, {})
  const holds = (condition: Condition) => judge(condition, evidence).holds
  assert.ok(holds({ figure: { increase: { metric: 'c' }, overSeconds: 300 }, equals: 0 }))
  for (const condition of [
    { figure: { share: { metric: 'c' }, of: { metric: 'd' }, overSeconds: 300 }, below: 1 },
    { figure: { share: { metric: 'c' }, of: { metric: 'd' }, overSeconds: 300 }, above: 0 },
    { figure: { most: { metric: 'c' } }, above: -1 },
    { figure: { least: { metric: 'c' } }, below: 1 },
    { figure: { secondsSince: { metric: 'c' } }, above: 0 },
  ] satisfies Condition[])
    assert.equal(holds(condition), false, toPromql(condition))
  assert.ok(holds({ absent: { metric: 'c' } }))
})

test('highest, lowest and age are taken over all processes, and the series that decided is named', () => {
  const evidence = evidenceOf({}, { g: one(900, { worker: 'a' }) }, { g: one(950, { worker: 'b' }) })
  assert.deepEqual(judge({ figure: { most: { metric: 'g' } }, above: 940 }, evidence), { holds: true, labels: { worker: 'b' } })
  assert.deepEqual(judge({ figure: { least: { metric: 'g' } }, below: 940 }, evidence), { holds: true, labels: { worker: 'a' } })
  assert.deepEqual(judge({ figure: { secondsSince: { metric: 'g' } }, above: 99 }, evidence), { holds: true, labels: { worker: 'a' } })
  assert.equal(judge({ figure: { secondsSince: { metric: 'g' } }, above: 100 }, evidence).holds, false)
})

test('all holds when each does, any when one does', () => {
  const evidence = evidenceOf({}, { g: one(1) })
  const yes: Condition = { figure: { most: { metric: 'g' } }, equals: 1 }
  const no: Condition = { figure: { most: { metric: 'g' } }, equals: 2 }
  const holds = (condition: Condition) => judge(condition, evidence).holds
  assert.deepEqual(
    [holds({ all: [yes, yes] }), holds({ all: [yes, no] }), holds({ any: [no, yes] }), holds({ any: [no, no] })],
    [true, false, true, false],
  )
})

test('a sample is taken from counters, gauges and the parts of histograms, by label', async () => {
  const registry = new Registry()
  const registers = [registry]
  const counter = new Counter({ name: 'c_total', help: 'c', labelNames: ['k'], registers })
  counter.inc({ k: 'a' }, 2)
  counter.inc({ k: 'b' }, 3)
  const histogram = new Histogram({ name: 'h_seconds', help: 'h', buckets: [0.5, 1], registers })
  for (const seconds of [0.1, 0.7, 3]) histogram.observe(seconds)
  new Gauge({ name: 'g', help: 'g', labelNames: ['k'], registers }).set({ k: 'a' }, 7)
  const bucket = { metric: 'h_seconds_bucket', labels: { le: '0.5' } }
  const notA = { metric: 'c_total', labels: { k: { not: ['a'] } } }
  const sample = await takeSample(registry, [
    { metric: 'c_total' },
    notA,
    bucket,
    { metric: 'h_seconds_count' },
    { metric: 'g' },
    { metric: 'gone' },
  ])
  assert.deepEqual(
    Object.entries(sample).map(([key, { sum }]) => [key, sum]),
    [
      ['c_total', 5],
      [selectorText(notA), 3],
      [selectorText(bucket), 1],
      ['h_seconds_count', 3],
      ['g', 7],
    ],
  )
})

test('no rule looks at a counter under a name or label the house does not have', () => {
  const metrics = createMetrics()
  const known = new Map(
    metrics.registry.getMetricsAsArray().map((metric) => [metric.name, 'labelNames' in metric ? (metric.labelNames as string[]) : []]),
  )
  for (const { metric, labels = {} } of watchedSelectors) {
    const names = known.get(metric) ?? known.get(metric.replace(/_(count|sum|bucket)$/, ''))
    // The others are gauges of operations; the faults planted in the house show that they exist.
    if (!names) continue
    for (const label of Object.keys(labels)) assert.ok(names.includes(label) || label === 'le', `${metric} has no label ${label}`)
  }
})
