import { transaction, type Transaction } from '#database'
import type { CallErrorType } from '#external-calls'
import { money } from '#foundation'
import { nextCheck } from './check-schedule.ts'
import { keepCheck } from './check-queries.ts'
import { wasMoney } from './compare-charge.ts'
import { isDecided, isWrittenOff, openDifference } from './difference-queries.ts'
import type { GatewayPage } from './gateway.ts'
import { judgePage, type Truth } from './judge-page.ts'
import type { PaymentNeeds } from './needs.ts'
import { isOpen, mayStep, type PaymentState } from './payment-states.ts'
import { isChargeOfAnother, lockPayment, type PaymentRow, scheduleCheck } from './queries.ts'
import { owedOf } from './refund-queries.ts'
import { type Actor, step } from './step.ts'
import { returnExtras, takeMoney } from './take-money.ts'

export type Via = 'start' | 'webhook' | 'return' | 'sweep' | 'operator'

/** What asking the gateway brought: its page, the certainty that it has none, or nothing. */
export type Answer = { page: GatewayPage } | { none: true } | { nothing: true; errorType: CallErrorType }
type Heard = Exclude<Answer, { nothing: true }>

/** An attempt the gateway knows nothing of after this long was never created there. */
const neverCreatedMs = 60_000
/** An attempt at its end about which a question got no answer is asked about again after this long. */
const unansweredSeconds = 60

/**
 * Decides, under the locks of what is paid for and of the attempt, what the gateway's answer makes of where the attempt
 * stands now. Running it again with the same answer changes nothing; running it with an older answer undoes nothing.
 */
export async function conclude(needs: PaymentNeeds, payment: PaymentRow, answer: Answer, via: Via): Promise<PaymentRow> {
  const after = await weigh(needs, payment, answer, via)
  if (isOpen[payment.state] && !isOpen[after.state]) needs.metrics.resolvedPayments.inc({ via })
  await noteCheck(needs, {
    paymentId: payment.id,
    via,
    answer: answerWord(answer),
    errorType: 'nothing' in answer ? answer.errorType : null,
  })
  return after
}

/** After what was decided, which must not wait for a note, nor fail with it. */
export async function noteCheck(needs: PaymentNeeds, check: Parameters<typeof keepCheck>[1]): Promise<void> {
  await keepCheck(needs.database, check).catch((error: unknown) => {
    needs.log.warn({ event: 'payment_unnoted', err: error, payment: check.paymentId }, 'What the gateway answered could not be noted.')
  })
}

async function weigh(needs: PaymentNeeds, payment: PaymentRow, answer: Answer, via: Via): Promise<PaymentRow> {
  if ('nothing' in answer) {
    // Somebody says there is news: the sweep asks again soon, whatever its own pace, and then until it is answered.
    const planned = checkOf(payment) ?? payment.now.add({ seconds: unansweredSeconds })
    await scheduleCheck(needs.database, payment.id, via === 'webhook' ? payment.now.add({ seconds: 2 }) : planned)
    return payment
  }
  return decide(needs, payment, answer, via)
}

function answerWord(answer: Answer): string {
  if ('page' in answer) return answer.page.status
  return 'none' in answer ? 'no_page' : 'no_answer'
}

function decide(needs: PaymentNeeds, payment: PaymentRow, answer: Heard, via: Via): Promise<PaymentRow> {
  return transaction(
    needs.database,
    async (tx) => {
      await needs.payable().lock(tx, payment.payableId)
      const row = await lockPayment(tx, payment.id)
      if (!row) throw new Error(`The payment ${payment.id} is gone.`)
      const after = 'page' in answer ? await believe(needs, tx, row, answer.page, via) : await believeNone(needs, tx, row)
      if (after.updatedAt.equals(row.updatedAt)) await scheduleCheck(tx, row.id, checkOf(row))
      return after
    },
    (sqlstate) => needs.metrics.transactionRetries.inc({ sqlstate }),
  )
}

/** Somebody is creating its page right now. */
export function isInFlight({ state, callingUntil, now }: PaymentRow): boolean {
  return state === 'intent' && callingUntil !== null && Temporal.Instant.compare(now, callingUntil) < 0
}

function checkOf(row: PaymentRow): Temporal.Instant | null {
  if (isInFlight(row)) return row.callingUntil
  return nextCheck(row.state, { now: row.now, since: row.updatedAt, expiresAt: row.expiresAt, hasPage: row.gatewayRef !== null })
}

