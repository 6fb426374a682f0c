import { randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Store } from './store.ts'

export type Task = { id: string; kind: string; dueAt: number; payload: unknown }

/** What a vendor will do later on its own (deliver a webhook, give up on a 3-D Secure page). Survives a restart. */
export type Agenda = {
  on(kind: string, run: (payload: unknown) => Promise<void> | void): void
  add(kind: string, dueAt: number, payload: unknown): void
  tasks(kind: string): Task[]
  /** Moves tasks to now. */
  bringForward(matches: (task: Task) => boolean): void
  /** Runs everything that is due, and what becomes due by doing so, and returns when that is done. */
  runDue(): Promise<void>
  start(): void
  stop(): void
}

const LONGEST_TIMER_MS = 60_000

export function openAgenda({ store, clock }: { store: Store; clock: Clock }): Agenda {
  const handlers = new Map<string, (payload: unknown) => Promise<void> | void>()
  const running = new Map<string, Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let on = false
  const all = (): Task[] => store.all<Task>('task')

  const run = async (task: Task): Promise<void> => {
    try {
      await handlers.get(task.kind)?.(task.payload)
    } catch (error) {
      console.error(`simulators: the task ${task.kind} failed`, error)
    } finally {
      // Removed only once done: a kill in between repeats the task, as a real vendor would.
      if (on) store.remove('task', task.id)
      running.delete(task.id)
    }
  }

  const runDue = async (): Promise<void> => {
    for (;;) {
      if (!on) return
      const due = all().filter((task) => task.dueAt <= clock.now())
      if (due.length === 0) break
      for (const task of due.sort((one, other) => one.dueAt - other.dueAt)) {
        if (!running.has(task.id)) running.set(task.id, run(task))
      }
      await Promise.all(due.flatMap((task) => running.get(task.id) ?? []))
    }
    arm()
  }

  const arm = (): void => {
    clearTimeout(timer)
    const waiting = all().filter((task) => !running.has(task.id))
    if (!on || waiting.length === 0) return
    const next = Math.min(...waiting.map((task) => task.dueAt))
    const delay = Math.min(Math.max(next - clock.now(), 0), LONGEST_TIMER_MS)
    timer = setTimeout(() => void runDue(), delay)
    timer.unref()
  }

  return {
    on: (kind, handle) => {
      handlers.set(kind, handle)
    },
    add: (kind, dueAt, payload) => {
      const id = randomUUID()
      store.put('task', id, { id, kind, dueAt, payload } satisfies Task)
      arm()
    },
    tasks: (kind) => all().filter((task) => task.kind === kind),
    bringForward: (matches) => {
      for (const task of all().filter(matches)) store.put('task', task.id, { ...task, dueAt: clock.now() })
      arm()
    },
    runDue,
    start: () => {
      on = true
      arm()
    },
    stop: () => {
      on = false
      clearTimeout(timer)
    },
  }
}
