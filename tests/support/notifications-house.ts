import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { openDatabase, sql, transaction } from '../../server/database/index.ts'
import { CallFailure, createAbsorbed, createAttempt } from '../../server/external-calls/index.ts'
import { createLog, createMetrics, systemClock } from '../../server/foundation/index.ts'
import { testDatabase } from './postgres.ts'
import { type Channel, type NotificationProvider, openNotifications, type OutgoingMessage } from '../../server/notifications/index.ts'

export const timeoutMs = 400
export const phone = '+966551234567'
export type VendorAnswer = (message: { to: string; text: string }, signal: AbortSignal) => Promise<{ providerMessageId: string | null }>

export const accepts: VendorAnswer = async () => ({ providerMessageId: 'v-1' })
export const hangs: VendorAnswer = () => new Promise(() => {})
export const fails =
  (facts: CallFailure['facts']): VendorAnswer =>
  async () => {
    throw new CallFailure(facts)
  }
export const down = fails({ outcome: 'unreachable', errorType: 'connect' })

/** A vendor that answers as the test says and notes whom it was asked to write to. */
export function playedVendor(name: string, channel: Channel = 'sms', promotes = false) {
  const vendor = {
    name,
    channel,
    promotes,
    answer: accepts,
    sent: [] as string[],
    send(message: OutgoingMessage, signal: AbortSignal) {
      vendor.sent.push(message.to)
      return vendor.answer(message, signal)
    },
  }
  return vendor satisfies NotificationProvider
}

interface More {
  /** After `vendor`, in the order of the house. */
  others?: NotificationProvider[]
  settings?: { ratePerSecond?: number; promotionalHours?: { fromMinutes: number; toMinutes: number } }
}

/** Notifications on a database of their own, with a vendor that answers as the test says. */
export async function openedNotifications(
  t: TestContext,
  delivery: 'inline' | 'queue' = 'inline',
  failuresToOpen = 5,
  { others = [], settings = {} }: More = {},
) {
  const { url, drop } = await testDatabase()
  const database = openDatabase(
    { url, poolSize: 8, poolWaitMs: 2_000, statementTimeoutMs: 3_000, lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 5_000 },
    () => {},
  )
  const metrics = createMetrics()
  const vendor = playedVendor('vendor')
  const notifications = openNotifications({
    database,
    log: createLog({ level: 'silent' }),
    metrics,
    attempt: createAttempt({ clock: systemClock, metrics, circuit: { failuresToOpen, openMs: 60_000 } }),
    providers: [vendor, ...others],
    settings: { delivery, timeoutMs, ...settings },
  })
  const holds = { reason: null as string | null }
  notifications.whenSending(async () => holds.reason)
  /** Whom a number leads to. */
  const people = new Map<string, { email: string | null; marketingConsent: boolean; signedInAt: Temporal.Instant | null }>()
  notifications.whenReaching(async (_db, number) => people.get(number) ?? null)
  t.after(async () => {
    await notifications.settled()
    await database.close()
    await drop()
  })
  const business = await database.row<{ id: string }>(
    sql`insert into business (slug, name_ar, name_en, currency) values ('lamsa', 'لمسة', 'Lamsa', 'SAR') returning id`,
  )
  const absorbed = createAbsorbed(notifications.promised, notifications.readdress)
  const words = {
    reference: 'TH-7K3M-9QXP',
    businessName: { ar: 'لمسة', en: 'Lamsa' },
    serviceName: { ar: 'قص', en: 'Cut' },
    startsAt: '2030-01-01T10:00:00Z',
    zone: 'Asia/Riyadh',
  }
  /** Commits a change that promises one message to each; gives back how long the committer waited. */
  const tell = async (
    recipients: string[],
    change: { notAfter?: Temporal.Instant; data?: Record<string, unknown>; kind?: string; businessId?: string } = {},
  ) => {
    const startedAtMs = performance.now()
    await transaction(database, async (tx) => {
      for (const recipient of recipients) {
        await absorbed(tx, {
          businessId: change.businessId ?? business!.id,
          aboutId: randomUUID(),
          version: 1,
          kind: change.kind ?? 'booking-confirmed',
          channel: 'sms',
          recipient,
          locale: 'ar',
          data: change.data ?? words,
          notAfter: change.notAfter ?? Temporal.Now.instant().add({ hours: 1 }),
        })
      }
    })
    return performance.now() - startedAtMs
  }
  const rows = () => notifications.list(database, { before: null, limit: 100 })
  const row = async () => (await rows())[0]!
  const sweep = async () => {
    let did = 0
    for (let now; (now = await notifications.sweeps[0]!.run()) > 0;) did += now
    await notifications.settled()
    return did
  }
  /** As if the process that delivers had died long ago, or as if the pause before the next attempt were over. */
  const passTime = () =>
    database.run(
      sql`update notification set next_attempt_at = next_attempt_at - interval '1 day', lease_until = lease_until - interval '1 day' where state = 'PENDING'`,
    )
  return {
    database,
    metrics,
    vendor,
    notifications,
    holds,
    people,
    businessId: business!.id,
    words,
    tell,
    rows,
    row,
    sweep,
    passTime,
    absorbed,
  }
}

/** Waits until it holds; throws when that takes longer than `limitMs`. */
export async function until(holds: () => Promise<boolean>, limitMs = 5_000): Promise<void> {
  for (const deadline = performance.now() + limitMs; !(await holds());) {
    if (performance.now() > deadline) throw new Error(`It did not come about in ${limitMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
