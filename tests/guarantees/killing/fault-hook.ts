// Runs in the process that is to die: loads the rewritten server and ends the process at the fault point it was told.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { Socket } from 'node:net'

/** When at a point: its promise was made, or has settled. */
export type Moment = 'sent' | 'done'

/** The `occurrence`-th time, from 1, that this point is reached once armed. */
export interface Target {
  point: number
  moment: Moment
  occurrence: number
}

/** One point that was reached, and how often bytes had left the process by then: what happens between two such times nobody outside can tell apart. */
export type Hit = [point: number, moment: Moment, bytesLeft: number]

let armed = false
let target: Target | undefined
let reached = 0
let trace: Hit[] | undefined
let bytesLeft = 0

/** From now on points count; without a target they are only written down. */
export function arm(wanted: Target | null): void {
  armed = true
  target = wanted ?? undefined
  trace = wanted ? undefined : []
}

export function traced(): Hit[] {
  return trace ?? []
}

function hit(point: number, moment: Moment): void {
  if (!armed) return
  trace?.push([point, moment, bytesLeft])
  if (target?.point !== point || target.moment !== moment) return
  reached += 1
  if (reached === target.occurrence) die()
}

/** Not one instruction of ours runs after this. */
function die(): never {
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

const marks = {
  __sent<T>(point: number, value: T): T {
    hit(point, 'sent')
    // A failure also is an end: it is seen before the code that awaits it goes on.
    if (armed && value instanceof Promise) value.catch(() => hit(point, 'done'))
    return value
  },
  __done<T>(point: number, value: T): T {
    hit(point, 'done')
    return value
  },
  async *__turns<T>(point: number, values: AsyncIterable<T>): AsyncGenerator<T> {
    hit(point, 'sent')
    for await (const value of values) {
      hit(point, 'done')
      yield value
    }
  },
}

/** Before the server is imported. `file` holds the sources by their address. */
export function loadRewritten(file: string): void {
  Object.assign(globalThis, marks)
  countWrites()
  const sources = new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>))
  registerHooks({
    load(url, context, next) {
      const source = sources.get(url)
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true }
    },
  })
}

/** The database, the vendors and the clients are all at the other end of a socket. */
function countWrites(): void {
  for (const name of ['_write', '_writev'] as const) {
    const original = Socket.prototype[name]!
    Socket.prototype[name] = function (this: Socket, ...given: unknown[]) {
      bytesLeft += 1
      return Reflect.apply(original, this, given)
    }
  }
}
