import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { DatabaseError } from 'pg'
import { asAdmin, testDatabase } from '../../tests/support/postgres.ts'
import { audit, databaseUnavailable, insideTransaction, openDatabase, sql, transaction } from './index.ts'

async function opened(
  t: TestContext,
  change: { poolSize?: number; lockTimeoutMs?: number; statementTimeoutMs?: number; idleInTransactionTimeoutMs?: number } = {},
) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 6, poolWaitMs: 300, statementTimeoutMs: 5_000, lockTimeoutMs: 4_000, idleInTransactionTimeoutMs: 5_000, ...change },
    () => {},
  )
  t.after(async () => {
    await database.close()
    await drop()
  })
  await database.run(sql`create table jar (id integer primary key, coins integer not null check (coins >= 0))`)
  await database.run(sql`insert into jar values (1, 10), (2, 10)`)
  const coins = async () => (await database.rows<{ coins: number }>(sql`select coins from jar order by id`)).map((row) => row.coins)
  return { database, url, coins }
}

const sqlStateOf = (error: unknown) => (error instanceof DatabaseError ? error.code : undefined)

test('what a transaction did stands whole or not at all', async (t) => {
  const { database, coins } = await opened(t)
  const move = (amount: number) =>
    transaction(database, async (tx) => {
      await tx.run(sql`update jar set coins = coins + ${amount} where id = 2`)
      await tx.run(sql`update jar set coins = coins - ${amount} where id = 1`)
    })
  await move(4)
  assert.deepEqual(await coins(), [6, 14])
  await assert.rejects(move(7), (error) => sqlStateOf(error) === '23514')
  assert.deepEqual(await coins(), [6, 14])
})

test('after a failure the connection is clean for the next', async (t) => {
  const { database } = await opened(t, { poolSize: 2 })
  for (let run = 0; run < 6; run++) await assert.rejects(transaction(database, async (tx) => void (await tx.run(sql`select 1 / 0`))))
  for (let run = 0; run < 6; run++)
    await assert.rejects(
      transaction(database, async () => Promise.reject(new Error('no'))),
      /no/,
    )
  assert.equal(database.pool.totalCount - database.pool.idleCount, 0)
  assert.deepEqual(await database.rows(sql`select 1 as one`), [{ one: 1 }])
})

test('what follows a commit runs after it stood, outside the transaction and with its connection given back', async (t) => {
  const { database, coins } = await opened(t, { poolSize: 1 })
  const seen: unknown[] = []
  const result = await transaction(database, async (tx) => {
    tx.afterCommit(async () => void seen.push('first', await coins(), insideTransaction(), database.pool.idleCount))
    tx.afterCommit(async () => void seen.push('second'))
    await tx.run(sql`update jar set coins = 1 where id = 1`)
    seen.push('work', insideTransaction())
    return 'result'
  })
  assert.equal(result, 'result')
  assert.deepEqual(seen, ['work', true, 'first', [1, 10], false, 1, 'second'])
  assert.equal(insideTransaction(), false)
})

test('what follows a commit does not happen when there was none', async (t) => {
  const { database } = await opened(t)
  let ran = 0
  await assert.rejects(
    transaction(database, async (tx) => {
      tx.afterCommit(async () => void ran++)
      throw new Error('no')
    }),
  )
  // A constraint that is checked at the commit itself fails there.
  await database.run(sql`create table late (id integer, constraint late_once unique (id) deferrable initially deferred)`)
  await assert.rejects(
    transaction(database, async (tx) => {
      tx.afterCommit(async () => void ran++)
      await tx.run(sql`insert into late values (1), (1)`)
    }),
    (error) => sqlStateOf(error) === '23505',
  )
  assert.equal(ran, 0)
})

test('a transaction inside another is refused', async (t) => {
  const { database, coins } = await opened(t)
  await assert.rejects(
    transaction(database, async (tx) => {
      await tx.run(sql`update jar set coins = 0`)
      await transaction(database, async () => {})
    }),
    /opened inside another/,
  )
  assert.deepEqual(await coins(), [10, 10])
})

