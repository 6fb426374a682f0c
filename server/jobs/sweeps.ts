import { setTimeout as sleep } from 'node:timers/promises'
import type { Log, Metrics } from '#foundation'

/** Work on a timer. Safe to run twice and in many processes at once: it takes due rows with `for update skip locked`. */
export interface Sweep {
  name: string
  everyMs: number
  /** Resolves with how many things it did; when it did any, it runs again at once. */
  run(): Promise<number>
}

export interface Sweeps {
  /** Runs a sweep now instead of at its time: what was just committed need not wait for a timer. */
  wake(name: string): void
  /** Waits for what runs and starts nothing more. */
  stop(): Promise<void>
}

export function startSweeps(sweeps: Sweep[], { log, metrics }: { log: Log; metrics: Metrics }): Sweeps {
  const stopped = new AbortController()
  const wakers = new Map<string, () => void>()
  const loops = sweeps.map((sweep) => loop(sweep))

  async function loop(sweep: Sweep): Promise<void> {
    while (!stopped.signal.aborted) {
      // Made before the run: a wake for what is committed while the sweep looks elsewhere is not lost.
      const woken = new AbortController()
      wakers.set(sweep.name, () => woken.abort())
      let did = 0
      try {
        did = await sweep.run()
      } catch (error) {
        metrics.sweepFailures.inc({ worker: sweep.name })
        log.error({ event: 'sweep_failed', err: error, sweep: sweep.name }, 'A sweep failed and will run again.')
      }
      metrics.sweepRuns.set({ worker: sweep.name }, Date.now() / 1000)
      if (did > 0) continue
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
