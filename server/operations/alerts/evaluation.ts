import type { Condition, Figure } from './expression.ts'
import { selectorText } from './promql.ts'
import type { LabelledValue, Sample } from './samples.ts'

/** What the rules are judged by: the newest sample of each process that lives, and each process at both ends of each window. */
export interface Evidence {
  nowSeconds: number
  newest: readonly Sample[]
  /** By the window's length in seconds; no base: the process began within the window, and its counters at 0. */
  windows: ReadonlyMap<number, readonly { last: Sample; base: Sample | null }[]>
}

export interface Verdict {
  holds: boolean
  /** Of the series that decided, for whoever is told. */
  labels: Record<string, string>
}

interface Worth {
  value: number
  labels: Record<string, string>
}

export function judge(condition: Condition, evidence: Evidence): Verdict {
  if ('all' in condition || 'any' in condition) {
    const verdicts = ('all' in condition ? condition.all : condition.any).map((one) => judge(one, evidence))
    const holding = verdicts.filter(({ holds }) => holds)
    const holds = 'all' in condition ? holding.length === verdicts.length : holding.length > 0
    return { holds, labels: Object.assign({}, ...holding.map(({ labels }) => labels)) as Record<string, string> }
  }
  if ('absent' in condition) {
    const key = selectorText(condition.absent)
    return { holds: evidence.newest.every((sample) => !(key in sample)), labels: {} }
  }
  const worth = worthOf(condition.figure, evidence)
  // Nothing to compare is no alarm, and neither is a share of nothing: NaN is neither above nor below.
  if (!worth) return { holds: false, labels: {} }
  const { value, labels } = worth
  if ('above' in condition) return { holds: value > condition.above, labels }
  return { holds: 'below' in condition ? value < condition.below : value === condition.equals, labels }
}

function worthOf(figure: Figure, evidence: Evidence): Worth | undefined {
  if ('most' in figure) return best(evidence, selectorText(figure.most), 'most')
  if ('least' in figure) return best(evidence, selectorText(figure.least), 'least')
  if ('secondsSince' in figure) {
    const oldest = best(evidence, selectorText(figure.secondsSince), 'least')
    return oldest && { value: evidence.nowSeconds - oldest.value, labels: oldest.labels }
  }
  if ('increase' in figure) return { value: rise(evidence, selectorText(figure.increase), figure.overSeconds), labels: {} }
  const { share, of, overSeconds } = figure
  return {
    value: rise(evidence, selectorText(share), overSeconds) / rise(evidence, selectorText(of), overSeconds),
    // What the part is confined to says what fails.
    labels: Object.fromEntries(
      Object.entries(share.labels ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  }
}

function best({ newest }: Evidence, key: string, which: 'most' | 'least'): LabelledValue | undefined {
  const picked = newest.flatMap((sample) => sample[key]?.[which] ?? [])
  const [first] = picked
  if (!first) return undefined
  return picked.reduce((found, one) => ((which === 'most' ? one.value > found.value : one.value < found.value) ? one : found), first)
}

function rise({ windows }: Evidence, key: string, overSeconds: number): number {
  const sumOf = (sample: Sample | null): number => sample?.[key]?.sum ?? 0
  // Each process counts from 0 and never back: no resets to guess at.
  return (windows.get(overSeconds) ?? []).reduce((sum, { last, base }) => sum + sumOf(last) - sumOf(base), 0)
}
