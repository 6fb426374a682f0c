import { CallFailure } from '#external-calls'
import { hasItemOf, openDifference } from './difference-queries.ts'
import type { GatewayChargeback, GatewayWindow } from './gateway.ts'
import type { PaymentNeeds } from './needs.ts'
import { findKnown } from './reconciliation-queries.ts'

/** As much as one run looks at. */
const mostPages = 500

/**
 * Money that payers' banks took back: the gateway tells of it in its settlements alone. Each is an item for a person, once;
 * what was booked with it stays as it is. False when not all could be read.
 */
export async function findChargebacks(
  needs: PaymentNeeds,
  window: GatewayWindow,
  endsAt: number,
): Promise<{ opened: number; complete: boolean }> {
  const { gateway, surfaced, settings } = needs
  let opened = 0
  let cursor: string | null = null
  for (let pages = 0; pages < mostPages && performance.now() < endsAt; pages++) {
    let page: { chargebacks: GatewayChargeback[]; next: string | null }
    try {
      page = await surfaced({ provider: gateway.name, operation: 'list-settlements', timeoutMs: settings.timeoutMs }, (signal) =>
        gateway.listChargebacks(window, cursor, signal),
      )
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      needs.log.warn({ event: 'chargebacks_unread', ...error.facts }, 'What banks took back could not be read.')
      // An account that is settled elsewhere has no such list: that is no comparison left undone.
      return { opened, complete: error.facts.outcome === 'refused' && error.facts.cause === 'permanent' }
    }
    for (const chargeback of page.chargebacks) if (await open(needs, chargeback)) opened += 1
    cursor = page.next
    if (cursor === null) return { opened, complete: true }
  }
  return { opened, complete: false }
}

async function open({ database }: PaymentNeeds, { id, chargeId, amount }: GatewayChargeback): Promise<boolean> {
  if (await hasItemOf(database, 'chargeback', id)) return false
  const [ours] = await findKnown(database, [{ id: chargeId, pageRef: null, attemptId: null }])
  return openDifference(database, {
    kind: 'chargeback',
    subject: id,
    businessId: ours?.businessId ?? null,
    paymentId: ours?.nearId ?? null,
    gatewayChargeId: chargeId,
    oursMinor: ours?.amountMinor ?? null,
    theirsMinor: amount.amountMinor,
    currency: amount.currency,
    details: { line: id },
  })
}
