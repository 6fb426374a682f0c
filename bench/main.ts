// `npm run bench -- slow-sms`: what the house does while a vendor does not, in figures that a decision can rest on.
import { cpus } from 'node:os'
import { openBenchWorld, openTimes } from './bench-world.ts'
import { type Drain, measureDrain } from './drain.ts'
import { type Cell, cellTable, markdownTable, measureCell, type Mode, type VendorState, vendorStates } from './slow-sms.ts'

const benches: Record<string, () => Promise<void>> = { 'slow-sms': slowSms }

async function slowSms(): Promise<void> {
  const load = { perSecond: 20, count: 120, warmUp: 40 }
  const startedAtMs = performance.now()
  const world = await openBenchWorld()
  try {
    const times = once(openTimes)
    const cells: Cell[] = []
    for (const vendor of Object.keys(vendorStates) as VendorState[]) {
      for (const mode of ['inline', 'queue'] satisfies Mode[]) {
        const cell = await measureCell(world, mode, vendor, load, times)
        cells.push(cell)
        console.error(`${vendor}, ${mode}: p50 ${Math.round(cell.p50Ms)} ms, p99 ${Math.round(cell.p99Ms)} ms, lost ${cell.lost}`)
      }
    }
    const drains: Drain[] = []
    for (const workers of [1, 2, 3]) drains.push(await measureDrain(world, workers))
    const healthy = cells.find(({ mode, vendor }) => mode === 'queue' && vendor === 'healthy')

    console.log(`\n## POST /v1/bookings of a free service, ${load.perSecond} arrive every second, ${load.count} in each row\n`)
    console.log(cellTable(cells))
    console.log(`\n## The queue, drained by processes of their own\n`)
    console.log(
      markdownTable(
        ['workers', 'messages', 'a second', 'took ms', 'sent'],
        drains.map((one) => [one.workers, one.messages, Math.round(one.perSecond), Math.round(one.tookMs), one.sent]),
      ),
    )
    console.log(
      `\nFrom the promise to the first attempt, vendor healthy: p50 ${healthy?.pickupP50Ms.toFixed(1)} ms, p99 ${healthy?.pickupP99Ms.toFixed(1)} ms.`,
    )
    console.log(
      `\n${process.platform} ${process.arch}, ${cpus().length} processors, Node ${process.versions.node}, PostgreSQL on this machine, waiting for its disk; ` +
        `${Math.round((performance.now() - startedAtMs) / 1_000)} s. Lost in all: ${cells.reduce((sum, { lost }) => sum + lost, 0)}.`,
    )
  } finally {
    await world.close()
  }
}

/** One list of times for all servers of a run, so that none is wished for twice. */
function once(open: typeof openTimes): typeof openTimes {
  let opened: ReturnType<typeof openTimes> | undefined
  return (url) => (opened ??= open(url))
}

const [name] = process.argv.slice(2)
const bench = benches[name ?? '']
if (!bench) {
  console.error(`npm run bench -- NAME, with one of these names: ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
await bench()
process.exit(0)
