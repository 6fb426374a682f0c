import { setTimeout as pause } from 'node:timers/promises'
import { sql } from '../server/database/index.ts'
import { type ServerProcess, serverSettings, startServerProcess } from '../tests/support/server-process.ts'
import { type BenchWorld, vendorIs } from './bench-world.ts'

export interface Drain {
  workers: number
  messages: number
  perSecond: number
  /** From the first attempt of the first to the end of the last. */
  tookMs: number
  sent: number
}

/** All are due at one moment, when every worker is surely awake. */
const awakeMs = 4_000
const limitMs = 60_000

/**
 * Puts the message of every confirmed booking back as if it had just been promised, and lets this many `work` processes
 * deliver them to a vendor that is well. The bookings are read again for each, as always.
 */
export async function measureDrain(world: BenchWorld, workers: number): Promise<Drain> {
  const { database } = world
  await vendorIs(world.simulatorsUrl, null)
  // The pace that spares a vendor is not what is measured here.
  const env = { ...serverSettings(world), NOTIFICATION_DELIVERY: 'queue', NOTIFICATION_RATE_PER_SECOND: '10000' }
  const running: ServerProcess[] = []
  try {
    await database.run(sql`delete from notification_attempt`)
    const messages = await database.run(sql`
      update notification set state = 'PENDING', reason = null, attempts = 0, lease_until = null, ended_at = null, created_at = now(),
        next_attempt_at = now() + ${awakeMs} * interval '1 millisecond'
      where kind = 'booking-confirmed'`)
    for (let nth = 0; nth < workers; nth++) running.push(await startServerProcess('work', env))
    for (const deadline = performance.now() + awakeMs + limitMs; ; await pause(100)) {
      const left = await database.row<{ some: boolean }>(sql`select exists (select from notification where state = 'PENDING') as some`)
      if (left?.some === false) break
      const ended = running.find((one) => !one.isAlive())
      if (ended) throw new Error(`A worker ended by itself: ${ended.printed()}`)
      if (performance.now() > deadline) break
    }
    const { tookMs = 0, sent = 0 } =
      (await database.row<{ tookMs: number; sent: number }>(sql`
        select extract(epoch from max(n.ended_at) - min(a.started_at))::float8 * 1000 as took_ms, count(*) filter (where n.state = 'SENT')::int as sent
        from notification n join notification_attempt a on a.notification_id = n.id where n.kind = 'booking-confirmed'`)) ?? {}
    return { workers, messages, sent, tookMs, perSecond: (sent * 1_000) / Math.max(1, tookMs) }
  } finally {
    await Promise.all(running.map((one) => one.stop()))
  }
}
