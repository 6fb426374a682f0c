import type { Money } from '#foundation'
import type { GatewayAmount, GatewayCharge, GatewayPage } from './gateway.ts'

/** What the gateway's answer means for one attempt. Pure: the same answer always means the same. */
export type Truth =
  | { says: 'paid'; charge: GatewayCharge; extras: GatewayCharge[] }
  /** The page takes money, or a card on it is still being asked. */
  | { says: 'open' }
  | { says: 'failed' | 'expired' | 'returned'; reason: string }
  /** Another page of this attempt than the one it goes on with, and nobody pays there: of no concern. */
  | { says: 'spare' }
  /** Not what we asked for: a person decides. */
  | { says: 'differs'; reason: string }
  /** An answer we do not understand: asked again. */
  | { says: 'unclear'; reason: string }

interface Attempt {
  id: string
  amount: Money
  gatewayRef: string | null
  gatewayChargeId: string | null
}

/** Money counts only with our amount, our currency and our reference; a discount, a foreign page or a partly returned charge is for a person. */
export function judgePage(attempt: Attempt, page: GatewayPage): Truth {
  if (isSpare(attempt, page)) return { says: 'spare' }
  const difference = differenceOf(attempt, page)
  if (difference) return { says: 'differs', reason: difference }

  const taken = page.charges.filter(({ status }) => status === 'paid')
  const returned = page.charges.filter(({ status }) => status === 'refunded' || status === 'voided')
  const charge =
    taken.find(({ id }) => id === attempt.gatewayChargeId) ?? returned.find(({ id }) => id === attempt.gatewayChargeId) ?? taken.at(-1)
  const odd = [...taken, ...returned].find((one) => !same(one.amount, attempt.amount))
  if (odd) return { says: 'differs', reason: `charge ${odd.id} is of ${odd.amount.amountMinor} ${odd.amount.currency}` }
  if (charge) return { says: 'paid', charge, extras: taken.filter(({ id }) => id !== charge.id) }
  const partly = returned.find((one) => one.status === 'refunded' && one.refundedMinor < one.amount.amountMinor)
  if (partly) return { says: 'differs', reason: `charge ${partly.id} was partly returned before we knew of it` }

  if (page.status === 'unrecognised' || (page.status !== 'open' && page.charges.some(({ status }) => status === 'unrecognised')))
    return { says: 'unclear', reason: 'unrecognised_status' }
  // A card at its bank's page may still end as paid, whatever became of the page meanwhile.
  if (page.charges.some(({ status }) => status === 'pending' || status === 'authorised')) return { says: 'open' }
  return withoutMoney[page.status](returned.length > 0)
}

/** What a page means on which no card is paid or still being asked. */
const withoutMoney: Record<Exclude<GatewayPage['status'], 'unrecognised'>, (wasReturned: boolean) => Truth> = {
  open: () => ({ says: 'open' }),
  paid: (wasReturned) =>
    wasReturned ? { says: 'returned', reason: 'returned_at_gateway' } : { says: 'unclear', reason: 'paid_without_charge' },
  failed: () => ({ says: 'failed', reason: 'page_failed' }),
  cancelled: () => ({ says: 'failed', reason: 'page_cancelled' }),
  expired: () => ({ says: 'expired', reason: 'page_expired' }),
}

/** One that was made, or found, while somebody else made the attempt's own. With money on it, it is a difference. */
function isSpare(attempt: Attempt, page: GatewayPage): boolean {
  const isOther = attempt.gatewayRef !== null && page.ref !== attempt.gatewayRef && page.attemptId === attempt.id
  return isOther && page.status !== 'paid' && page.charges.every(({ status }) => status === 'failed')
}

function differenceOf(attempt: Attempt, page: GatewayPage): string | null {
  if (attempt.gatewayRef !== null && page.ref !== attempt.gatewayRef) return `the answer is about page ${page.ref}`
  if (page.attemptId !== attempt.id) return `page ${page.ref} carries the reference ${page.attemptId ?? 'of nobody'}`
  if (!same(page.amount, attempt.amount)) return `page ${page.ref} is of ${page.amount.amountMinor} ${page.amount.currency}`
  return null
}

function same(a: GatewayAmount, b: GatewayAmount): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency
}
