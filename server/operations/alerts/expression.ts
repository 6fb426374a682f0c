/*
 * A small language in which an alert says when it holds. What it can say is what both Prometheus and our own watch can
 * work out: newest values, increases over a window, shares of increases. `alert-promql.ts` writes it as PromQL,
 * `alert-evaluation.ts` works it out; both are held against each other by tests.
 */

/** A label's value: this one, one of these, or none of these. */
export type LabelTest = string | readonly string[] | { readonly not: readonly string[] }

export interface Selector {
  /** By its Prometheus name; of a histogram with `_count` or `_bucket`. */
  metric: string
  labels?: Readonly<Record<string, LabelTest>>
}

/** One number. None when there is nothing to work it out from: then no comparison holds. */
export type Figure =
  /** The highest, or the lowest, newest value of all series. */
  | { most: Selector }
  | { least: Selector }
  /** How much counters rose in this long, all series together; 0 when there are none. */
  | { increase: Selector; overSeconds: number }
  /** The increase of the first as a share of the increase of the second. */
  | { share: Selector; of: Selector; overSeconds: number }
  /** Of the oldest series that holds an instant. */
  | { secondsSince: Selector }

export type Condition =
  | { figure: Figure; above: number }
  | { figure: Figure; below: number }
  | { figure: Figure; equals: number }
  | { absent: Selector }
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }

/** Every selector a condition looks at. */
export function selectorsOf(condition: Condition): Selector[] {
  if ('all' in condition) return condition.all.flatMap(selectorsOf)
  if ('any' in condition) return condition.any.flatMap(selectorsOf)
  if ('absent' in condition) return [condition.absent]
  const { figure } = condition
  if ('most' in figure) return [figure.most]
  if ('least' in figure) return [figure.least]
  if ('increase' in figure) return [figure.increase]
  if ('share' in figure) return [figure.share, figure.of]
  return [figure.secondsSince]
}

/** Every window, in seconds, over which a condition looks back. */
export function windowsOf(condition: Condition): number[] {
  if ('all' in condition) return condition.all.flatMap(windowsOf)
  if ('any' in condition) return condition.any.flatMap(windowsOf)
  return 'figure' in condition && 'overSeconds' in condition.figure ? [condition.figure.overSeconds] : []
}

export function labelHolds(test: LabelTest, value: string): boolean {
  if (typeof test === 'string') return value === test
  return 'not' in test ? !test.not.includes(value) : test.includes(value)
}
