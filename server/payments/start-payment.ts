import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '#database'
import { CallFailure, type CallFailureFacts } from '#external-calls'
import { money, type Money, type Problem } from '#foundation'
import { conclude, isInFlight, noteCheck } from './conclude.ts'
import { problems } from './errors.ts'
import type { PaymentNeeds } from './needs.ts'
import { isOpen } from './payment-states.ts'
import { findByKey, findOpen, findPagesLeftOpen, findPayment, insertIntent, lockPayment, type PaymentRow, stepRow } from './queries.ts'
import { ask, cancelExtra } from './settle.ts'
import { step } from './step.ts'

export interface StartAsk {
  businessId: string
  payableId: string
  clientKey: string
  amount: Money
  /** Shown to the payer on the gateway's page. */
  description: string
  /** When the gateway's page stops taking money. */
  expiresAt: Temporal.Instant
  returnUrl: string
}

/** "There is no such page" is believed this long after a creation whose end we never heard; less when the whole deadline is short. */
const settlingMs = 1_000
/** With less left of the deadline than this, nothing more is begun. */
const leastCallMs = 50

/**
 * Commits the intent, calls the gateway holding nothing, commits the outcome; answers with the attempt and its page. The same
 * key continues its own attempt, another key is given the open attempt of the same payable. Throws payment_refused,
 * payment_provider_unreachable, payment_provider_misconfigured, payment_outcome_unknown, payment_under_review.
 */
export async function startPayment(needs: PaymentNeeds, wanted: StartAsk): Promise<PaymentRow> {
  const endsAt = performance.now() + needs.settings.timeoutMs
  for (;;) {
    const intent = { ...wanted, provider: needs.gateway.name, ...wanted.amount, leaseMs: leaseMs(needs) }
    const fresh = await insertIntent(needs.database, intent)
    if (fresh) {
      await closePagesLeftOpen(needs, fresh, endsAt)
      return createPage(needs, fresh, wanted, endsAt)
    }
    const own = await findByKey(needs.database, wanted.payableId, wanted.clientKey)
    const open = await findOpen(needs.database, wanted.payableId)
    const known = own && !wasNeverMade(own) ? own : (open ?? own)
    // Neither: the attempt that was in the way ended between the two statements.
    if (!known) continue
    const continued = await continueAttempt(needs, known, wanted, endsAt)
    if (continued) return continued
  }
}

/** Takes up an attempt that exists. Null: it ended, or somebody else took it up, in this very moment; look again. */
async function continueAttempt(needs: PaymentNeeds, known: PaymentRow, wanted: StartAsk, endsAt: number): Promise<PaymentRow | null> {
  const row = isInFlight(known) ? await waitForOutcome(needs, known, endsAt) : known
  if (isInFlight(row)) throw outcomeUnknown(row)
  if (row.state === 'redirected' || row.state === 'paid') return row
  if (isOpen[row.state]) return tryAgain(needs, row, wanted, endsAt)
  if (row.clientKey !== wanted.clientKey) return null
  return wasNeverMade(row) ? tryAgain(needs, row, wanted, endsAt) : presentable(row)
}

/** Nothing can have been charged: it may be tried again under the same id. */
function wasNeverMade({ state, gatewayRef }: PaymentRow): boolean {
  return state === 'failed' && gatewayRef === null
}

/** An attempt whose page nobody knows: looked up first, adopted when it is there, created again when it surely is not. Null: somebody else was first. */
async function tryAgain(needs: PaymentNeeds, first: PaymentRow, wanted: StartAsk, endsAt: number): Promise<PaymentRow | null> {
  for (let row = first; ;) {
    if (msLeft(endsAt) < leastCallMs) throw outcomeUnknown(row)
    const answer = await ask(needs, row, msLeft(endsAt))
    if ('nothing' in answer) throw row.state === 'failed' ? problems.payment_provider_unreachable({}, 2) : outcomeUnknown(row)
    const certain = 'page' in answer || row.state === 'failed'
    const waitMs = certain ? 0 : Math.min(settlingMs, needs.settings.timeoutMs / 4) - row.updatedAt.until(row.now).total('milliseconds')
    if (waitMs <= 0) {
      // A page that exists closes when it was told to; one that is made now, when this wish says.
      const taken = await retake(needs, row, 'none' in answer ? { expiresAt: wanted.expiresAt } : {})
      if (!taken) return null
      return 'page' in answer ? presentable(await conclude(needs, taken, answer, 'start')) : createPage(needs, taken, wanted, endsAt)
    }
    if (waitMs > msLeft(endsAt)) throw outcomeUnknown(row)
    // Our first request may still be on its way through the gateway: a moment later "there is none" can be believed.
    await sleep(waitMs)
    row = (await findPayment(needs.database, row.id)) ?? row
    if (row.state !== first.state) return null
  }
}

