import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Done, Order } from './house-process.ts'

/** A process with the server in it, told what to do. */
export interface RunningHouse {
  /** Resolves when it is done, or with null when the process ended before. Throws what the server threw. */
  tell(order: Order): Promise<Done | null>
  isAlive(): boolean
  /** Resolves when the process is gone. */
  died: Promise<unknown>
  kill(): Promise<void>
}

const entry = fileURLToPath(new URL('./house-process.ts', import.meta.url))

/** Starts a process that waits for orders; `rewritten`: the sources with fault points it is to load instead. */
export function startHouse(rewritten?: string): RunningHouse {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    env: {
      PATH,
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
      ...(rewritten !== undefined && { THABIT_REWRITTEN: rewritten }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const died = once(child, 'exit')
  // Its own first word comes unasked: it is ready for orders.
  const ready = answerOf(child, 'close', died)
  return {
    died,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async tell(order) {
      if ((await ready) === null || !child.connected) return null
      const answered = answerOf(child, order.do, died)
      child.send(order, () => {})
      const done = await answered
      if (done?.problem !== undefined) throw new Error(done.problem)
      return done
    },
    async kill() {
      child.kill('SIGKILL')
      await died
    },
  }
}

async function answerOf(child: ChildProcess, word: Order['do'], died: Promise<unknown>): Promise<Done | null> {
  const heard = Promise.withResolvers<Done>()
  const listen = (done: Done) => {
    if (done.done === word) heard.resolve(done)
  }
  child.on('message', listen)
  const done = await Promise.race([heard.promise, died.then(() => null)])
  child.off('message', listen)
  return done
}
