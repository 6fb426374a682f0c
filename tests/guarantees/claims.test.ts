import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { DatabaseError } from 'pg'
import { openAvailability } from '../../server/availability/index.ts'
import { openCatalog } from '../../server/catalog/index.ts'
import { type Database, openDatabase, type Queryable, sql, type Transaction, transaction } from '../../server/database/index.ts'
import { timeRange, type TimeRange } from '../../server/foundation/index.ts'
import { testDatabase } from '../support/postgres.ts'
import { weakenedDatabase } from '../support/weakened-database.ts'

const connections = 90
const peopleCount = 20
const roomCount = 5
const hoursADay = 10
/** What everybody wants: every hour of every person. */
const contested = peopleCount * hoursADay
const firstHour = Temporal.Instant.from('2031-03-04T06:00:00Z')

interface Wanted {
  resourceIds: string[]
  during: TimeRange
}

async function house(t: TestContext) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: connections, poolWaitMs: 20_000, statementTimeoutMs: 8_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  t.after(async () => {
    await database.close()
    await drop()
  })
  const catalog = openCatalog({ database })
  const name = { ar: 'اسم', en: 'Name' }
  const made = await transaction(database, async (tx) => {
    const businessId = (await catalog.publishBusiness(tx, { slug: 'contest', name, description: name, currency: 'SAR', cancellation: [] }))!
    const branchId = await catalog.publishBranch(tx, { businessId, name, zone: 'Asia/Riyadh', address: name })
    const publish = async (kind: 'staff' | 'room', count: number) => {
      const ids: string[] = []
      for (let position = 0; position < count; position += 1)
        ids.push(await catalog.publishResource(tx, { businessId, branchId, kind, name, position }))
      return ids
    }
    return { businessId, people: await publish('staff', peopleCount), rooms: await publish('room', roomCount) }
  })
  await Promise.all(Array.from({ length: connections }, () => database.row(sql`select 1 as warm, pg_sleep(0.01)`)))
  return { database, availability: openAvailability({ database, catalog }), ...made }
}
type House = Awaited<ReturnType<typeof house>>

const hourAt = (hour: number, shiftMinutes = 0): TimeRange => {
  const startsAt = firstHour.add({ minutes: hour * 60 + shiftMinutes })
  return timeRange(startsAt, startsAt.add({ minutes: 60 }))
}
const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)]!

/** One of the contested hours, now and then half an hour off, now and then with a room that five times as many want. */
function anyWish({ people, rooms }: House): Wanted {
  const during = hourAt(Math.floor(Math.random() * hoursADay), pick([0, 0, 0, 30]))
  return { during, resourceIds: Math.random() < 0.2 ? [pick(people), pick(rooms)] : [pick(people)] }
}

/** Everybody at once, each over their own connection, until each has tried so often or the time is up. */
async function rush(tries: number, limitMs: number, attempt: () => Promise<boolean>) {
  const took: number[] = []
  const sqlStates: Record<string, number> = {}
  let won = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let at = 0; at < tries && performance.now() - startedAt < limitMs; at += 1) {
        const before = performance.now()
        try {
          if (await attempt()) won += 1
        } catch (error) {
          if (!(error instanceof DatabaseError) || error.code === undefined) throw error
          counter(sqlStates)(error.code)
        }
        took.push(performance.now() - before)
      }
    }),
  )
  took.sort((a, b) => a - b)
  const at = (share: number) => `${took[Math.floor((took.length - 1) * share)]!.toFixed(1)} ms`
  const perSecond = Math.round((took.length / (performance.now() - startedAt)) * 1000)
  return {
    attempts: took.length,
    won,
    sqlStates,
    said: `${took.length} attempts, ${perSecond}/s, ${won} won, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`,
  }
}

const counter = (counts: Record<string, number>) => (what: string) => void (counts[what] = (counts[what] ?? 0) + 1)

function overlapsIn(db: Queryable, table: 'claim' | 'claim_unguarded'): Promise<number> {
  const from = table === 'claim' ? sql`claim a join claim b` : sql`claim_unguarded a join claim_unguarded b`
  return db
    .row<{ count: number }>(sql`
      select count(*) from ${from} on a.business_id = b.business_id and a.resource_id = b.resource_id and a.id < b.id and a.during && b.during
      where a.state in ('held', 'booked') and b.state in ('held', 'booked')`)
    .then((row) => row?.count ?? -1)
}

const claimOn = (house: House, database: Database, wanted: Wanted, onRetry?: (sqlState: string) => void) =>
  transaction(
    database,
    (tx) => house.availability.claim(tx, { businessId: house.businessId, holderId: randomUUID(), heldUntil: null, ...wanted }),
    onRetry,
  )

