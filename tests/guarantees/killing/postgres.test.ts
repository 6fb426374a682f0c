import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Database, migrate, openDatabase, sql } from '../../../server/database/index.ts'
import { startSimulators } from '../../../simulators/index.ts'
import { loadDemoData } from '../../../start/demo-data.ts'
import { startEmbeddedPostgres } from '../../../start/embedded-postgres.ts'
import { freePort } from '../../../start/ports.ts'
import { testDatabase } from '../../support/postgres.ts'
import { type Crowd, startCrowd } from './crowd.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { environment, newPhone, offerOf } from './lane.ts'
import { seed } from './many-runs.ts'
import { signIn } from './patience.ts'
import { random } from './plan.ts'
import { answeredWithTwo, brokenPromises, messagesTwice } from './promises.ts'
import { startHouse } from './running-house.ts'
import { timePasses, untilAtRest } from './time-passes.ts'
import { readTruth } from './truth.ts'

/** The server on this database and a crowd that wants things of it. `databaseUrl`: where the server reaches it; `database`: where we do. */
async function crowdedHouse(t: TestContext, databaseUrl: string, database: Database) {
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const port = await freePort(0)
  const url = `http://127.0.0.1:${port}`
  const house = startHouse()
  t.after(() => house.kill())
  await house.tell({ do: 'open', env: { ...environment(databaseUrl, port, simulators.url), HOLDS_PER_ACCOUNT: '50' }, timers: true })
  const people = await Promise.all(Array.from({ length: 8 }, () => signIn(url, simulators.url, newPhone())))
  const free = await offerOf(url, 'rawnaq-salon', (service) => !service.requiresPayment, 120)
  const paid = await offerOf(url, 'diriyah-padel', (service) => service.requiresPayment, 40)
  const json = { 'content-type': 'application/json' }
  const place = {
    free,
    paid,
    waiting: {
      url,
      async timePasses(_ms: number, key?: string) {
        await pause(50)
        // Its holder answered and could not give the key back, for the database was away; nobody waits half a minute here.
        if (key !== undefined)
          await database
            .run(sql`update idempotency_key set locked_until = now() where key = ${key} and response_status is null`)
            .catch(() => 0)
      },
    },
    play: (redirectUrl: string | null) =>
      fetch(`${simulators.url}/play/moyasar`, { method: 'POST', headers: json, body: JSON.stringify({ redirectUrl }) }),
  }
  /** What is broken once all is at rest. */
  const broken = async (crowd: Crowd) => {
    const open = await untilAtRest(database, {
      timePasses: (ms) => timePasses(database, simulators.url, ms),
      sweep: async () => void (await house.tell({ do: 'sweep' })),
    })
    const truth = await readTruth(database, simulators.url)
    const standing = new Map(truth.bookings.map((booking) => [booking.id, booking]))
    const lost = [...crowd.last].filter(([id, { status, startsAt }]) => {
      const booking = standing.get(id)
      // Money that was on its way when the house last spoke may have confirmed or ended a hold since.
      return !booking || !booking.startsAt.equals(startsAt) || (booking.status !== status && status !== 'held')
    })
    const sentences = [
      ...brokenPromises(truth),
      ...answeredWithTwo(crowd.heard),
      ...lost.map(([id, { status }]) => `the booking ${id} was acknowledged as ${status} and is ${standing.get(id)?.status ?? 'lost'}`),
      ...truth.bookings.filter(({ id }) => !crowd.last.has(id)).map(({ id }) => `nobody was told of the booking ${id}`),
      ...open.map((what) => `${what} never comes to an end`),
    ]
    return { sentences, bookings: truth.bookings.length, twice: messagesTwice(truth) }
  }
  return { people, place, broken, house }
}

const counted = ({ answers }: Crowd) =>
  [...answers]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => `${word} × ${count}`)
    .join(', ')

function ourDatabase(url: string): Database {
  return openDatabase(
    { url, poolSize: 3, poolWaitMs: 20_000, statementTimeoutMs: 20_000, lockTimeoutMs: 20_000, idleInTransactionTimeoutMs: 20_000 },
    () => {},
  )
}

