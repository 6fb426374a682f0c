import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { type Database, type Queryable, queryable } from './database.ts'

/** All or nothing. What is to happen outside the database after it stood is handed to `afterCommit`. */
export interface Transaction extends Queryable {
  /** Runs once the commit stood and the connection is given back; awaited before `transaction` returns. Must not throw. */
  afterCommit(run: () => Promise<void>): void
}

const open = new AsyncLocalStorage<boolean>()

/** True while the calling code runs inside a transaction: then nothing may leave the house. */
export function insideTransaction(): boolean {
  return open.getStore() === true
}

/** Deadlock, serialisation failure, lock not had in time: the same work may succeed when run again. */
const passing = new Set(['40P01', '40001', '55P03'])
const maxRuns = 3

/** Runs `work` at READ COMMITTED; runs it again, at most twice more, when PostgreSQL says that the fault is passing. */
export async function transaction<T>(
  database: Database,
  work: (tx: Transaction) => Promise<T>,
  onRetry?: (sqlState: string) => void,
): Promise<T> {
  if (insideTransaction()) throw new Error('A transaction was opened inside another.')
  for (let run = 1; ; run++) {
    try {
      return await runOnce(database, work)
    } catch (error) {
      const sqlState = error instanceof DatabaseError ? error.code : undefined
      if (run >= maxRuns || sqlState === undefined || !passing.has(sqlState)) throw error
      onRetry?.(sqlState)
      await sleep(Math.random() * 20 * run)
    }
  }
}

async function runOnce<T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const afterCommit: (() => Promise<void>)[] = []
  const client = await database.pool.connect()
  // A connection cut in mid-transaction tells every waiting query; without a listener it would also end the process.
  client.on('error', ignore)
  let result: T
  let broken: Error | undefined
  try {
    await client.query('begin isolation level read committed')
    result = await open.run(true, () => work({ ...queryable(client), afterCommit: (run) => void afterCommit.push(run) }))
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure))
    throw error
  } finally {
    client.off('error', ignore)
    client.release(broken)
  }
  for (const run of afterCommit) await open.run(false, run)
  return result
}

function ignore(): void {}