async function believeNone(needs: PaymentNeeds, tx: Transaction, row: PaymentRow): Promise<PaymentRow> {
  const ageMs = row.updatedAt.until(row.now).total('milliseconds')
  if (!isOpen[row.state] || row.gatewayRef !== null || isInFlight(row) || ageMs < neverCreatedMs) return row
  return (await step(needs, tx, row, 'failed', { actorKind: 'gateway' }, { failureReason: 'never_created' })) ?? row
}

async function believe(needs: PaymentNeeds, tx: Transaction, row: PaymentRow, page: GatewayPage, via: Via): Promise<PaymentRow> {
  const truth = judgePage({ ...row, amount: money(row.amountMinor, row.currency) }, page)
  const by: Actor = { actorKind: via === 'operator' ? 'operator' : 'gateway' }
  if (truth.says === 'spare') return row
  if (truth.says === 'differs') return giveToPerson(needs, tx, row, page, truth.reason, by)
  if (truth.says === 'unclear')
    needs.log.warn(
      { event: 'payment_unclear', payment: row.id, page: page.ref, reason: truth.reason },
      'The gateway’s answer is not understood and will be asked for again.',
    )
  if (truth.says === 'paid') return believeMoney(needs, tx, row, page, truth, via, by)

  const to = leadsTo[truth.says]
  // An attempt that ended is moved by money alone; what a person is looking at, by a person.
  if (to === row.state || !mayStep(row.state, to) || !(isOpen[row.state] || via === 'operator')) return row
  const failureReason = 'reason' in truth ? { failureReason: truth.reason } : {}
  return (await step(needs, tx, row, to, by, { gatewayRef: page.ref, redirectUrl: page.url, ...failureReason })) ?? row
}

/** Where an answer without money leads. */
const leadsTo = {
  open: 'redirected',
  unclear: 'unknown',
  failed: 'failed',
  returned: 'failed',
  expired: 'expired',
} as const satisfies Record<Exclude<Truth['says'], 'paid' | 'differs' | 'spare'>, PaymentState>

async function believeMoney(
  needs: PaymentNeeds,
  tx: Transaction,
  row: PaymentRow,
  page: GatewayPage,
  { charge, extras }: Extract<Truth, { says: 'paid' }>,
  via: Via,
  by: Actor,
): Promise<PaymentRow> {
  if (row.state === 'paid') {
    await returnExtras(needs, tx, row, extras, by)
    return row
  }
  if (row.state === 'integrity_failure' && via !== 'operator') return row
  // What a person has sent back, or closed as it is, pays nothing any more.
  if ((await owedOf(tx, charge.id)) > 0 || (await isWrittenOff(tx, charge.id))) return row
  if (await isChargeOfAnother(tx, row.id, charge.id))
    return giveToPerson(needs, tx, row, page, `charge ${charge.id} paid for something else`, by)
  const paid = await takeMoney(needs, tx, row, charge, page, by)
  await returnExtras(needs, tx, paid, extras, by)
  return paid
}

async function giveToPerson(
  needs: PaymentNeeds,
  tx: Transaction,
  row: PaymentRow,
  page: GatewayPage,
  reason: string,
  by: Actor,
): Promise<PaymentRow> {
  const charge = page.charges.findLast((one) => one.id !== row.gatewayChargeId && wasMoney(one))
  if (await isDecided(tx, row.id, charge?.id ?? null)) return row
  tx.afterCommit(async () =>
    needs.log.error(
      { event: 'payment_differs', payment: row.id, page: page.ref, reason },
      'The gateway’s answer differs from what was asked for: a person must look.',
    ),
  )
  const item = {
    businessId: row.businessId,
    paymentId: row.id,
    gatewayChargeId: charge?.id ?? null,
    oursMinor: row.amountMinor,
    theirsMinor: charge?.amount.amountMinor ?? page.amount.amountMinor,
    currency: page.amount.currency,
    details: { reason, page: page.ref },
  }
  if (row.state === 'paid') {
    // It is paid, and stays so; money beside it that we cannot match is an item of its own.
    if (charge && (await owedOf(tx, charge.id)) === 0) await openDifference(tx, { ...item, kind: 'paid_unknown_to_us', subject: charge.id })
    return row
  }
  await openDifference(tx, { ...item, kind: 'integrity_failure', subject: row.id })
  if (!mayStep(row.state, 'integrity_failure')) return row
  // A page that does not carry our reference is not ours to remember: a person's next question looks for ours.
  const ours = page.attemptId === row.id ? { gatewayRef: page.ref } : {}
  return (await step(needs, tx, row, 'integrity_failure', by, { ...ours, failureReason: reason })) ?? row
}
