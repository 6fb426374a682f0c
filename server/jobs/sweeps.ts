import { setTimeout as sleep } from 'node:timers/promises'
import { beginSpan, type Clock, currentTrace, inTrace, type Log, newTrace, type Metrics, type SpanSink, systemClock } from '#foundation'

/** Work on a timer. Safe to run twice and in many processes at once: it takes due rows with `for update skip locked`. */
export interface Sweep {
  name: string
  everyMs: number
  /** How long one run may take before it counts as stuck; 60 s unless told. */
  longestMs?: number
  /** Resolves with how many things it did; when it did any, it runs again at once. */
  run(): Promise<number>
}

export interface Sweeps {
  /** Runs a sweep now instead of at its time: what was just committed need not wait for a timer. */
  wake(name: string): void
  /** Waits for what runs and starts nothing more. */
  stop(): Promise<void>
}

export function startSweeps(
  sweeps: Sweep[],
  { log, metrics, spans, clock = systemClock }: { log: Log; metrics: Metrics; spans?: SpanSink | undefined; clock?: Clock },
): Sweeps {
  const stopped = new AbortController()
  const wakers = new Map<string, () => void>()
  const loops = sweeps.map((sweep) => loop(sweep))

  /** A run that found nothing to do is not told of: there are many, and they say nothing. */
  async function run(sweep: Sweep): Promise<number> {
    const trace = currentTrace()
    const end = trace && beginSpan(spans, trace, null)
    const work = { name: `sweep ${sweep.name}`, kind: 'internal' as const, attributes: {} }
    try {
      const did = await sweep.run()
      if (did > 0) end?.({ ...work, attributes: { 'thabit.did': did } }, false)
      return did
    } catch (error) {
      end?.(work, true)
      throw error
    }
  }

  async function loop(sweep: Sweep): Promise<void> {
    while (!stopped.signal.aborted) {
      // Made before the run: a wake for what is committed while the sweep looks elsewhere is not lost.
      const woken = new AbortController()
      wakers.set(sweep.name, () => woken.abort())
      let did = 0
      metrics.sweepsDue.set({ worker: sweep.name }, (clock.now().epochMilliseconds + (sweep.longestMs ?? 60_000)) / 1000)
      try {
        did = await inTrace(newTrace(), () => run(sweep))
      } catch (error) {
        metrics.sweepFailures.inc({ worker: sweep.name })
        log.error({ event: 'sweep_failed', err: error, sweep: sweep.name }, 'A sweep failed and will run again.')
      }
      metrics.sweepRuns.set({ worker: sweep.name }, clock.now().epochMilliseconds / 1000)
      if (did > 0) continue
      metrics.sweepsDue.set({ worker: sweep.name }, (clock.now().epochMilliseconds + sweep.everyMs * 1.1) / 1000)
      await sleep(sweep.everyMs * (0.9 + Math.random() * 0.2), undefined, {
        signal: AbortSignal.any([stopped.signal, woken.signal]),
      }).catch(() => {})
    }
  }

  return {
    wake: (name) => wakers.get(name)?.(),
    async stop() {
      stopped.abort()
      await Promise.all(loops)
    },
  }
}
