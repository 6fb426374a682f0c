import { CallFailure, type Surfaced } from '#external-calls'
import type { Locale, Log, Metrics } from '#foundation'
import type { DueTelling } from './queries.ts'
import { writeAlerts } from './words.ts'

export interface AlertNotice {
  id: string
  subject: string
  text: string
  locale: Locale
  urgent: boolean
}

/** One recipient of alerts, and every vendor that can reach them, in the order of the house. */
export interface OperatorLine {
  /** sms, email, whatsapp or webhook. */
  channel: string
  ways: readonly { vendor: string; send(notice: AlertNotice, signal: AbortSignal): Promise<unknown> }[]
}

/** Tells of alerts that began or ended; `failing` names vendors that do not work just now. Whether anyone was reached. Never throws for what a vendor does. */
export type TellOperator = (alerts: readonly DueTelling[], failing: readonly string[]) => Promise<boolean>

export interface TellNeeds {
  surfaced: Surfaced
  log: Log
  metrics: Metrics
  lines: readonly OperatorLine[]
  locale: Locale
  publicUrl: string
}

const timeoutMs = 5_000

export function createTellOperator({ surfaced, log, metrics, lines, locale, publicUrl }: TellNeeds): TellOperator {
  async function reach(line: OperatorLine, ways: OperatorLine['ways'], notice: AlertNotice): Promise<boolean> {
    for (const way of ways) {
      const { vendor } = way
      try {
        await surfaced({ provider: vendor, operation: 'tell-operator', timeoutMs }, (signal) => way.send(notice, signal))
        metrics.operatorTold.inc({ channel: line.channel, result: 'ok' })
        return true
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error
        metrics.operatorTold.inc({ channel: line.channel, result: error.facts.outcome })
        log.warn(
          { event: 'operator_not_told', provider: vendor, errorType: error.facts.errorType },
          'The operator was not reached this way.',
        )
      }
    }
    return false
  }

  return async (alerts, failing) => {
    const words = alerts.map(({ name, over }) => `${name}${over ? ' (over)' : ''}`)
    log.error({ event: 'alert', alerts: words }, 'alerts')
    // Nobody to tell: the banner and the log are all there is.
    if (lines.length === 0) return true
    const notice = writeAlerts(alerts, locale, publicUrl)
    const named = new Set([...failing, ...alerts.flatMap(({ labels }) => [labels['provider'] ?? '', labels['channel'] ?? ''])])
    const works = (line: OperatorLine) => (named.has(line.channel) ? [] : line.ways.filter(({ vendor }) => !named.has(vendor)))
    let reached = false
    for (const line of lines) reached = (await reach(line, works(line), notice)) || reached
    if (reached) return true
    // What is said to fail may still carry this one word.
    for (const line of lines) {
      const left = line.ways.filter((way) => !works(line).includes(way))
      reached = (await reach(line, left, notice)) || reached
    }
    return reached
  }
}
