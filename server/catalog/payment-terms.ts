import { money, type Money, percentOf } from '#foundation'

export const paymentKinds = ['full', 'deposit', 'at_place', 'free'] as const
/** Pay all of it when the time is taken, a part of it, nothing before the visit, or nothing at all. */
export type PaymentKind = (typeof paymentKinds)[number]

/** What is paid when the time is taken and what at the place; the two are always the whole price. */
export interface PaymentTerms {
  kind: PaymentKind
  dueNow: Money
  dueAtPlace: Money
}

/** How a business sells a service; a deposit is an amount or a percentage of the price. */
export type PaymentPolicy =
  | { kind: 'full' }
  | { kind: 'at_place' }
  | { kind: 'free' }
  | { kind: 'deposit'; depositMinor: number }
  | { kind: 'deposit'; depositPercent: number }

/** The policy as the table keeps it. */
export interface StoredPolicy {
  kind: PaymentKind
  depositMinor: number | null
  depositPercent: number | null
}

export function readPolicy({ kind, depositMinor, depositPercent }: StoredPolicy): PaymentPolicy {
  if (kind !== 'deposit') return { kind }
  if (depositMinor !== null) return { kind, depositMinor }
  if (depositPercent !== null) return { kind, depositPercent }
  throw new Error('A deposit has an amount or a percentage.')
}

/**
 * The terms at a price. A percentage is rounded down to the whole minor unit, and what the rounding leaves is paid at the
 * place: parts are never more than the whole. Throws RangeError for a deposit that is nothing or all of the price.
 */
export function paymentTerms(price: Money, policy: PaymentPolicy): PaymentTerms {
  if (price.amountMinor < 0) throw new RangeError('A price is not negative.')
  const dueNow = dueNowOf(price, policy)
  return {
    kind: price.amountMinor === 0 ? 'free' : policy.kind,
    dueNow,
    dueAtPlace: money(price.amountMinor - dueNow.amountMinor, price.currency),
  }
}

function dueNowOf(price: Money, policy: PaymentPolicy): Money {
  if (price.amountMinor === 0 || policy.kind === 'full') return price
  if (policy.kind === 'at_place') return money(0, price.currency)
  if (policy.kind !== 'deposit') throw new RangeError('What has a price is not free.')
  const deposit = 'depositMinor' in policy ? money(policy.depositMinor, price.currency) : percentOf(price, policy.depositPercent)
  if (deposit.amountMinor <= 0 || deposit.amountMinor >= price.amountMinor)
    throw new RangeError(`A deposit is a part of the price, not ${deposit.amountMinor} of ${price.amountMinor}.`)
  return deposit
}