test('two transactions that lock each other out both end well: PostgreSQL ends one and it is run again', async (t) => {
  const { database, coins } = await opened(t)
  const bothHoldOne = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const runs = [0, 0]
  const retried: string[] = []
  const follows: number[] = []
  const crossing = (me: number) =>
    transaction(
      database,
      async (tx) => {
        runs[me]! += 1
        tx.afterCommit(async () => void follows.push(me))
        await tx.run(sql`update jar set coins = coins + 1 where id = ${me + 1}`)
        bothHoldOne[me]!.resolve()
        await bothHoldOne[1 - me]!.promise
        await tx.run(sql`update jar set coins = coins + 1 where id = ${2 - me}`)
      },
      (sqlState) => retried.push(sqlState),
    )
  await Promise.all([crossing(0), crossing(1)])
  assert.deepEqual(retried, ['40P01'])
  assert.equal(runs[0]! + runs[1]!, 3)
  assert.deepEqual(await coins(), [12, 12])
  assert.deepEqual(new Set(follows), new Set([0, 1]))
})

test('a fault that may pass is tried three times in all, any other once', async (t) => {
  const { database } = await opened(t)
  const runsUntil = async (sqlState: string) => {
    let runs = 0
    await assert.rejects(
      transaction(database, async (tx) => {
        runs += 1
        await tx.run(sql`select set_config('test.state', ${sqlState}, true)`)
        await tx.run(sql`do $$ begin raise exception 'planted' using errcode = current_setting('test.state'); end $$`)
      }),
      (error) => sqlStateOf(error) === sqlState,
    )
    return runs
  }
  assert.deepEqual([await runsUntil('40P01'), await runsUntil('40001'), await runsUntil('55P03')], [3, 3, 3])
  assert.deepEqual([await runsUntil('23505'), await runsUntil('23P01'), await runsUntil('57014'), await runsUntil('P0001')], [1, 1, 1, 1])
})

test('a lock not had in time, a statement past its time and a pool used up are said to be passing', async (t) => {
  const { database } = await opened(t, { poolSize: 2, lockTimeoutMs: 50, statementTimeoutMs: 200 })
  await assert.rejects(database.rows(sql`select pg_sleep(5)`), (error) => sqlStateOf(error) === '57014' && databaseUnavailable(error))
  const release = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const holder = transaction(database, async (tx) => {
    await tx.run(sql`update jar set coins = 0 where id = 1`)
    locked.resolve()
    await release.promise
  })
  await locked.promise
  await assert.rejects(
    transaction(database, async (tx) => void (await tx.run(sql`update jar set coins = 1 where id = 1`))),
    (error) => sqlStateOf(error) === '55P03' && databaseUnavailable(error),
  )
  const second = transaction(database, () => release.promise)
  const started = performance.now()
  await assert.rejects(database.rows(sql`select 1`), databaseUnavailable)
  assert.ok(performance.now() - started < 1_500)
  release.resolve()
  await Promise.all([holder, second])
  assert.deepEqual(await database.rows(sql`select 1 as one`), [{ one: 1 }])
})

test('a connection cut in the middle fails its own work alone', async (t) => {
  const { database, url, coins } = await opened(t)
  await assert.rejects(
    transaction(database, async (tx) => {
      await tx.run(sql`update jar set coins = 0`)
      const self = await tx.row<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await asAdmin(url, (client) => client.query('select pg_terminate_backend($1)', [self!.pid]))
      await tx.run(sql`update jar set coins = 1`)
    }),
    databaseUnavailable,
  )
  assert.deepEqual(await coins(), [10, 10])
})

