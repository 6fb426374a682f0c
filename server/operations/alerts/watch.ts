import { randomUUID } from 'node:crypto'
import { Gauge } from 'prom-client'
import type { Database } from '#database'
import type { Clock, Log, Metrics } from '#foundation'
import type { Sweep } from '#jobs'
import { type Evidence, judge } from './evaluation.ts'
import {
  type DueTelling,
  forgetSamples,
  type Holding,
  keepSample,
  newestSamples,
  noteTold,
  recordHolding,
  takeTellings,
  windowEnds,
} from './queries.ts'
import { type AlertRule, alertRules, watchedSelectors, watchedWindows } from './rules/index.ts'
import { takeSample } from './samples.ts'
import type { Gauges } from '../gauges.ts'
import type { TellOperator } from './tell-operator.ts'

export interface WatchNeeds {
  database: Database
  clock: Clock
  log: Log
  metrics: Metrics
  gauges: Gauges
  tell: TellOperator
  rules?: Readonly<Record<string, AlertRule>>
}

export const watchEveryMs = 30_000

/**
 * The alert rules, judged without Prometheus: each process keeps samples of its own figures where all see them, and
 * whoever's turn it is judges all of them. Alerts stand in the database, so that two processes do not tell the same one.
 * While the database is away each process judges what it alone can see, and remembers in memory what it told.
 */
export function watchAlerts(needs: WatchNeeds): Sweep {
  const { database, clock, log, metrics, gauges, tell, rules = alertRules } = needs
  const process = randomUUID()
  const firing = new Gauge({
    name: 'alert_firing',
    help: 'Alerts our own watch holds for true now.',
    labelNames: ['alert', 'severity'],
    registers: [metrics.registry],
  })
  const blind = watchBlindly(needs)
  let ticks = 0

  async function run(): Promise<number> {
    await gauges.refresh()
    const now = clock.now()
    const nowSeconds = now.epochMilliseconds / 1_000
    const own = await takeSample(metrics.registry, watchedSelectors)
    let evidence: Evidence
    try {
      await keepSample(database, process, now, own)
      evidence = { nowSeconds, newest: await newestSamples(database, now), windows: await windowEnds(database, now, watchedWindows) }
    } catch (error) {
      log.warn({ err: error, event: 'watch_blind' }, 'The watch sees only its own process.')
      await blind.judge({ nowSeconds, newest: [own], windows: new Map() }, now)
      return 0
    }
    const holding = held(rules, evidence)
    await recordHolding(database, now, holding)
    firing.reset()
    for (const { name, severity } of holding) firing.set({ alert: name, severity }, 1)
    const due = await takeTellings(database, now)
    if (due.length > 0 && (await tell(due, failingNow(evidence)))) await noteTold(database, now, due)
    await blind.sees()
    if (ticks++ % 20 === 0) await forgetSamples(database, now)
    return 0
  }
  return { name: 'watch-alerts', everyMs: watchEveryMs, run }
}

function held(rules: Readonly<Record<string, AlertRule>>, evidence: Evidence): Holding[] {
  return Object.entries(rules).flatMap(([name, { when, severity, forSeconds }]) => {
    const { holds, labels } = judge(when, evidence)
    return holds ? [{ name, severity, forSeconds, labels }] : []
  })
}

/** Vendors whose circuit is not closed: whoever is told of anything is told by another, if there is one. */
function failingNow({ newest }: Evidence): string[] {
  return newest.flatMap((sample) => {
    const circuit = sample['circuit_state']?.most
    return circuit && circuit.value > 0 && circuit.labels['provider'] !== undefined ? [circuit.labels['provider']] : []
  })
}

/** One alert, kept in memory: that the database is away, which no other process can be asked about. */
function watchBlindly({ tell }: Pick<WatchNeeds, 'tell'>) {
  const name = 'database_away'
  const { severity, forSeconds, when } = alertRules[name]!
  let since: Temporal.Instant | null = null
  let notifiedAt: Temporal.Instant | null = null
  const telling = (now: Temporal.Instant, over: boolean): DueTelling[] => [
    { id: name, name, severity, labels: {}, since: since ?? now, firedAt: now, notifiedAt, resolvedAt: over ? now : null, over },
  ]
  return {
    async judge(evidence: Evidence, now: Temporal.Instant): Promise<void> {
      if (!judge(when, evidence).holds) return
      since ??= now
      const longEnough = since.until(now).total('seconds') >= forSeconds
      const again = notifiedAt === null || notifiedAt.until(now).total('hours') >= 1
      if (longEnough && again && (await tell(telling(now, false), []))) notifiedAt = now
    },
    /** The database is back. Between two checks it may have been told in the database's name too: once more is better than not. */
    async sees(): Promise<void> {
      if (notifiedAt !== null) await tell(telling(notifiedAt, true), [])
      since = null
      notifiedAt = null
    },
  }
}
