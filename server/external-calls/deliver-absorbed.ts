import { type Database, databaseUnavailable, insideTransaction, sql } from '#database'
import { continueTrace, cutPersonal } from '#foundation'
import { CallFailure, type CallFailureFacts } from './call-failure.ts'
import type { Attempt } from './calls.ts'
import type { ClaimedCall } from './claim-absorbed.ts'

export interface Delivery {
  provider: string
  /** Sends it; throws CallFailure. Resolves with the vendor's own id of the message. */
  send(signal: AbortSignal): Promise<{ providerMessageId: string | null }>
}

export interface DeliverNeeds {
  database: Database
  attempt: Attempt
  /** Of the vendor's whole answer. */
  timeoutMs: number
  /** Pauses before the next attempt after a failure that may pass; empty: the first failure is final. */
  retryDelaysMs: readonly number[]
  /** A person asked for it: no circuit and no count of interruptions stands in the way. */
  insist: boolean
  /** How to send this one; or why it is not to be sent any more (it then ends SKIPPED). */
  prepare(call: ClaimedCall): Promise<Delivery | { skip: string }>
  onAttempt(call: ClaimedCall, provider: string, result: AttemptResult, failure: CallFailureFacts | null): void
  onEnd(call: ClaimedCall, state: EndState, reason: string | null): void
  /** Our own code failed, not a vendor. */
  onFault(call: ClaimedCall, error: unknown): void
}

export type EndState = 'SENT' | 'FAILED' | 'SKIPPED'
export type AttemptResult = 'ok' | 'retry' | 'failed' | 'unknown'

/** A message whose attempts ended with our process this often may itself be what ends it. */
const maxInterruptions = 3

/**
 * Delivers one claimed call: one attempt, its record, its end or its next time. Never throws for what a vendor did or
 * for a message that cannot be written; it throws when the database is away, and the lease then gives the call back.
 */
export async function deliverAbsorbed(needs: DeliverNeeds, call: ClaimedCall): Promise<void> {
  if (insideTransaction()) throw new Error('A notification was delivered inside a transaction.')
  return continueTrace(call.traceParent, () => deliverInTrace(needs, call))
}

async function deliverInTrace(needs: DeliverNeeds, call: ClaimedCall): Promise<void> {
  if (!needs.insist && call.interruptions >= maxInterruptions) {
    return finish(needs, call, { state: 'FAILED', reason: 'unknown: interrupted · The process ended during every attempt.' })
  }
  const delivery = await prepared(needs, call)
  if ('skip' in delivery) return finish(needs, call, { state: 'SKIPPED', reason: delivery.skip })
  if ('fault' in delivery) return finish(needs, call, { state: 'FAILED', reason: 'fault: the message could not be written' })

  // Written before the vendor is asked: should we die now, whoever comes next sees that it may have been sent.
  const attemptId = (await needs.database.row<{ id: string }>(
    sql`insert into notification_attempt (notification_id, provider) values (${call.id}, ${delivery.provider}) returning id`,
  ))!.id
  const { failure, providerMessageId } = await sent(needs, call, delivery)
  const retryMs = failure && mayPass(failure) ? needs.retryDelaysMs[call.attempts - 1] : undefined
  const result: AttemptResult =
    failure === null ? 'ok' : failure.outcome === 'unknown' ? 'unknown' : retryMs === undefined ? 'failed' : 'retry'
  const end: End =
    failure === null
      ? { state: 'SENT', reason: null }
      : retryMs === undefined
        ? { state: 'FAILED', reason: reasonOf(failure) }
        : { state: 'PENDING', reason: reasonOf(failure), retryMs }
  await finish(needs, call, end, { id: attemptId, failure, providerMessageId })
  needs.onAttempt(call, delivery.provider, result, failure)
}

async function prepared(needs: DeliverNeeds, call: ClaimedCall): Promise<Delivery | { skip: string } | { fault: true }> {
  try {
    return await needs.prepare(call)
  } catch (error) {
    if (databaseUnavailable(error)) throw error
    needs.onFault(call, error)
    return { fault: true }
  }
}

async function sent(
  needs: DeliverNeeds,
  call: ClaimedCall,
  delivery: Delivery,
): Promise<{ failure: CallFailureFacts | null; providerMessageId: string | null }> {
  try {
    const { providerMessageId } = await needs.attempt(
      { provider: delivery.provider, operation: 'send-message', timeoutMs: needs.timeoutMs, insist: needs.insist },
      (signal) => delivery.send(signal),
    )
    return { failure: null, providerMessageId }
  } catch (error) {
    if (error instanceof CallFailure) return { failure: error.facts, providerMessageId: null }
    // An adapter that breaks may have broken after the message went out.
    needs.onFault(call, error)
    return {
      failure: { outcome: 'unknown', errorType: 'fault', detail: 'The vendor’s answer broke our own code.' },
      providerMessageId: null,
    }
  }
}

/** Unknown is not among these: what may have been sent is not sent again without a person's word. */
function mayPass({ outcome, cause }: CallFailureFacts): boolean {
  return outcome === 'unreachable' || (outcome === 'refused' && cause === 'temporary')
}

type End = { state: EndState; reason: string | null } | { state: 'PENDING'; reason: string; retryMs: number }

/** The attempt and what follows from it, in one statement. Nothing changes if the claim has meanwhile passed to another. */
async function finish(
  needs: DeliverNeeds,
  call: ClaimedCall,
  end: End,
  attempt?: { id: string; failure: CallFailureFacts | null; providerMessageId: string | null },
): Promise<void> {
  const failure = attempt?.failure
  const changed = await needs.database.run(sql`
    with attempt as (
      update notification_attempt set finished_at = now(), result = ${failure?.outcome ?? 'ok'}, error_type = ${failure?.errorType ?? null},
        detail = ${failure ? detailOf(failure) : null}, provider_message_id = ${attempt?.providerMessageId ?? null}
      where id = ${attempt?.id ?? null}
    )
    update notification set state = ${end.state}, reason = ${end.reason}, lease_until = null,
      next_attempt_at = ${end.state === 'PENDING' ? sql`now() + ${end.retryMs} * interval '1 millisecond'` : sql`next_attempt_at`},
      ended_at = ${end.state === 'PENDING' ? sql`null` : sql`now()`}
    where id = ${call.id} and state = 'PENDING' and attempts = ${call.attempts}`)
  if (changed === 1 && end.state !== 'PENDING') needs.onEnd(call, end.state, end.reason)
}

function detailOf({ providerCode, detail }: CallFailureFacts): string | null {
  const words = [providerCode, detail].filter(Boolean).join(' · ')
  // A vendor may quote the number back to us; it stays out of what is kept and shown.
  return words === '' ? null : cutPersonal(words).slice(0, 240)
}

function reasonOf(failure: CallFailureFacts): string {
  return [`${failure.outcome}: ${failure.errorType}`, detailOf(failure)].filter(Boolean).join(' · ')
}
