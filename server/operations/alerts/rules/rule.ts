import type { Text } from '#foundation'
import type { Condition } from '../expression.ts'
import type { Severity } from '../queries.ts'

export interface AlertRule {
  /** page: a person is woken; ticket: a person looks when they next work. */
  severity: Severity
  /** How long it must hold before it is told. */
  forSeconds: number
  when: Condition
  /** One short sentence that fits a text message. */
  summary: Text
  /** What to look at and do first. */
  runbook: string
  /** What those who act for a business are shown, when it concerns them; they cannot mend it. */
  business?: Text
}

export const minutes = (count: number): number => count * 60
export const hours = (count: number): number => count * 3_600
export const days = (count: number): number => count * 86_400

export const above = (figure: Extract<Condition, { above: number }>['figure'], limit: number): Condition => ({ figure, above: limit })
export const below = (figure: Extract<Condition, { below: number }>['figure'], limit: number): Condition => ({ figure, below: limit })
export const equals = (figure: Extract<Condition, { equals: number }>['figure'], value: number): Condition => ({ figure, equals: value })
export const all = (...conditions: Condition[]): Condition => ({ all: conditions })
export const any = (...conditions: Condition[]): Condition => ({ any: conditions })
