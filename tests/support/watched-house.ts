/** The whole product under its own watch, with time that a test lets pass: nothing runs by itself but requests. */
import type { Gauge } from 'prom-client'
import { openDatabase, sql } from '../../server/database/index.ts'
import type { Clock } from '../../server/foundation/index.ts'
import type { Sweep } from '../../server/jobs/index.ts'
import { type Api, signIn } from './api.ts'
import { type Offer, offerWhere, slotsOf } from './customer.ts'
import { movableClock } from './movable-clock.ts'
import { type Product, startProduct } from './product.ts'

type TestContext = { after: (run: () => Promise<void>) => void }

export interface WatchedHouse {
  product: Product
  /** Of the simulators' own controls. */
  play(method: string, path: string, body?: unknown): Promise<unknown>
  /** Bookings of a free service, so many at once, in turns of at most `abreast`. */
  book(count: number, abreast?: number): Promise<string[]>
  /** One of a service that is paid for, and what became of beginning to pay. */
  beginToPay(): Promise<{ bookingId: string; status: number }>
  api(path: string, body: unknown): Promise<number>
  run(sweep: string): Promise<void>
  /** Lets so much time pass, for the database's rows too. */
  pass(seconds: number): Promise<void>
  /** The watch's turn; resolves with the alerts that fire now. */
  look(): Promise<string[]>
  clock: Clock
  /** Whether the machine's load is seen; no test but one is about that. */
  machineIs(how: 'idle' | 'as it is'): void
  /** What the operator got by the line that always works, newest first. */
  told(): Promise<string[]>
  /** Everything that went wrong is undone and forgotten. */
  heal(): Promise<void>
}

const topic = 'operator-of-this-test'

