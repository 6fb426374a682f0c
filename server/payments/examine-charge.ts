import { CallFailure } from '#external-calls'
import { compareCharge, returnedOf, wasMoney } from './compare-charge.ts'
import { conclude } from './conclude.ts'
import { openDifference } from './difference-queries.ts'
import type { GatewayCharge, GatewayPage } from './gateway.ts'
import type { PaymentNeeds } from './needs.ts'
import { beginCheck, findPayment } from './queries.ts'
import { findKnown, hasOpenItem, type KnownCharge } from './reconciliation-queries.ts'
import { ask } from './settle.ts'

/** What came of looking into one charge. `known`: its item is open already. `unsure`: the gateway could not be asked. */
export type Examined = 'agrees' | 'repaired' | 'opened' | 'known' | 'unsure'

/**
 * Looks into a charge on which we and the gateway seem to differ. What a lost webhook or a missed sweep left behind is put
 * right by settling; what still differs, asked again and read again, becomes an item for a person.
 */
export async function examineCharge(needs: PaymentNeeds, listed: GatewayCharge, ours: KnownCharge): Promise<Examined> {
  try {
    if (ours.paymentId !== null || ours.isReturned) return await confirmDifference(needs, listed.id, ours)
    return await findOwner(needs, listed, ours)
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    needs.log.warn({ event: 'charge_unread', charge: listed.id, ...error.facts }, 'A charge could not be looked into.')
    return 'unsure'
  }
}

/** The same for one of ours that is not on the gateway's list. */
export async function examineUnlisted(needs: PaymentNeeds, chargeId: string | null, paymentId: string | null): Promise<Examined> {
  if (chargeId === null) return paymentId === null ? 'agrees' : openMissing(needs, paymentId, null)
  const [ours] = await findKnown(needs.database, [{ id: chargeId, pageRef: null, attemptId: null }])
  if (!ours) return 'agrees'
  try {
    return await confirmDifference(needs, chargeId, ours)
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    if (isNotThere(error) && paymentId !== null) return openMissing(needs, paymentId, chargeId)
    needs.log.warn({ event: 'charge_unread', charge: chargeId, ...error.facts }, 'A charge of ours could not be looked up.')
    return 'unsure'
  }
}

/** The list may be older than what we did since, and we may be doing something now: both sides are read once more, ours before and after theirs. */
async function confirmDifference(needs: PaymentNeeds, chargeId: string, first: KnownCharge): Promise<Examined> {
  const charge = await fetchCharge(needs, chargeId)
  const [ours] = await findKnown(needs.database, [charge])
  if (!ours || (ours.paymentId === null && !ours.isReturned)) return 'agrees'
  const { amountMinor, currency, refundedMinor, refundOpenMinor } = ours
  const difference = compareCharge(
    { paid: amountMinor !== null && currency !== null ? { amountMinor, currency } : null, refundedMinor, refundOpenMinor },
    charge,
  )
  if (!difference) return 'agrees'
  // A refund ended between the two looks; the next run sees it whole.
  if (first.refundedMinor !== refundedMinor || first.refundOpenMinor !== refundOpenMinor) return 'agrees'
  const isNew = await openDifference(needs.database, {
    ...difference,
    subject: charge.id,
    businessId: ours.businessId,
    paymentId: ours.nearId,
    gatewayChargeId: charge.id,
    currency: charge.amount.currency,
    details: { status: charge.status, page: charge.pageRef },
  })
  return isNew ? 'opened' : 'known'
}

/** Money that is in no row of ours: the attempt it was made for is asked about, and if that does not explain it, a person is. */
async function findOwner(needs: PaymentNeeds, charge: GatewayCharge, first: KnownCharge): Promise<Examined> {
  let near = first
  const { pageRef } = charge
  if (near.nearId === null && charge.attemptId === null && pageRef !== null) {
    near = (await findKnown(needs.database, [{ ...charge, attemptId: await attemptOfPage(needs, pageRef) }]))[0] ?? near
  }
  if (near.nearId !== null) {
    const asked = await beginCheck(needs.database, near.nearId, 0)
    if (!asked) return 'unsure'
    const answer = await ask(needs, asked, needs.settings.timeoutMs)
    const { state: nearState, gatewayRef: nearPageRef } = await conclude(needs, asked, answer, 'sweep')
    const [after] = await findKnown(needs.database, [charge])
    if (after && (after.paymentId !== null || after.isReturned)) return 'repaired'
    // Only an answer that does not explain the money makes it a person's.
    if ('nothing' in answer) return 'unsure'
    near = { ...near, nearState, nearPageRef }
  }
  // It went back whole: nobody is owed anything.
  if (returnedOf(charge) >= charge.amount.amountMinor || !wasMoney(charge)) return 'agrees'
  if (await hasOpenItem(needs.database, charge.id)) return 'known'
  const isSecond = near.nearPageRef !== null && pageRef !== null && pageRef !== near.nearPageRef
  const isNew = await openDifference(needs.database, {
    kind: isSecond ? 'second_page_paid' : 'paid_unknown_to_us',
    subject: charge.id,
    businessId: near.businessId,
    paymentId: near.nearId,
    gatewayChargeId: charge.id,
    theirsMinor: charge.amount.amountMinor - returnedOf(charge),
    currency: charge.amount.currency,
    details: { page: pageRef },
  })
  return isNew ? 'opened' : 'known'
}

/** Null also when there is no such page any more. */
async function attemptOfPage(needs: PaymentNeeds, ref: string): Promise<string | null> {
  try {
    return (await fetchPage(needs, ref)).attemptId
  } catch (error) {
    if (error instanceof CallFailure && isNotThere(error)) return null
    throw error
  }
}

/** The gateway says itself that there is no such thing. */
function isNotThere({ facts }: CallFailure): boolean {
  return facts.outcome === 'refused' && facts.cause === 'permanent'
}

async function openMissing(needs: PaymentNeeds, paymentId: string, gatewayChargeId: string | null): Promise<Examined> {
  const payment = await findPayment(needs.database, paymentId)
  if (payment?.state !== 'paid' || payment.gatewayChargeId !== gatewayChargeId) return 'agrees'
  const { businessId, amountMinor: oursMinor, currency, gatewayRef: page } = payment
  const isNew = await openDifference(needs.database, {
    kind: 'paid_here_not_there',
    subject: gatewayChargeId ?? paymentId,
    businessId,
    paymentId,
    gatewayChargeId,
    oursMinor,
    theirsMinor: 0,
    currency,
    details: { page },
  })
  return isNew ? 'opened' : 'known'
}

/** Throws CallFailure. */
export function fetchCharge(needs: PaymentNeeds, id: string): Promise<GatewayCharge> {
  return needs.surfaced({ provider: needs.gateway.name, operation: 'get-payment', timeoutMs: needs.settings.timeoutMs }, (signal) =>
    needs.gateway.fetchCharge(id, signal),
  )
}

/** Throws CallFailure. */
export function fetchPage(needs: PaymentNeeds, ref: string): Promise<GatewayPage> {
  return needs.surfaced({ provider: needs.gateway.name, operation: 'get-invoice', timeoutMs: needs.settings.timeoutMs }, (signal) =>
    needs.gateway.fetchPage(ref, signal),
  )
}
