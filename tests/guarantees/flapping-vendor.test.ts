import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { type Database, sql } from '../../server/database/index.ts'
import { signIn } from '../support/api.ts'
import { until } from '../support/notifications-house.ts'
import { openProcessesHouse } from '../support/processes-house.ts'

const people = 2_000
/** One short trouble after another, each for so many calls: too few in a row to be taken for an outage. */
const flaps = [
  { fault: 'http-429', times: 4 },
  { fault: 'after-work', times: 2 },
  { fault: 'hang', times: 2 },
  { fault: 'http-500', times: 2 },
  { fault: 'reset', times: 2 },
  { fault: 'truncated', times: 2 },
] as const
const env = {
  NOTIFICATION_DELIVERY: 'queue',
  NOTIFICATION_TIMEOUT_MS: '1500',
  NOTIFICATION_RATE_PER_SECOND: '100',
  DATABASE_POOL_SIZE: '10',
}

interface Row {
  recipient: string
  state: string
  errorClass: string | null
  attempts: { result: string | null; errorType: string | null }[]
}

/** A pause before the next attempt is over at once; leases keep their time. */
const hurry = (database: Database) =>
  database.run(sql`
    update notification set next_attempt_at = now() - interval '1 second'
    where state = 'PENDING' and next_attempt_at > now() and (lease_until is null or lease_until <= now())`)