test('a transaction that a fault of ours leaves idle is ended by PostgreSQL, and its locks are given back', async (t) => {
  const idleFor = async (idleInTransactionTimeoutMs: number) => {
    const { database } = await opened(t, { idleInTransactionTimeoutMs, lockTimeoutMs: 1_500 })
    const release = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const forgotten = transaction(database, async (tx) => {
      await tx.run(sql`update jar set coins = 0 where id = 1`)
      locked.resolve()
      await release.promise
    }).then(
      () => 'stood',
      (error: unknown) => (databaseUnavailable(error) ? 'ended' : String(error)),
    )
    await locked.promise
    const next = await database.run(sql`update jar set coins = 7 where id = 1`).catch(sqlStateOf)
    release.resolve()
    return [next, await forgotten]
  }
  assert.deepEqual(await idleFor(200), [1, 'ended'])
  assert.deepEqual(await idleFor(20_000), ['55P03', 'stood'], 'without the limit everyone behind it waits in vain')
})

test('a database that may only be read is said to be passing, and nothing is believed to be written', async (t) => {
  const { database, url, coins } = await opened(t)
  const all = (value: 'on' | 'off') =>
    asAdmin(url, async (client) => {
      await client.query('set default_transaction_read_only = off')
      await client.query(`alter database "${new URL(url).pathname.slice(1)}" set default_transaction_read_only = ${value}`)
    })
  await all('on')
  const later = openDatabase(
    { url, poolSize: 1, poolWaitMs: 300, statementTimeoutMs: 5_000, lockTimeoutMs: 4_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(() => later.close())
  await assert.rejects(
    transaction(later, async (tx) => void (await tx.run(sql`update jar set coins = 0`))),
    (error) => sqlStateOf(error) === '25006' && databaseUnavailable(error),
  )
  assert.deepEqual(await coins(), [10, 10])
  await all('off')
  assert.equal(await database.run(sql`update jar set coins = 1 where id = 1`), 1)
})

test('our own mistakes are not taken for a database that is away', async (t) => {
  const { database } = await opened(t)
  for (const wrong of [sql`select nonsense`, sql`insert into jar values (1, 1)`, sql`select ${'x'}::uuid`])
    await assert.rejects(database.rows(wrong), (error) => !databaseUnavailable(error))
  assert.equal(databaseUnavailable(new Error('anything')), false)
  assert.equal(databaseUnavailable('text'), false)
  const away = openDatabase(
    {
      url: 'postgres://nobody@127.0.0.1:1/none',
      poolSize: 2,
      poolWaitMs: 300,
      statementTimeoutMs: 1_000,
      lockTimeoutMs: 1_000,
      idleInTransactionTimeoutMs: 1_000,
    },
    () => {},
  )
  await assert.rejects(away.rows(sql`select 1`), databaseUnavailable)
  await away.close()
  await assert.rejects(away.rows(sql`select 1`), databaseUnavailable)
})

test('an audit entry stands with its change and can be neither changed nor removed', async (t) => {
  const { database } = await opened(t)
  const subjectId = '0199a0b0-0000-7000-8000-000000000001'
  const entry = { actorKind: 'system', action: 'booking.expired', subject: 'booking', subjectId } as const
  await assert.rejects(
    transaction(database, async (tx) => {
      await audit(tx, entry)
      throw new Error('no')
    }),
  )
  assert.deepEqual(await database.rows(sql`select 1 from audit_entry`), [])
  await transaction(database, (tx) => audit(tx, { ...entry, details: { words: 'ثابت' } }))
  assert.deepEqual(await database.rows(sql`select action, subject_id, details, actor_id from audit_entry`), [
    { action: 'booking.expired', subjectId, details: { words: 'ثابت' }, actorId: null },
  ])
  await assert.rejects(database.run(sql`update audit_entry set action = 'other'`), /final/)
  await assert.rejects(database.run(sql`delete from audit_entry`), /final/)
})

test('a connection that is cut in the moment it is handed out ends no process', async (t) => {
  const { database } = await opened(t)
  const client = await database.pool.connect()
  // PostgreSQL's last word may stand in the same packet as its first: nobody who holds the connection has a listener by then.
  client.emit('error', new Error('terminating connection due to administrator command'))
  client.release(true)
  assert.equal((await database.row<{ one: number }>(sql`select 1 as one`))?.one, 1)
})
