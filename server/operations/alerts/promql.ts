import type { Condition, Figure, LabelTest, Selector } from './expression.ts'

/** A condition as Prometheus reads it. Every figure is one series without labels, so that `and` and `or` join whatever they are given. */
export function toPromql(condition: Condition): string {
  if ('all' in condition) return condition.all.map(inParentheses).join(' and ')
  if ('any' in condition) return condition.any.map(inParentheses).join(' or ')
  if ('absent' in condition) return `absent(${selectorText(condition.absent)})`
  const figure = figureText(condition.figure)
  if ('above' in condition) return `${figure} > ${condition.above}`
  return 'below' in condition ? `${figure} < ${condition.below}` : `${figure} == ${condition.equals}`
}

/** A selector as Prometheus writes it; ours too, as the name under which its samples are kept. */
export function selectorText({ metric, labels = {} }: Selector): string {
  const tests = Object.entries(labels).map(([name, test]) => `${name}${testText(test)}`)
  return tests.length === 0 ? metric : `${metric}{${tests.join(',')}}`
}

/** As Prometheus writes a length of time: 5m, 6h, 3d. */
export function durationText(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const)
    if (seconds >= length && seconds % length === 0) return `${seconds / length}${unit}`
  return `${seconds}s`
}

function inParentheses(condition: Condition): string {
  return `(${toPromql(condition)})`
}

function testText(test: LabelTest): string {
  if (typeof test === 'string') return `="${test}"`
  return 'not' in test ? `!~"${test.not.map(escaped).join('|')}"` : `=~"${test.map(escaped).join('|')}"`
}

/** Once for the expression, once more for the text it stands in. */
function escaped(value: string): string {
  return value.replace(/[.*+?^${}()|[\]]/g, String.raw`\\$&`)
}

function figureText(figure: Figure): string {
  if ('most' in figure) return `max(${selectorText(figure.most)})`
  if ('least' in figure) return `min(${selectorText(figure.least)})`
  if ('secondsSince' in figure) return `time() - min(${selectorText(figure.secondsSince)})`
  const window = durationText(figure.overSeconds)
  // A counter that nothing has happened to yet has no series: then it has not risen.
  if ('increase' in figure) return `(sum(increase(${selectorText(figure.increase)}[${window}])) or vector(0))`
  const { share, of } = figure
  return `(sum(increase(${selectorText(share)}[${window}])) or vector(0)) / sum(increase(${selectorText(of)}[${window}]))`
}