test(
  'two thousand messages through a vendor that comes and goes: none is lost, and whatever came twice is explained',
  { timeout: 170_000 },
  async (t) => {
    const house = await openProcessesHouse(t)
    const { database } = house
    const server = await house.start('serve', { ...env, NOTIFICATION_DELIVERY: 'inline' })
    const customer = await signIn({ ...house, url: server.url }, '+966561111111')
    await house.bookFree(customer, server.url, 1)
    await server.stop()

    const startedAtMs = performance.now()
    const howMany = async (what: ReturnType<typeof sql>) =>
      (await database.row<{ count: number }>(sql`select count(*)::int as count from notification where ${what}`))?.count ?? 0
    const pending = () => howMany(sql`state = 'PENDING'`)
    const open = sql`exists (select from notification_attempt a where a.notification_id = notification.id and a.finished_at is null)`
    let flapped = 0
    /** Between two troubles some messages go through, so that the vendor is not thought to be down. */
    const flapUntil = async (holds: () => Promise<boolean>) => {
      let calmUntil = 0
      for (; !(await holds()); await pause(50)) {
        const sent = await howMany(sql`state = 'SENT'`)
        if (sent < calmUntil) continue
        await house.vendorIs(flaps[flapped++ % flaps.length] ?? null)
        calmUntil = sent + 25
        await hurry(database)
      }
    }

    const workers = await Promise.all([house.start('work', env), house.start('work', env)])
    await house.promiseToMany(people)
    await flapUntil(async () => (await pending()) < people * 0.6)

    // Both die after the vendor did its work and before it says so; what they held comes back when their leases run out, which is
    // not waited for.
    await house.vendorIs(null)
    await house.vendorIs({ fault: 'after-work', delayMs: 5_000 })
    await until(async () => {
      await pause(200)
      // They stand still while we look, so that no deadline passes meanwhile.
      for (const one of workers) one.freeze()
      const asked = await database.rows<{ recipient: string }>(sql`select recipient from notification where ${open}`)
      const arrived = new Set((await house.texts()).map(({ to }) => to))
      if (asked.some(({ recipient }) => arrived.has(recipient))) return true
      for (const one of workers) one.goOn()
      return false
    }, 40_000)
    await Promise.all(workers.map((one) => one.kill()))
    const lease = await database.row<{ seconds: number }>(
      sql`select max(extract(epoch from lease_until - now()))::float8 as seconds from notification where state = 'PENDING' and ${open}`,
    )
    assert.ok(lease && lease.seconds > 0 && lease.seconds <= 60, `what a worker held comes back after ${lease?.seconds} s`)
    await database.run(sql`update notification set lease_until = now() where state = 'PENDING' and lease_until > now()`)
    await house.vendorIs(null)
    await Promise.all([house.start('work', env), house.start('work', env)])
    await flapUntil(async () => (await pending()) < people * 0.1)

    // An outage that is one: the circuits open, and what nobody was asked about waits without losing a try.
    await house.vendorIs(null)
    await house.vendorIs({ fault: 'reset' })
    await until(async () => (await howMany(sql`state = 'PENDING' and reason like '%circuit%'`)) > 0, 10_000)
    await house.vendorIs(null)
    await until(async () => {
      await hurry(database)
      return (await pending()) === 0
    }, 60_000)
    const tookMs = performance.now() - startedAtMs

    const rows = await database.rows<Row>(sql`
    select n.recipient, n.state, n.error_class,
      (select coalesce(jsonb_agg(jsonb_build_object('result', a.result, 'errorType', a.error_type) order by a.started_at, a.id), '[]')
        from notification_attempt a where a.notification_id = n.id) as attempts
    from notification n where n.recipient like '+96655%' and n.kind = 'booking-confirmed'`)
    const came = Map.groupBy(await house.texts(), ({ to }) => to)
    const times = ({ recipient }: Row) => came.get(recipient)?.length ?? 0
    const unsure = ({ attempts }: Row) => attempts.filter(({ result }) => result === 'unknown').length
    const succeeded = ({ attempts }: Row) => attempts.filter(({ result }) => result === 'ok').length
    const count = (holds: (row: Row) => boolean) => rows.filter(holds).length

    const attempts = rows.flatMap((row) => row.attempts)
    const kinds = Map.groupBy(attempts, ({ result, errorType }) => errorType ?? result ?? 'open')
    t.diagnostic(
      `${rows.length} messages: ${count(({ state }) => state === 'SENT')} sent, ${count(({ state }) => state === 'FAILED')} failed, 0 lost; ${(tookMs / 1_000).toFixed(0)} s`,
    )
    t.diagnostic(`${attempts.length} attempts: ${[...kinds].map(([kind, all]) => `${kind} ${all.length}`).join(', ')}`)
    t.diagnostic(
      `came twice: ${count((row) => times(row) > 1)}, each after an attempt whose process died; came although failed: ${count((row) => row.state === 'FAILED' && times(row) > 0)}, each after an answer that never came`,
    )

    assert.equal(rows.length, people)
    assert.deepEqual([...new Set(rows.map(({ state }) => state))].toSorted(), ['FAILED', 'SENT'], 'each came to its end')
    assert.deepEqual(
      rows.filter((row) => row.state === 'SENT' && times(row) === 0),
      [],
      'counts as sent and never came',
    )
    assert.deepEqual(
      rows.filter((row) => times(row) > succeeded(row) + unsure(row)),
      [],
      'came more often than its attempts explain',
    )
    assert.deepEqual(
      rows.filter(({ attempts: all }) =>
        all.slice(0, -1).some(({ result, errorType }) => result === 'unknown' && errorType !== 'interrupted'),
      ),
      [],
      'what may have been sent was sent again without a person’s word',
    )
    assert.deepEqual(
      rows.filter((row) => row.state === 'FAILED' && times(row) > 0 && row.errorClass !== 'ambiguous'),
      [],
      'failed for sure, and came',
    )
    // Else this run says nothing.
    for (const kind of ['ok', 'http_429', 'http_5xx', 'timeout', 'interrupted', 'reset'])
      assert.ok(kinds.has(kind), `nothing ended as ${kind}`)
    assert.ok(count((row) => times(row) > 1) > 0, 'nothing came twice, though workers died after the vendor’s work')
    assert.ok(count(({ state }) => state === 'SENT') > people / 2, 'hardly anything was sent')
  },
)
