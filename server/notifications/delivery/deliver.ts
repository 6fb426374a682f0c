import type { Transaction } from '#database'
import {
  type AbsorbedCall,
  type Attempt,
  claimAbsorbed,
  type ClaimedCall,
  deliverAbsorbed,
  type DeliverNeeds,
  waitAtMost,
} from '#external-calls'
import type { Log, Metrics } from '#foundation'
import { createPace, type Pace } from './pace.ts'
import { planDelivery, type PlanNeeds, standInFor } from './plan.ts'

export interface DeliveryNeeds extends Omit<PlanNeeds, 'paceOf' | 'promotionalHours'> {
  log: Log
  metrics: Metrics
  attempt: Attempt
  settings: {
    /** inline: one round after commit, before the answer; queue: by workers, with more rounds. */
    delivery: 'inline' | 'queue'
    timeoutMs: number
    /** How fast this process feeds one vendor from the queue; undefined: as fast as it comes. */
    ratePerSecond?: number
    promotionalHours?: PlanNeeds['promotionalHours']
  }
}

/** After a failure that may pass, in queue mode: 10 s, 1 min, 5 min, 30 min, 2 h, then FAILED. Inline, the first failure is final. */
const retryDelaysMs = [10_000, 60_000, 300_000, 1_800_000, 7_200_000]
/** A round lasts one and a half deadlines at most. With this on top, what a dead process held comes back well within a minute. */
const leaseSlackMs = 15_000
/** What the waiting request grants our own bookkeeping beyond the vendor's deadline. */
const bookkeepingMs = 50
const batchSize = 20
/** Deliveries under way, for each vendor as many as its bulkhead holds: a slow one leaves the others their hands. */
const handsPerVendor = 32
/** A sweep waits so long for its batch; slower ones go on without it, and the next batch is taken. */
const sweepPatienceMs = 1_000

/** insist: a person asked. mayWait: nobody waits for it, so it can be put off until its turn or until a circuit closes. */
interface How {
  insist: boolean
  mayWait: boolean
}

export type Deliverer = ReturnType<typeof createDeliverer>