test(
  `${connections} connections on ${contested} contested times never double one, and no deadlock reaches anybody`,
  { timeout: 60_000 },
  async (t) => {
    const contest = await house(t)
    const retries: Record<string, number> = {}
    const { sqlStates, won, attempts, said } = await rush(40, 10_000, () =>
      claimOn(contest, contest.database, anyWish(contest), counter(retries)),
    )
    const overlaps = await overlapsIn(contest.database, 'claim')
    t.diagnostic(`guarded: ${said}, ${overlaps} doubles, run again ${JSON.stringify(retries)}, surfaced ${JSON.stringify(sqlStates)}`)
    assert.equal(overlaps, 0)
    assert.deepEqual(sqlStates, {})
    assert.equal(retries['40P01'], undefined, 'not even a deadlock that a second run would have hidden')
    assert.ok(attempts > contested * 5, 'too few tried for the times to be contested')
    const kept = await contest.database.row<{ holders: number; partial: number }>(sql`
    select count(*) as holders, count(*) filter (where claims > 2) as partial from (select holder_id, count(*) as claims from claim group by holder_id) held`)
    assert.deepEqual(kept, { holders: won, partial: 0 })
  },
)

test('twin: with a look before the insert in place of the constraint, times are doubled', { timeout: 60_000 }, async (t) => {
  const contest = await house(t)
  const { database, businessId } = contest
  await database.run(sql`create table claim_unguarded (like claim including defaults including generated, primary key (business_id, id))`)
  await database.run(sql`create index on claim_unguarded using gist (business_id, resource_id, during)`)
  const lookThenTake = async (tx: Transaction, { resourceIds, during }: Wanted) => {
    const taken = await tx.row(sql`
      select from claim_unguarded
      where business_id = ${businessId} and resource_id = any(${resourceIds}::uuid[]) and during && ${during}::tstzrange and state in ('held', 'booked') limit 1`)
    if (taken) return false
    await tx.run(sql`
      insert into claim_unguarded (business_id, resource_id, holder_id, during, state)
      select ${businessId}, id, ${randomUUID()}, ${during}::tstzrange, 'booked' from unnest(${resourceIds}::uuid[]) as wanted (id)`)
    return true
  }
  const { said } = await rush(40, 10_000, () => transaction(database, (tx) => lookThenTake(tx, anyWish(contest))))
  const overlaps = await overlapsIn(database, 'claim_unguarded')
  t.diagnostic(`without the constraint: ${said}, ${overlaps} doubles`)
  assert.ok(overlaps > 0, 'the load is too light to show what the constraint is for')
})

test(
  'twin: plain inserts into the same constraint turn every refusal into an error, and now and then into a deadlock, which is counted here',
  { timeout: 60_000 },
  async (t) => {
    const contest = await house(t)
    const plain = weakenedDatabase(contest.database, (statement) =>
      statement.replace(/on conflict on constraint claim_no_overlap do nothing/, ''),
    )
    const retries: Record<string, number> = {}
    const { said, sqlStates } = await rush(10, 3_000, () => claimOn(contest, plain, anyWish(contest), counter(retries)))
    t.diagnostic(
      `plain insert: ${said}, run again ${JSON.stringify(retries)}, surfaced ${JSON.stringify(sqlStates)} (23P01 is a refusal, 40P01 a deadlock, 55P03 a lock not had in time)`,
    )
    assert.ok(plain.weakenedStatements() > 0)
    assert.ok((sqlStates['23P01'] ?? 0) > 0, 'without ON CONFLICT a refusal is an error')
    assert.equal(await overlapsIn(contest.database, 'claim'), 0)
  },
)

test('holds that ran out free their time to whoever comes, at once and to one of them, with no sweeper', { timeout: 60_000 }, async (t) => {
  const contest = await house(t)
  const { database, availability, businessId, people } = contest
  const wishes = people.flatMap((id) =>
    Array.from({ length: hoursADay }, (_, hour): Wanted => ({ resourceIds: [id], during: hourAt(hour) })),
  )
  await transaction(database, async (tx) => {
    for (const wish of wishes)
      assert.ok(
        await availability.claim(tx, {
          businessId,
          holderId: randomUUID(),
          heldUntil: Temporal.Now.instant().subtract({ seconds: 1 }),
          ...wish,
        }),
      )
  })
  assert.equal(await claimOn(contest, database, wishes[0]!), false, 'twin: whoever does not free what ran out is refused by it')

  const retries: Record<string, number> = {}
  const takeOver = async (tx: Transaction, wish: Wanted) => {
    for (const lapsed of await availability.lapsedHolders(tx, businessId, wish.resourceIds, wish.during))
      await availability.release(tx, businessId, lapsed)
    return availability.claim(tx, { businessId, holderId: randomUUID(), heldUntil: null, ...wish })
  }
  // Ten want each time, one after another in the queue: at any moment everybody crowds around nine of them.
  const queue = wishes.flatMap((wish) => Array.from({ length: 10 }, () => wish))
  const { said, won, sqlStates } = await rush(Math.ceil(queue.length / connections), 10_000, async () => {
    const wish = queue.pop()
    return wish !== undefined && transaction(database, (tx) => takeOver(tx, wish), counter(retries))
  })
  const overlaps = await overlapsIn(database, 'claim')
  t.diagnostic(
    `holds that ran out: ${said}, ${overlaps} doubles, run again ${JSON.stringify(retries)}, surfaced ${JSON.stringify(sqlStates)}`,
  )
  assert.deepEqual([won, overlaps, sqlStates], [contested, 0, {}])
})
