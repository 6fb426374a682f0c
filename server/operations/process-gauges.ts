import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { readFileSync } from 'node:fs'
import { collectDefaultMetrics, Gauge } from 'prom-client'
import type { Metrics } from '#foundation'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

export const buildVersion: string = version

/** How late timers fire is looked at over this long. */
const loopWindowMs = 10_000

export interface EventLoop {
  /** Of the last ten to twenty seconds. */
  delayP99Seconds(): number
  stop(): void
}

/** Watches how late this process's timers fire, over a window that moves. */
export function watchEventLoop(): EventLoop {
  const delays = monitorEventLoopDelay({ resolution: 20 })
  delays.enable()
  let before = 0
  const p99 = () => {
    // The histogram measures from timer to timer: its resolution is no delay.
    const measured = delays.percentile(99) / 1e9 - 0.02
    return Number.isFinite(measured) && delays.count > 0 ? Math.max(0, measured) : 0
  }
  const timer = setInterval(() => {
    before = p99()
    delays.reset()
  }, loopWindowMs)
  timer.unref()
  return {
    delayP99Seconds: () => Math.max(before, p99()),
    stop() {
      clearInterval(timer)
      delays.disable()
    },
  }
}

/** What a process knows of itself: its version, its event loop, and what Node counts by default. */
export function processGauges({ metrics, loop }: { metrics: Metrics; loop: EventLoop }): void {
  const registers = [metrics.registry]
  collectDefaultMetrics({ register: metrics.registry })
  new Gauge({ name: 'build_info', help: 'Always 1: what runs here.', labelNames: ['version', 'node'], registers }).set(
    { version: buildVersion, node: process.versions.node },
    1,
  )
  const asked = (name: string, help: string, value: () => number) => {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value()) })
  }
  asked('nodejs_eventloop_delay_p99_seconds', 'How late timers fire, at the 99th percentile of the last seconds.', () =>
    loop.delayP99Seconds(),
  )
  let last = performance.eventLoopUtilization()
  asked('nodejs_eventloop_utilization', 'Share of the time since last asked in which the event loop was busy.', () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  })
}
