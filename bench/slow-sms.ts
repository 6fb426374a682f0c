import { setTimeout as pause } from 'node:timers/promises'
import { sql } from '../server/database/index.ts'
import { type Api, signIn } from '../tests/support/api.ts'
import { serverSettings, startServerProcess } from '../tests/support/server-process.ts'
import { type BenchWorld, type openTimes, vendorIs } from './bench-world.ts'
import { arrive, type Latency, latencyOf, percentile } from './load.ts'

export type Mode = 'inline' | 'queue'

/** How the vendor of messages is while bookings arrive. The house waits two seconds for it, as it is delivered. */
export const vendorStates = {
  healthy: null,
  'slow, 1.5 s': { fault: 'slow', delayMs: 1_500 },
  'slow, 2 s': { fault: 'slow', delayMs: 2_000 },
  hanging: { fault: 'hang' },
  refusing: { fault: 'refuse' },
  'too busy, 429': { fault: 'http-429' },
} as const
export type VendorState = keyof typeof vendorStates

export interface Load {
  perSecond: number
  count: number
  warmUp: number
}

export interface Cell extends Latency {
  mode: Mode
  vendor: VendorState
  bookings: number
  /** What became of the message of each acknowledged booking, once the vendor was well again and time had passed. */
  sent: number
  failed: number
  skipped: number
  /** Acknowledged bookings without a message, or with one that never came to an end. */
  lost: number
  /** On the phones; more than `sent` where the vendor did its work without saying so in time. */
  arrived: number
  /** From the start of the transaction that promised a message to the first attempt at it. */
  pickupP50Ms: number
  pickupP99Ms: number
}

const customers = 24
const restLimitMs = 45_000

/** Bookings of a free service, which are confirmed and told of at once, in one mode with the vendor in one state; then everything is let come to its end. */
export async function measureCell(world: BenchWorld, mode: Mode, vendor: VendorState, load: Load, nextTime: NextTime): Promise<Cell> {
  const env = { ...serverSettings(world), NOTIFICATION_DELIVERY: mode }
  await vendorIs(world.simulatorsUrl, null)
  const server = await startServerProcess('serve', env)
  const worker = mode === 'queue' ? await startServerProcess('work', env) : undefined
  try {
    const people = await Promise.all(
      Array.from({ length: Math.min(customers, load.count) }, (_, nth) =>
        signIn({ url: server.url, simulatorsUrl: world.simulatorsUrl }, `+9665510000${String(nth + 10)}`),
      ),
    )
    const book = bookWith(people, await nextTime(server.url))
    for (let nth = 0; nth < load.warmUp; nth++) await book(nth)
    const [{ now: begunAt } = { now: null }] = await world.database.rows<{ now: Temporal.Instant }>(sql`select clock_timestamp() as now`)

    await vendorIs(world.simulatorsUrl, vendorStates[vendor])
    const { answers: references, tookMs } = await arrive(load, book)
    await vendorIs(world.simulatorsUrl, null)
    await comeToRest(world)
    const pickups = await world.database.rows<{ ms: number }>(sql`
      select extract(epoch from min(a.started_at) - n.created_at)::float8 * 1000 as ms
      from notification n join notification_attempt a on a.notification_id = n.id where n.created_at >= ${begunAt} group by n.id`)
    const waitedMs = pickups.map(({ ms }) => ms)
    return {
      mode,
      vendor,
      bookings: references.length,
      ...latencyOf(tookMs),
      ...(await whatBecameOf(world, references)),
      pickupP50Ms: percentile(waitedMs, 50),
      pickupP99Ms: percentile(waitedMs, 99),
    }
  } finally {
    await Promise.all([server.stop(), worker?.stop()])
  }
}

type NextTime = (url: string) => ReturnType<typeof openTimes>

/** The nth customer takes the next time nobody has. Resolves with the booking's reference; throws when it was not confirmed. */
function bookWith(people: Api[], nextTime: Awaited<ReturnType<NextTime>>) {
  return async (nth: number): Promise<string> => {
    const customer = people[nth % people.length]
    const answer = await customer?.<{ reference: string; status: string }>('POST', '/v1/bookings', nextTime())
    if (answer?.status !== 201 || answer.body.status !== 'confirmed') {
      throw new Error(`A booking was answered with ${answer?.status}: ${JSON.stringify(answer?.body)}`)
    }
    return answer.body.reference
  }
}

/** The pauses before the next attempt are not waited for: what waits for its time is made due until nothing waits. */
async function comeToRest({ database }: BenchWorld): Promise<void> {
  for (const deadline = performance.now() + restLimitMs; performance.now() < deadline; await pause(250)) {
    await database.run(sql`
      update notification set next_attempt_at = now() - interval '1 minute'
      where state = 'PENDING' and next_attempt_at > now() and (lease_until is null or lease_until < now())`)
    const waiting = await database.row<{ some: boolean }>(sql`select exists (select from notification where state = 'PENDING') as some`)
    if (waiting?.some === false) return
  }
}

async function whatBecameOf(world: BenchWorld, references: string[]) {
  const ends = await world.database.rows<{ reference: string; state: string | null }>(sql`
    select b.reference, n.state from booking b left join notification n on n.about_id = b.id and n.kind = 'booking-confirmed'
    where b.reference = any(${references}::text[])`)
  const inbox = (await (await fetch(`${world.simulatorsUrl}/inbox.json`)).json()) as { body: string }[]
  const ended = (state: string) => ends.filter((one) => one.state === state).length
  const [sent, failed, skipped] = [ended('SENT'), ended('FAILED'), ended('SKIPPED')]
  return {
    sent,
    failed,
    skipped,
    lost: references.length - sent - failed - skipped,
    arrived: references.filter((reference) => inbox.some(({ body }) => body.includes(reference))).length,
  }
}

export function cellTable(cells: Cell[]): string {
  const ms = (value: number) => `${Math.round(value)}`
  const rows = cells.map((cell) => [
    cell.vendor,
    cell.mode,
    cell.bookings,
    ms(cell.p50Ms),
    ms(cell.p99Ms),
    ms(cell.maxMs),
    `${Math.round(cell.overSecondPercent)} %`,
    cell.sent,
    cell.failed,
    cell.skipped,
    cell.lost,
    cell.arrived,
  ])
  const head = ['vendor', 'mode', 'bookings', 'p50 ms', 'p99 ms', 'max ms', '> 1 s', 'sent', 'failed', 'skipped', 'lost', 'on the phones']
  return markdownTable(head, rows)
}

export function markdownTable(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at < 2 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
