import type { Transaction } from '#database'
import { act, type Decision, findForAct } from './act-on-difference.ts'
import type { DifferenceKind } from './difference-kinds.ts'
import type { DifferenceRow } from './difference-queries.ts'
import { problems } from './errors.ts'
import { type Books, postWriteOff } from './ledger.ts'
import type { LedgerAccount } from './ledger-queries.ts'
import type { PaymentNeeds } from './needs.ts'
import { hasPaid, type PaymentRow } from './queries.ts'
import { owedOf, setAside } from './refund-queries.ts'
import { leavePerson } from './return-difference.ts'

/** Leaves a difference as it is, for a reason; the books say what was given up. Throws not_found, difference_resolved, difference_act_unfit. */
export async function writeOff(needs: PaymentNeeds, id: string, decision: Decision): Promise<void> {
  const difference = await findForAct(needs, id, 'write_off')
  if (!difference) return
  await act(needs, difference, 'write_off', decision, async (tx, payment) => {
    if (isUnclaimed[difference.kind] && difference.gatewayChargeId !== null && (await isClaimed(tx, difference.gatewayChargeId)))
      throw problems.difference_act_unfit()
    if (payment === null) return {}
    const posted = await post(tx, difference, payment)
    if (difference.kind === 'refund_failed' && difference.refundId !== null) await setAside(tx, difference.refundId)
    if (difference.kind === 'integrity_failure') await leavePerson(needs, tx, payment, decision)
    return posted
  })
}

/** Settled or sent back meanwhile: it is in the books already. */
async function isClaimed(tx: Transaction, chargeId: string): Promise<boolean> {
  return (await hasPaid(tx, chargeId)) || (await owedOf(tx, chargeId)) > 0
}

/** Kinds about money that is in no row of ours. */
const isUnclaimed: Record<DifferenceKind, boolean> = {
  paid_unknown_to_us: true,
  second_page_paid: true,
  integrity_failure: true,
  paid_here_not_there: false,
  amount_differs: false,
  refund_differs: false,
  refund_failed: false,
  chargeback: false,
}

async function post(tx: Transaction, difference: DifferenceRow, payment: PaymentRow): Promise<Record<string, unknown>> {
  const { account, minor } = givenUp[difference.kind](difference)
  if (minor === 0) return {}
  const books: Books = { businessId: payment.businessId, payableId: payment.payableId, paymentId: payment.id }
  await postWriteOff(tx, books, { id: difference.id, account, minor, currency: difference.currency ?? payment.currency })
  return { account, minor }
}

type Sides = Pick<DifferenceRow, 'oursMinor' | 'theirsMinor' | 'gatewayChargeId'>
const more = ({ oursMinor, theirsMinor }: Sides) => (theirsMinor ?? 0) - (oursMinor ?? 0)

/** By how much which account is put right, so that afterwards the books say what the gateway says; a kind missing here does not compile. */
const givenUp: Record<DifferenceKind, (difference: Sides) => { account: LedgerAccount; minor: number }> = {
  // Money the gateway holds and nobody asked for.
  paid_unknown_to_us: ({ theirsMinor }) => ({ account: 'gateway', minor: theirsMinor ?? 0 }),
  second_page_paid: ({ theirsMinor }) => ({ account: 'gateway', minor: theirsMinor ?? 0 }),
  integrity_failure: ({ theirsMinor, gatewayChargeId }) => ({
    account: 'gateway',
    minor: gatewayChargeId === null ? 0 : (theirsMinor ?? 0),
  }),
  paid_here_not_there: (sides) => ({ account: 'gateway', minor: more(sides) }),
  amount_differs: (sides) => ({ account: 'gateway', minor: more(sides) }),
  // More returned than we say leaves the gateway with less.
  refund_differs: (sides) => ({ account: 'gateway', minor: -more(sides) }),
  // The bank has it back, out of what the gateway held for us.
  chargeback: ({ theirsMinor }) => ({ account: 'gateway', minor: -(theirsMinor ?? 0) }),
  // The order was promised this much back and gets it another way, or not at all.
  refund_failed: ({ oursMinor }) => ({ account: 'order', minor: oursMinor ?? 0 }),
}
