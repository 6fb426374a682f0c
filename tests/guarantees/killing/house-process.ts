// A process that runs the whole server for its parent, and, with rewritten sources, dies where it is told.
import process from 'node:process'
import type { House } from '../../../server/assembly.ts'
import { arm, loadRewritten, type Target, traced } from './fault-hook.ts'

/** What the parent says; each is answered by the same `do` once it is done. */
export type Order =
  | {
      do: 'open'
      env: Record<string, string>
      /** Sweeps by their own timers; else only when told. */ timers: boolean
      armed?: { target: Target | null }
    }
  | { do: 'arm'; target: Target | null }
  | { do: 'sweep' }
  | { do: 'trace' }
  | { do: 'close' }

export type Done = { done: Order['do']; trace?: ReturnType<typeof traced>; problem?: string }

const rewritten = process.env['THABIT_REWRITTEN']
if (rewritten !== undefined) loadRewritten(rewritten)
const { assemble } = await import('../../../server/assembly.ts')
const { readConfig } = await import('../../../server/config.ts')

let house: House | undefined

async function obey(order: Order): Promise<Done> {
  if (order.do === 'open') {
    if (order.armed) arm(order.armed.target)
    const config = readConfig(order.env)
    house = await assemble(config)
    if (order.timers) await house.listen()
    else await house.app.listen({ host: config.host, port: config.port })
  }
  if (order.do === 'arm') arm(order.target)
  if (order.do === 'sweep') await sweepUntilIdle()
  if (order.do === 'trace') return { done: 'trace', trace: traced() }
  if (order.do === 'close') {
    await house?.close()
    house = undefined
  }
  return { done: order.do }
}

/** Everything that is due, in the order of the house, and what became due by doing it. */
async function sweepUntilIdle(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    let did = 0
    for (const sweep of house?.sweeps ?? []) did += await sweep.run()
    if (did === 0) return
  }
}

async function answer(order: Order): Promise<void> {
  try {
    process.send?.(await obey(order))
  } catch (error) {
    process.send?.({ done: order.do, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Done)
  }
}

process.on('message', (order: Order) => void answer(order))
process.on('disconnect', () => process.exit(0))
process.send?.({ done: 'close' } satisfies Done)
