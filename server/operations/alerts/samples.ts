import type { Registry } from 'prom-client'
import { labelHolds, type Selector } from './expression.ts'
import { selectorText } from './promql.ts'

export interface LabelledValue {
  value: number
  labels: Record<string, string>
}

/** What one process's series that a selector picks amount to. */
export interface Picked {
  sum: number
  most: LabelledValue
  least: LabelledValue
}

/** By the text of the selector; one that picks nothing has no entry. */
export type Sample = Record<string, Picked>

/** What this process shows now of what the rules look at. */
export async function takeSample(registry: Registry, selectors: readonly Selector[]): Promise<Sample> {
  const sample: Sample = {}
  const shown = new Map<string, Series[]>()
  for (const selector of selectors) {
    const key = selectorText(selector)
    if (key in sample) continue
    const { metric } = selector
    let all = shown.get(metric)
    if (!all) shown.set(metric, (all = await seriesOf(registry, metric)))
    const series = all.filter(({ labels }) =>
      Object.entries(selector.labels ?? {}).every(([name, test]) => labelHolds(test, labels[name] ?? '')),
    )
    const [first] = series
    if (!first) continue
    sample[key] = {
      sum: series.reduce((sum, { value }) => sum + value, 0),
      most: series.reduce((best, one) => (one.value > best.value ? one : best), first),
      least: series.reduce((best, one) => (one.value < best.value ? one : best), first),
    }
  }
  return sample
}

type Series = LabelledValue

async function seriesOf(registry: Registry, metric: string): Promise<Series[]> {
  const found = registry.getSingleMetric(metric) ?? registry.getSingleMetric(metric.replace(/_(count|sum|bucket)$/, ''))
  if (!found) return []
  const { values } = await found.get()
  return values.flatMap((one) => {
    // A histogram names each of its parts; everything else has one name.
    const name = 'metricName' in one && typeof one.metricName === 'string' ? one.metricName : metric
    if (name !== metric) return []
    const labels = Object.fromEntries(Object.entries(one.labels).map(([label, value]) => [label, String(value)]))
    return [{ value: one.value, labels }]
  })
}