/** Makes it ours to create, with a lease, unless somebody else was first. */
function retake(needs: PaymentNeeds, row: PaymentRow, until: { expiresAt?: Temporal.Instant }): Promise<PaymentRow | null> {
  return transaction(needs.database, async (tx) => {
    const current = await lockPayment(tx, row.id)
    if (!current || !current.updatedAt.equals(row.updatedAt) || isInFlight(current)) return null
    if (!isOpen[current.state] && (await findOpen(tx, row.payableId))) return null
    const callingUntil = current.now.add({ milliseconds: leaseMs(needs) })
    const change = { ...until, callingUntil }
    // An intent whose caller died takes no step: it only gets another caller.
    const taken =
      current.state === 'intent'
        ? await stepRow(tx, current, 'intent', { ...change, nextCheckAt: callingUntil })
        : await step(needs, tx, current, 'intent', { actorKind: 'customer' }, change)
    return taken ?? null
  }).catch(nullWhenTaken)
}

/** Another key opened its own attempt in the same instant: the index that allows one said so. */
function nullWhenTaken(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === '23505') return null
  throw error
}

async function createPage(needs: PaymentNeeds, payment: PaymentRow, wanted: StartAsk, endsAt: number): Promise<PaymentRow> {
  const { gateway, surfaced } = needs
  const amount = money(payment.amountMinor, payment.currency)
  const { description, returnUrl } = wanted
  try {
    const page = await surfaced({ provider: gateway.name, operation: 'create-invoice', timeoutMs: Math.max(1, msLeft(endsAt)) }, (signal) =>
      gateway.createPage({ attemptId: payment.id, amount, description, expiresAt: payment.expiresAt, returnUrl }, signal),
    )
    const row = await conclude(needs, payment, { page }, 'start')
    // Somebody found or made another page of this attempt while we waited: one is enough.
    if (row.gatewayRef !== null && row.gatewayRef !== page.ref) await cancelExtra(needs, page, Math.max(leastCallMs, msLeft(endsAt)))
    return presentable(row)
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    return recordFailure(needs, payment, error.facts)
  }
}

/** Commits how the creation failed and throws what the client is told; unless others learned meanwhile that the page stands. */
async function recordFailure(needs: PaymentNeeds, payment: PaymentRow, facts: CallFailureFacts): Promise<PaymentRow> {
  const { log } = needs
  const reason = facts.outcome === 'refused' && facts.cause === 'configuration' ? 'misconfigured' : facts.outcome
  if (reason === 'misconfigured')
    log.error(
      { event: 'gateway_misconfigured', payment: payment.id, ...facts },
      'The gateway does not accept us: look at the key and the account.',
    )
  else log.warn({ event: 'payment_not_started', payment: payment.id, ...facts }, 'A payment could not be started.')
  const row = await transaction(needs.database, async (tx) => {
    const current = await lockPayment(tx, payment.id)
    if (current?.state !== 'intent') return current
    const by = { actorKind: 'gateway' } as const
    return reason === 'unknown'
      ? step(needs, tx, current, 'unknown', by, { failureReason: facts.errorType })
      : step(needs, tx, current, 'failed', by, { failureReason: reason })
  })
  await noteCheck(needs, {
    paymentId: payment.id,
    via: 'start',
    answer: facts.outcome === 'refused' ? 'refused' : 'no_answer',
    errorType: facts.errorType,
  })
  if (row?.state === 'redirected' || row?.state === 'paid') return row
  if (reason === 'misconfigured') throw problems.payment_provider_misconfigured()
  if (reason === 'unknown') throw outcomeUnknown(payment)
  // Too many requests, or nobody there: the same again may do.
  if (reason === 'unreachable' || facts.cause === 'temporary') throw problems.payment_provider_unreachable({}, 2)
  throw problems.payment_refused()
}

/** Pages of former attempts are closed before a new one opens; money that came there meanwhile is taken. Best effort: a second payment is returned anyway. */
async function closePagesLeftOpen(needs: PaymentNeeds, fresh: PaymentRow, endsAt: number): Promise<void> {
  for (const left of await findPagesLeftOpen(needs.database, fresh.payableId)) {
    if (left.gatewayRef === null || msLeft(endsAt) < needs.settings.timeoutMs / 2) return
    await cancelExtra(needs, { ref: left.gatewayRef, status: 'open' }, needs.settings.timeoutMs / 4)
    await conclude(needs, left, await ask(needs, left, needs.settings.timeoutMs / 4), 'start')
  }
}

/** Waits, holding nothing, for the tab that is creating the page. */
async function waitForOutcome(needs: PaymentNeeds, payment: PaymentRow, endsAt: number): Promise<PaymentRow> {
  for (let row = payment; ; row = (await findPayment(needs.database, payment.id)) ?? row) {
    if (!isInFlight(row) || msLeft(endsAt) < leastCallMs) return row
    await sleep(50 + Math.random() * 50)
  }
}

function presentable(row: PaymentRow): PaymentRow {
  if (row.state === 'intent' || row.state === 'unknown') throw outcomeUnknown(row)
  if (row.state === 'integrity_failure') throw problems.payment_under_review({ paymentId: row.id })
  return row
}

function outcomeUnknown({ id }: PaymentRow): Problem {
  return problems.payment_outcome_unknown({ paymentId: id, retryable: true }, 2)
}

function leaseMs(needs: PaymentNeeds): number {
  return needs.settings.timeoutMs + 2_000
}

function msLeft(endsAt: number): number {
  return Math.floor(endsAt - performance.now())
}
