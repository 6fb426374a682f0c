import { Pool, type PoolClient } from 'pg'
import type { Sql } from 'sql-template-tag'
import { fromRow, toParameter } from './values.ts'

/** Anything SQL can be sent to: the pool for single statements, a transaction for more. */
export interface Queryable {
  /** The rows, their columns in camelCase. `T` is what the statement selects. */
  rows<T>(statement: Sql): Promise<T[]>
  /** The only row, or undefined. */
  row<T>(statement: Sql): Promise<T | undefined>
  /** How many rows the statement changed. */
  run(statement: Sql): Promise<number>
}

export interface Database extends Queryable {
  readonly pool: Pool
  close(): Promise<void>
}

export interface DatabaseSettings {
  url: string
  poolSize: number
  /** A request waits this long for a connection, then is told 503. */
  poolWaitMs: number
  statementTimeoutMs: number
  lockTimeoutMs: number
  idleInTransactionTimeoutMs: number
}

export function openDatabase(settings: DatabaseSettings, onIdleError: (error: Error) => void): Database {
  const pool = new Pool({
    connectionString: settings.url,
    max: settings.poolSize,
    connectionTimeoutMillis: settings.poolWaitMs,
    application_name: 'thabit',
    options: [
      `-c statement_timeout=${settings.statementTimeoutMs}`,
      `-c lock_timeout=${settings.lockTimeoutMs}`,
      `-c idle_in_transaction_session_timeout=${settings.idleInTransactionTimeoutMs}`,
      '-c timezone=UTC',
    ].join(' '),
  })
  // Without a listener an idle connection cut by a restart would end the process.
  pool.on('error', onIdleError)
  // Nor may one that is cut while it is handed out, before whoever takes it listens: its next statement fails.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return { pool, ...queryable(pool), close: () => pool.end() }
}

/** Wraps a pool or one connection of it. */
export function queryable(connection: Pool | PoolClient): Queryable {
  const send = async (statement: Sql) => connection.query(statement.text, statement.values.map(toParameter))
  const rows = async <T>(statement: Sql) => (await send(statement)).rows.map(fromRow) as T[]
  return {
    rows,
    row: async <T>(statement: Sql) => (await rows<T>(statement))[0],
    run: async (statement) => (await send(statement)).rowCount ?? 0,
  }
}