export function createDeliverer(needs: DeliveryNeeds) {
  const { database, log, metrics, providers, settings } = needs
  const leaseMs = Math.ceil(settings.timeoutMs * 1.5) + leaseSlackMs
  const inline = settings.delivery === 'inline'
  const promises = new WeakMap<Transaction, { id: string; channel: string; kind: string }[]>()
  const underWay = new Set<Promise<void>>()
  const paces = new Map<string, Pace>()
  const hands = Math.max(1, providers.length) * handsPerVendor
  let busy = 0
  let closing = false
  let draining: Promise<void> | undefined

  const planNeeds: PlanNeeds = {
    ...needs,
    promotionalHours: settings.promotionalHours,
    paceOf({ name }) {
      if (settings.ratePerSecond === undefined) return undefined
      if (!paces.has(name)) paces.set(name, createPace(settings.ratePerSecond))
      return paces.get(name)
    },
  }

  /** Tells what happened, in metrics and one log line an outcome; never whom it was about. */
  const watched: Pick<DeliverNeeds, 'onAttempt' | 'onEnd' | 'onStandIn' | 'onFault'> = {
    onAttempt: ({ channel }, vendor, result, failure) =>
      metrics.notificationAttempts.inc({ channel, provider: vendor, result, error_type: failure?.errorType ?? '' }),
    onEnd: ({ id, channel, kind, createdAt }, state, reason) => {
      const sinceSeconds = (Date.now() - createdAt.epochMilliseconds) / 1_000
      if (state === 'SENT') metrics.notificationLatency.observe({ channel }, Math.max(0, sinceSeconds))
      metrics.notificationsEnded.inc({ channel, kind, state })
      log[state === 'FAILED' ? 'warn' : 'info'](
        { event: 'notification', notification: id, kind, channel, state, reason },
        'notification ended',
      )
    },
    onStandIn: ({ kind }, { id, channel }) => takeUp({ id, channel, kind }),
    onFault: ({ id, kind }, error) =>
      log.error({ err: error, event: 'notification_fault', notification: id, kind }, 'Our own code failed at a message.'),
  }

  /** A row that was committed outside a promise: it is sent soon, and nobody waits for it. */
  function takeUp({ id, channel, kind }: { id: string; channel: string; kind: string }): void {
    metrics.notificationsEnqueued.inc({ channel, kind })
    if (inline) void remember(deliverNow([id]))
    else drainSoon()
  }

  const deliver = (call: ClaimedCall, how: How, startedAtMs: number) =>
    deliverAbsorbed(
      {
        database,
        attempt: needs.attempt,
        prepare: (asked) => planDelivery(planNeeds, asked, how.insist),
        standIn: (asked) => standInFor(planNeeds, asked),
        ...watched,
        ...how,
        timeoutMs: settings.timeoutMs,
        startedAtMs,
        retryDelaysMs: inline || how.insist ? [] : retryDelaysMs,
      },
      call,
    )

  /** Delivers claimed calls together. Never throws: what the database did not let us end, the lease gives back. */
  async function deliverTogether(calls: ClaimedCall[], how: How, startedAtMs = performance.now()): Promise<void> {
    busy += calls.length
    for (const { channel, reclaimed } of calls) if (reclaimed) metrics.leasesReclaimed.inc({ channel })
    const ends = await Promise.allSettled(calls.map((call) => deliver(call, how, startedAtMs).finally(() => (busy -= 1))))
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
    await deliverTogether(await claimAbsorbed(database, leaseMs, { ids }), { insist: false, mayWait: false }, startedAtMs)
  }

  const noHandsLeft = () => busy >= hands && !closing

  /** Claims what is due and begins to deliver it; undefined when nothing is. */
  async function takeDue(): Promise<{ count: number; work: Promise<void> } | undefined> {
    while (noHandsLeft()) await waitAtMost(20, Promise.race(underWay))
    if (closing) return undefined
    // Inline, what is fresh belongs to the request that wrote it; a sweep takes only what a dead process left behind.
    const calls = await claimAbsorbed(database, leaseMs, { limit: batchSize, dueForMs: inline ? leaseMs : 0 })
    if (calls.length === 0) return undefined
    return { count: calls.length, work: remember(deliverTogether(calls, { insist: false, mayWait: true })) }
  }

  async function deliverDue(): Promise<number> {
    const taken = await takeDue()
    if (taken) await waitAtMost(sweepPatienceMs, taken.work)
    return taken?.count ?? 0
  }

  async function drain(): Promise<void> {
    while (await takeDue());
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay)
  }

  /** Workers need not wait for their timer: whoever committed wakes this process's own. */
  let again = false
  function drainSoon(): void {
    if (draining) return void (again = true)
    draining = remember(drain()).finally(() => {
      draining = undefined
      if (again) drainSoon()
      again = false
    })
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
        else drainSoon()
      })
    },
    deliverDue,
    takeUp,
    /** Where a message goes that its own channel cannot bring; null: nowhere. */
    standInFor: (call: Parameters<typeof standInFor>[1]) => standInFor(planNeeds, call),
    /** One attempt now at calls a person asked for. Claims them in the given transaction, so that no sweep comes between. */
    claimAgain: (tx: Transaction, id: string) => claimAbsorbed(tx, leaseMs, { ids: [id] }),
    deliverAgain: (calls: ClaimedCall[]) => remember(deliverTogether(calls, { insist: true, mayWait: false })),
    /** Waits for deliveries that nobody waits for any more. */
    settled,
    /** Takes up nothing more and waits for what is under way: before the database is closed. */
    close: (): Promise<void> => {
      closing = true
      return settled()
    },
  }
}
