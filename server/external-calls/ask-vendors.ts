import { sql } from '#database'
import { CallFailure, type CallFailureFacts } from './call-failure.ts'
import type { ClaimedCall } from './claim-absorbed.ts'
import type { Asked, Delivery, DeliverNeeds } from './delivery.ts'
import { classOf, type ErrorClass, wasAsked } from './error-class.ts'
import { closeAttempt } from './finish-absorbed.ts'

export interface Round {
  /** The last one asked, or kept back. */
  last: Asked
  /** What the whole round comes to; null: it was taken. */
  errorClass: ErrorClass | null
  /** Whether any vendor was asked at all. */
  asked: boolean
  /** At the earliest then; where nobody said so, 0. */
  retryAfterMs: number
}

const bulkheadPauseMs = 1_000

/** It is not this message's turn at this vendor yet. Stops the round: it is no failure, and no reason to ask another. */
class NotYet extends Error {
  override readonly name = 'NotYet'
  readonly waitMs: number

  constructor(waitMs: number) {
    super(`In ${waitMs} ms.`)
    this.waitMs = waitMs
  }
}

/**
 * Asks the vendors of a channel, one after the other, until one takes the message or a failure says that no other may be
 * asked. All of them share one deadline; one that is asked gets half of it at least. Resolves with the milliseconds to wait
 * when it is not the message's turn.
 */
export async function askVendors(
  needs: DeliverNeeds,
  call: ClaimedCall,
  deliveries: readonly Delivery[],
): Promise<Round | { waitMs: number }> {
  const tried: Asked[] = []
  for (const delivery of deliveries) {
    const leftMs = needs.timeoutMs - (performance.now() - needs.startedAtMs)
    if (tried.length > 0 && leftMs <= 0) break
    const before = tried.at(-1)
    if (before?.attemptId) {
      await closeAttempt(needs.database, before)
      needs.onAttempt(call, before.delivery.provider, 'retry', before.failure)
    }
    const asked = await ask(needs, call, delivery, Math.ceil(Math.max(leftMs, needs.timeoutMs / 2)))
    if ('waitMs' in asked) {
      // Another vendor was asked just before: its failure counts, and this one's turn comes with the next round.
      if (tried.some(({ attemptId }) => attemptId !== null)) break
      return asked
    }
    tried.push(asked)
    const verdict = asked.failure && classOf(asked.failure)
    if (verdict !== 'temporary' && verdict !== 'configuration') break
  }
  return judge(tried)
}

function judge(tried: readonly Asked[]): Round {
  const last = tried.at(-1)
  if (!last) throw new Error('A message was to be delivered and no vendor was named.')
  const classes = tried.map(({ failure }) => failure && classOf(failure))
  const final = classes.at(-1) ?? null
  const asked = tried.some(({ failure }) => failure === null || wasAsked(failure))
  return {
    last,
    // One that may pass later is worth waiting for, whatever is wrong with the settings of another.
    errorClass: final === 'configuration' && classes.includes('temporary') ? 'temporary' : final,
    asked,
    retryAfterMs: Math.min(...tried.map(({ failure }) => failure?.retryAfterMs ?? 0)) + (asked ? 0 : (last.delivery.turn?.laterMs() ?? 0)),
  }
}

async function ask(needs: DeliverNeeds, call: ClaimedCall, delivery: Delivery, timeoutMs: number): Promise<Asked | { waitMs: number }> {
  const asked: Asked = { delivery, attemptId: null, failure: null, providerMessageId: null }
  try {
    const { providerMessageId } = await needs.attempt(
      {
        provider: delivery.provider,
        operation: 'send-message',
        timeoutMs,
        insist: needs.insist,
        async before() {
          const waitMs = needs.mayWait ? (delivery.turn?.takeMs() ?? 0) : 0
          if (waitMs > 0) throw new NotYet(waitMs)
          // Written before the vendor is asked: should we die now, whoever comes next sees that it may have been sent.
          const row = await needs.database.row<{ id: string }>(
            sql`insert into notification_attempt (notification_id, provider) values (${call.id}, ${delivery.provider}) returning id`,
          )
          asked.attemptId = row!.id
        },
      },
      (signal) => delivery.send(signal),
    )
    asked.providerMessageId = providerMessageId
  } catch (error) {
    if (error instanceof NotYet) return { waitMs: error.waitMs }
    // Before the vendor was asked only our own database can have failed: the lease gives the call back.
    if (!(error instanceof CallFailure) && asked.attemptId === null) throw error
    asked.failure = error instanceof CallFailure ? error.facts : brokenBy(needs, call, error)
  }
  // Where nobody waits, a full bulkhead is a matter of moments and no reason to burden the next vendor.
  if (asked.failure?.errorType === 'bulkhead_full' && needs.mayWait)
    return { waitMs: delivery.turn?.laterMs() ?? Math.ceil(bulkheadPauseMs * (0.5 + Math.random())) }
  delivery.turn?.ended(asked.failure)
  return asked
}

/** An adapter that breaks may have broken after the message went out. */
function brokenBy(needs: DeliverNeeds, call: ClaimedCall, error: unknown): CallFailureFacts {
  needs.onFault(call, error)
  return { outcome: 'unknown', errorType: 'fault', detail: 'The vendor’s answer broke our own code.' }
}
