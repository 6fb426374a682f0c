import { CallFailure } from './call-failure.ts'

/**
 * Runs a call under one deadline that covers everything it does, its answer's last byte too. After `timeoutMs` the
 * outcome is unknown, even when the call ignores its signal.
 */
export async function withDeadline<T>(timeoutMs: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const tooSlow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const failure = new CallFailure({ outcome: 'unknown', errorType: 'timeout', detail: `No whole answer within ${timeoutMs} ms.` })
      reject(failure)
      controller.abort(failure)
    }, timeoutMs)
  })
  try {
    return await Promise.race([run(controller.signal), tooSlow])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits for `work` no longer than this and says whether it ended in time; the work itself goes on. `work` must not reject. */
export async function waitAtMost(waitMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs)
  })
  try {
    return await Promise.race([work.then(() => true), enough])
  } finally {
    clearTimeout(timer)
  }
}
