export { holdsCardNumber } from './card-number.ts'
export { type Clock, systemClock } from './clock.ts'
export { cutPersonal } from './cut-personal.ts'
export { toLatinDigits } from './digits.ts'
export { createLog, type Log, type LogLine, type LogOptions } from './log.ts'
export { type LogEvent, logEvents } from './log-events.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { type Currency, currencies, formatMoney, money, type Money, percentOf, sameMoney, toDecimalString } from './money.ts'
export { maskPhoneNumber, parsePhoneNumber, type PhoneNumber } from './phone-number.ts'
export { allProblems, defineProblems, Problem, type ProblemKind } from './problem.ts'
export { beginSpan, inSpan, type Span, type SpanSink, type SpanWork } from './span.ts'
export { type Locale, locales, negotiateLocale, type Text } from './text.ts'
export { overlaps, type TimeRange, timeRange } from './time-range.ts'
export {
  adoptTrace,
  continueTrace,
  currentTrace,
  currentTraceParent,
  inTrace,
  newSpanId,
  newTrace,
  parseTraceParent,
  toTraceParent,
  type Trace,
  traceFacts,
} from './trace.ts'
