import type { Pool, PoolClient } from 'pg'
import { type Database, queryable } from '../../server/database/database.ts'

/**
 * The same database with a guard taken out of the statements that reach it, so that the product's own code can be run
 * without it and the fault be seen. `weaken` must change at least one statement before `close`, or the twin proves nothing.
 */
export function weakenedDatabase(database: Database, weaken: (statement: string) => string): Database & { weakenedStatements(): number } {
  let weakenedStatements = 0
  const rewrite = (statement: unknown) => {
    if (typeof statement !== 'string') return statement
    const weak = weaken(statement)
    if (weak !== statement) weakenedStatements += 1
    return weak
  }
  const around = <T extends Pool | PoolClient>(connection: T): T =>
    new Proxy(connection, {
      get(target, name) {
        if (name === 'query')
          return (statement: unknown, values: unknown) => Reflect.apply(target.query, target, [rewrite(statement), values])
        if (name === 'connect') return async () => around(await (target as Pool).connect())
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'function' ? (member.bind(target) as unknown) : member
      },
    })
  const pool = around(database.pool)
  return { pool, ...queryable(pool), close: () => database.close(), weakenedStatements: () => weakenedStatements }
}
