import type { Database, Transaction } from '#database'
import {
  type AbsorbedCall,
  type Attempt,
  claimAbsorbed,
  type ClaimedCall,
  deliverAbsorbed,
  type Delivery,
  type DeliverNeeds,
  waitAtMost,
} from '#external-calls'
import type { Log, Metrics } from '#foundation'
import { writeMessage } from './messages.ts'
import type { NotificationProvider } from './notification-provider.ts'

export interface DeliveryNeeds {
  database: Database
  log: Log
  metrics: Metrics
  attempt: Attempt
  /** In the order of the house; of any channel. */
  providers: readonly NotificationProvider[]
  settings: {
    /** inline: one attempt after commit, before the answer; queue: by workers, with more attempts. */
    delivery: 'inline' | 'queue'
    timeoutMs: number
  }
  /** Whether what a message says still holds: null, or why it is not sent any more. */
  stillHolds(call: Pick<ClaimedCall, 'aboutId' | 'kind' | 'version' | 'occasion'>): Promise<string | null>
}

/** After a failure that may pass, in queue mode: 10 s, 1 min, 5 min, 30 min, 2 h, then FAILED. Inline, the first failure is final. */
const retryDelaysMs = [10_000, 60_000, 300_000, 1_800_000, 7_200_000]
/** Added to the vendor's deadline for the lease of a claim: what a dead process held comes back well within a minute. */
const leaseSlackMs = 20_000
/** What the waiting request grants our own bookkeeping beyond the vendor's deadline. */
const bookkeepingMs = 50
const batchSize = 10

export type Deliverer = ReturnType<typeof createDeliverer>

export function createDeliverer(needs: DeliveryNeeds) {
  const { database, log, metrics, providers, settings } = needs
  const leaseMs = settings.timeoutMs + leaseSlackMs
  const inline = settings.delivery === 'inline'
  const promises = new WeakMap<Transaction, { id: string; channel: string; kind: string }[]>()
  const underWay = new Set<Promise<void>>()
  let draining: Promise<void> | undefined

  /** Tells what happened, in metrics and one log line an outcome; never whom it was about. */
  const watched: Pick<DeliverNeeds, 'onAttempt' | 'onEnd' | 'onFault'> = {
    onAttempt: ({ channel }, vendor, result, failure) =>
      metrics.notificationAttempts.inc({ channel, provider: vendor, result, error_type: failure?.errorType ?? '' }),
    onEnd: ({ id, channel, kind }, state, reason) => {
      metrics.notificationsEnded.inc({ channel, kind, state })
      log[state === 'FAILED' ? 'warn' : 'info'](
        { event: 'notification', notification: id, kind, channel, state, reason },
        'notification ended',
      )
    },
    onFault: ({ id, kind }, error) =>
      log.error({ err: error, event: 'notification_fault', notification: id, kind }, 'Our own code failed at a message.'),
  }

  async function prepare({
    id,
    kind,
    version,
    occasion,
    aboutId,
    channel,
    recipient,
    data,
    locale,
    overdue,
  }: ClaimedCall): Promise<Delivery | { skip: string }> {
    if (overdue) return { skip: 'overdue' }
    const broken = await needs.stillHolds({ aboutId, kind, version, occasion })
    if (broken !== null) return { skip: broken }
    const provider = providers.find((candidate) => candidate.channel === channel)
    if (!provider) throw new RangeError(`No vendor carries ${channel}.`)
    const message = { ...writeMessage(kind, data, locale), id, to: recipient, locale }
    return { provider: provider.name, send: (signal) => provider.send(message, signal) }
  }

  const deliver = (call: ClaimedCall, how: { timeoutMs: number; insist: boolean }) =>
    deliverAbsorbed(
      { database, attempt: needs.attempt, prepare, ...watched, ...how, retryDelaysMs: inline || how.insist ? [] : retryDelaysMs },
      call,
    )

  /** Delivers claimed calls together. Never throws: what the database did not let us end, the lease gives back. */
  async function deliverTogether(calls: ClaimedCall[], how: { timeoutMs: number; insist: boolean }): Promise<void> {
    const ends = await Promise.allSettled(calls.map((call) => deliver(call, how)))
    for (const end of ends) if (end.status === 'rejected') interrupted(end.reason)
  }

  const interrupted = (error: unknown) =>
    log.warn({ err: error, event: 'notification_interrupted' }, 'A delivery was interrupted and will be taken up again.')

  /** Keeps work that nobody may be waiting for any more where `settled` can find it. */
  function remember(work: Promise<void>): Promise<void> {
    const kept = work.catch(interrupted).finally(() => underWay.delete(kept))
    underWay.add(kept)
    return kept
  }

  async function deliverNow(ids: string[]): Promise<void> {
    const startedAtMs = performance.now()
    const calls = await claimAbsorbed(database, leaseMs, { ids })
    const leftMs = settings.timeoutMs - (performance.now() - startedAtMs)
    await deliverTogether(calls, { timeoutMs: Math.ceil(Math.max(leftMs, settings.timeoutMs / 2)), insist: false })
  }

  async function deliverDue(): Promise<number> {
    // Inline, what is fresh belongs to the request that wrote it; a sweep takes only what a dead process left behind.
    const calls = await claimAbsorbed(database, leaseMs, { limit: batchSize, dueForMs: inline ? leaseMs : 0 })
    await remember(deliverTogether(calls, { timeoutMs: settings.timeoutMs, insist: false }))
    return calls.length
  }

  async function drain(): Promise<void> {
    while ((await deliverDue()) > 0);
  }

  return {
    /** Hears of a row while its transaction is open; all rows of one transaction are delivered together once it stood. */
    promised: (tx: Transaction, id: string, { channel, kind }: AbsorbedCall): void => {
      const known = promises.get(tx)
      if (known) return void known.push({ id, channel, kind })
      const fresh = [{ id, channel, kind }]
      promises.set(tx, fresh)
      tx.afterCommit(async () => {
        for (const row of fresh) metrics.notificationsEnqueued.inc({ channel: row.channel, kind: row.kind })
        if (inline) await waitAtMost(settings.timeoutMs + bookkeepingMs, remember(deliverNow(fresh.map((row) => row.id))))
        // Workers need not wait for their timer: whoever committed wakes this process's own.
        else draining ??= remember(drain()).finally(() => (draining = undefined))
      })
    },
    deliverDue,
    /** One attempt now at calls a person asked for. Claims them in the given transaction, so that no sweep comes between. */
    claimAgain: (tx: Transaction, id: string) => claimAbsorbed(tx, leaseMs, { ids: [id] }),
    deliverAgain: (calls: ClaimedCall[]) => remember(deliverTogether(calls, { timeoutMs: settings.timeoutMs, insist: true })),
    /** Waits for deliveries that nobody waits for any more: before the database is closed. */
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
