import { databaseUnavailable, insideTransaction } from '#database'
import { continueTrace } from '#foundation'
import { askVendors } from './ask-vendors.ts'
import type { ClaimedCall } from './claim-absorbed.ts'
import type { Asked, DeliverNeeds, Plan, StandIn } from './delivery.ts'
import { endOfRound, type RoundEnd } from './end-of-round.ts'
import { type End, finish, reasonOf } from './finish-absorbed.ts'

/** A message whose attempts ended with our process this often may itself be what ends it. */
const maxInterruptions = 3

/**
 * Delivers one claimed call: one round of its vendors, their record, its end or its next time. Never throws for what a vendor
 * did or for a message that cannot be written; it throws when the database is away, and the lease then gives the call back.
 */
export async function deliverAbsorbed(needs: DeliverNeeds, call: ClaimedCall): Promise<void> {
  if (insideTransaction()) throw new Error('A notification was delivered inside a transaction.')
  return continueTrace(call.traceParent, () => deliverInTrace(needs, call))
}

async function deliverInTrace(needs: DeliverNeeds, call: ClaimedCall): Promise<void> {
  if (!needs.insist && call.interruptions >= maxInterruptions)
    return end(needs, call, {
      state: 'FAILED',
      reason: 'unknown: interrupted · The process ended during every attempt.',
      errorClass: 'ambiguous',
    })
  const plan = await prepared(needs, call)
  if ('fault' in plan) return end(needs, call, { state: 'FAILED', reason: 'fault: the message could not be written', errorClass: 'fault' })
  if ('skip' in plan || 'fail' in plan) {
    const standIn = plan.mayStandIn ? await needs.standIn(call) : null
    return end(
      needs,
      call,
      'skip' in plan
        ? { state: 'SKIPPED', reason: plan.skip, errorClass: null, standIn }
        : { state: 'FAILED', reason: plan.fail, errorClass: plan.errorClass, standIn },
    )
  }
  if ('waitMs' in plan) return waitFor(needs, call, plan.waitMs, plan.reason)

  const round = await askVendors(needs, call, plan.deliveries)
  if ('waitMs' in round) return waitFor(needs, call, round.waitMs, 'waiting: its turn')
  const { last } = round
  const mayStandIn = round.errorClass !== null && round.errorClass !== 'ambiguous' && round.errorClass !== 'fault'
  const standIn = mayStandIn ? await needs.standIn(call) : null
  const ended = endOfRound(
    round,
    { tries: call.tries, ageMs: call.claimedAt.since(call.createdAt).total('milliseconds') },
    { retryDelaysMs: needs.retryDelaysMs, mayWait: needs.mayWait, standIn: standIn !== null },
    Math.random(),
  )
  await end(needs, call, writtenEnd(ended, last, standIn), last)
}

const writtenEnd = (ended: RoundEnd, last: Asked, standIn: StandIn | null): End => ({
  reason: last.failure && reasonOf(last.failure),
  errorClass: null,
  ...ended,
  standIn: ended.state === 'FAILED' && ended.standIn ? standIn : null,
})

/** Puts a message off without its being a try. */
async function waitFor(needs: DeliverNeeds, call: ClaimedCall, waitMs: number, reason: string): Promise<void> {
  await finish(needs.database, call, { state: 'PENDING', reason, errorClass: null, pauseMs: waitMs, counted: false })
}

async function prepared(needs: DeliverNeeds, call: ClaimedCall): Promise<Plan | { fault: true }> {
  try {
    return await needs.prepare(call)
  } catch (error) {
    if (databaseUnavailable(error)) throw error
    needs.onFault(call, error)
    return { fault: true }
  }
}

async function end(needs: DeliverNeeds, call: ClaimedCall, wanted: End, last?: Asked): Promise<void> {
  const { changed, standInId } = await finish(needs.database, call, wanted, last)
  // A vendor that was kept from being asked counts once the message ends by it, not while it waits.
  if (last && (last.attemptId !== null || wanted.state !== 'PENDING')) {
    const { failure, delivery } = last
    const result = failure === null ? 'ok' : failure.outcome === 'unknown' ? 'unknown' : wanted.state === 'PENDING' ? 'retry' : 'failed'
    needs.onAttempt(call, delivery.provider, result, failure)
  }
  if (!changed || wanted.state === 'PENDING') return
  needs.onEnd(call, wanted.state, wanted.reason, wanted.errorClass)
  if (standInId !== null && wanted.standIn) needs.onStandIn(call, { ...wanted.standIn, id: standInId })
}