/** The longest time since then in which nobody was told of a write. */
function longestPauseMs({ acknowledgedAt }: Crowd, since: number): number {
  const marks = [since, ...acknowledgedAt.filter((at) => at > since)]
  return Math.max(...marks.map((at, nth) => (marks[nth + 1] ?? at) - at))
}

/** That the house is busy, and that a gateway's answer could not be written down: both say that the same again is safe. */
const mayBeTold = ['503 busy', '504 payment_outcome_unknown']
const failuresTold = ({ answers }: Crowd) => [...answers.keys()].filter((word) => word.startsWith('5') && !mayBeTold.includes(word))

test(
  'PostgreSQL is killed and stopped at once under load: nothing acknowledged is lost, nothing doubled',
  { timeout: 170_000 },
  async (t) => {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'thabit-killing-')))
    chmodSync(home, 0o711)
    const postgres = await startEmbeddedPostgres({ home, durable: true, lost: (sentence) => assert.fail(sentence) })
    const database = ourDatabase(postgres.url)
    t.after(async () => {
      await database.close()
      await postgres.stop()
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    })
    await migrate(postgres.url)
    await loadDemoData({ databaseUrl: postgres.url })
    const { people, place, broken, house } = await crowdedHouse(t, postgres.url, database)

    const crowd = startCrowd(people, place)
    const away: number[] = []
    // SIGQUIT is `pg_ctl stop -m immediate`.
    for (let kill = 0; kill < 8; kill++) {
      await pause(400)
      if (crowd.isOver) break
      const signal = kill % 2 === 0 ? 'SIGKILL' : 'SIGQUIT'
      const { pid } = postgres
      const killedAt = Date.now()
      process.kill(pid, signal)
      // Connections that were open when the server's first process died may still be answered for a moment.
      while (postgres.pid === pid) await pause(20)
      const backAt = Date.now()
      while (!crowd.isOver && !crowd.acknowledgedAt.some((at) => at > backAt)) await pause(20)
      away.push(longestPauseMs(crowd, killedAt))
    }
    await crowd.done
    assert.ok(house.isAlive(), 'the server itself ended')
    const { sentences, bookings, twice } = await broken(crowd)
    t.diagnostic(
      `killed ${away.length} times under ${people.length} people; writes stood still, and went on by themselves, for ${away.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`,
    )
    t.diagnostic(
      `${crowd.heard.length} writes acknowledged, ${bookings} bookings; broken promises: ${sentences.length}; messages that arrived twice: ${twice}`,
    )
    t.diagnostic(`answers: ${counted(crowd)}`)
    assert.deepEqual(sentences, [])
    assert.ok(away.length >= 3, 'the load was over before the database was killed often enough')
    assert.ok((crowd.answers.get('503 busy') ?? 0) > 0, 'nobody was told that the house is busy')
    assert.deepEqual(failuresTold(crowd), [], 'a failure was told as something else than busy')
  },
)

test('connections cut right after COMMIT was sent: the same key finds what stood', { timeout: 170_000 }, async (t) => {
  const { url, drop } = await testDatabase()
  await loadDemoData({ databaseUrl: url })
  const database = ourDatabase(url)
  const proxy = await startCuttingProxy(url, random(seed))
  t.after(async () => {
    await proxy.close()
    await database.close()
    await drop()
  })
  const { people, place, broken, house } = await crowdedHouse(t, proxy.url, database)

  proxy.cutting = true
  const crowd = startCrowd(people, place)
  await crowd.done
  proxy.cutting = false
  assert.ok(house.isAlive(), 'the server itself ended')
  const { sentences, bookings, twice } = await broken(crowd)
  const { commits, cutAfterCommit, cutElsewhere } = proxy.counts
  t.diagnostic(`${commits} commits, ${cutAfterCommit} connections cut right after one, ${cutElsewhere} after another message; seed ${seed}`)
  t.diagnostic(
    `${crowd.heard.length} writes acknowledged, ${bookings} bookings; broken promises: ${sentences.length}; messages that arrived twice: ${twice}`,
  )
  t.diagnostic(`answers: ${counted(crowd)}`)
  assert.deepEqual(sentences, [])
  assert.ok(cutAfterCommit > 20, 'hardly any commit was cut')
  assert.deepEqual(failuresTold(crowd), [], 'a failure was told as something else than busy')
})