export async function startWatchedHouse(t: TestContext, env: Record<string, string> = {}): Promise<WatchedHouse> {
  const clock = movableClock()
  const closing: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closing) await close()
  })
  const product = await startProduct(t, {
    clock,
    sweeps: false,
    env: (simulatorsUrl) => ({
      ACCESS_TOKEN_MINUTES: '60',
      CODE_RESEND_MS: '0',
      MOYASAR_TIMEOUT_MS: '400',
      HOLDS_PER_ACCOUNT: '100',
      CANARY_RECIPIENT: 'sms:+966500000001',
      OPERATOR_WATCH: 'off',
      OPERATOR_ALERT_RECIPIENTS: `webhook:${simulatorsUrl}/ntfy/${topic}`,
      OPERATOR_LOCALE: 'en',
      ...env,
    }),
  })
  const { metrics, sweeps, watch } = product.house
  const loop = metrics.registry.getSingleMetric('nodejs_eventloop_delay_p99_seconds') as Gauge & { collect?: () => void }
  const measured = loop.collect
  const machineIs = (busy: boolean) => void (loop.collect = busy ? measured! : () => loop.set(0))
  // How busy this machine is with other tests is no fault of the house's.
  machineIs(false)
  // Of the test's own: the house may be out of connections.
  const settings = { poolSize: 2, poolWaitMs: 5_000, statementTimeoutMs: 5_000, lockTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 }
  const database = openDatabase({ url: product.databaseUrl, ...settings }, () => {})
  closing.push(() => database.close())
  const free = await freeTimes(product, false)
  const paid = await freeTimes(product, true)
  let customer: { api: Api; since: number } | undefined

  const play: WatchedHouse['play'] = async (method, path, body) => {
    const init = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(product.simulatorsUrl + path, { method, ...init })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  /** A login that lasts as long as its time does not pass. */
  async function someone(): Promise<Api> {
    if (!customer || clock.passedSeconds() - customer.since > 3_000)
      customer = { api: await signIn(product, '+966551234567'), since: clock.passedSeconds() }
    return customer.api
  }
  const bookOne = async ({ offer, times }: Times): Promise<string> => {
    const time = times.shift()
    if (!time) throw new Error('No time is left.')
    const ask = { businessSlug: offer.slug, serviceId: offer.service.id, ...time }
    const { status, body } = await (await someone())<{ id: string; code?: string }>('POST', '/v1/bookings', ask)
    // Services share people: another one's time may stand in the way.
    if (status === 409) return bookOne({ offer, times })
    if (status !== 201) throw new Error(`Booking answered ${status} ${body.code ?? ''}.`)
    return body.id
  }
  const sweepOf = (name: string): Sweep => {
    const found = sweeps.find((sweep) => sweep.name === name)
    if (!found) throw new Error(`No sweep is called ${name}.`)
    return found
  }

  return {
    product,
    clock,
    machineIs: (how) => machineIs(how === 'as it is'),
    play,
    async book(count, abreast = 1) {
      const ids: string[] = []
      await someone()
      while (ids.length < count)
        ids.push(...(await Promise.all(Array.from({ length: Math.min(abreast, count - ids.length) }, () => bookOne(free)))))
      return ids
    },
    async beginToPay() {
      const bookingId = await bookOne(paid)
      return { bookingId, status: (await (await someone())('POST', `/v1/bookings/${bookingId}/payments`)).status }
    },
    async api(path, body) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      return (await fetch(product.url + path, init)).status
    },
    async run(name) {
      await sweepOf(name).run()
      // What is compared with the watch's clock is written by the database's: it is put where the watch's is.
      const by = sql`${clock.passedSeconds()} * interval '1 second'`
      await database.run(sql`
        update notification set created_at = created_at + ${by}, ended_at = ended_at + ${by}, version = 2 where kind = 'canary' and version = 1`)
      await database.run(
        sql`update reconciliation set started_at = started_at + ${by}, finished_at = finished_at + ${by} where finished_at between now() - interval '3 seconds' and now()`,
      )
    },
    async pass(seconds) {
      clock.pass(seconds)
      // Ages are the database's; its clock cannot be moved, so what it holds grows older instead. Instants that are compared with our own clock stay.
      const by = sql`${seconds} * interval '1 second'`
      await database.run(sql`update notification set created_at = created_at - ${by}, ended_at = ended_at - ${by} where kind <> 'canary'`)
      await database.run(sql`update payment set created_at = created_at - ${by}, updated_at = updated_at - ${by}`)
      await database.run(sql`update code_challenge set created_at = created_at - ${by}`)
      await database.run(sql`update webhook_event set received_at = received_at - ${by} where processed_at is null`)
    },
    async look() {
      await watch.run()
      const rows = await database.rows<{ name: string }>(
        sql`select name from alert where fired_at is not null and resolved_at is null order by name`,
      )
      return rows.map(({ name }) => name)
    },
    told: async () => ((await play('GET', `/ntfy/${topic}/json`)) as { body: string }[]).map(({ body }) => body),
    async heal() {
      await play('DELETE', '/faults')
      customer = undefined
      await database.run(sql`delete from notification_attempt where notification_id in (select id from notification where kind = 'canary')`)
      await database.run(sql`delete from notification where kind = 'canary'`)
      await database.run(
        sql`update notification set state = 'SENT', reason = null, ended_at = now(), lease_until = null, delivery = null where state <> 'SENT' or delivery is not null`,
      )
      await database.run(sql`truncate metric_sample, alert, code_challenge, code_limit, code_pause`)
      metrics.registry.resetMetrics()
      // Long enough for every circuit to ask again, and for what was asked before to be no part of any window.
      clock.pass(3_600)
    },
  }
}

interface Times {
  offer: Offer
  times: { startsAt: string; resourceId: string }[]
}

/** Times that do not touch one another, of the first service of its kind. */
async function freeTimes(product: Product, requiresPayment: boolean): Promise<Times> {
  const offer = await offerWhere(product, (service) => service.requiresPayment === requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  const until = new Map<string, number>()
  const times: Times['times'] = []
  for (const { startsAt, endsAt, resourceIds } of slots)
    for (const resourceId of resourceIds) {
      if (Date.parse(startsAt) < (until.get(resourceId) ?? 0)) continue
      times.push({ startsAt, resourceId })
      until.set(resourceId, Date.parse(endsAt) + 900_000)
    }
  return { offer, times }
}
