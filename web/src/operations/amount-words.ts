import type { Format } from '../language/index.tsx'

/** An amount in a currency that need not be one of ours: a gateway says what it says. */
export function amountWords(format: Format, amount: { amountMinor: number; currency: string }): string {
  try {
    return format.money(amount)
  } catch {
    return `${amount.amountMinor} ${amount.currency}`
  }
}
