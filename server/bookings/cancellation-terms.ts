import { type Money, percentOf, type Text } from '#foundation'

/** Back to the customer when cancelled at least so many hours before the start. */
export interface CancellationTier {
  hoursBefore: number
  refundPercent: number
}

export interface CancellationTerms {
  refundPercent: number
  refund: Money
  /** Why this much, as the customer reads it before pressing. */
  reason: Text
}

/** What a cancellation now gives back of what was paid, by the policy that was promised at booking. */
export function cancellationTerms(tiers: readonly CancellationTier[], paid: Money, startsAt: Temporal.Instant, now: Temporal.Instant): CancellationTerms {
  if (paid.amountMinor === 0) {
    return { refundPercent: 0, refund: paid, reason: { ar: 'لم يُدفع شيء لهذا الحجز.', en: 'Nothing was paid for this booking.' } }
  }
  const hoursLeft = now.until(startsAt).total('hours')
  const tier = [...tiers].sort((a, b) => b.hoursBefore - a.hoursBefore).find(({ hoursBefore }) => hoursLeft >= hoursBefore)
  const refundPercent = tier?.refundPercent ?? 0
  return { refundPercent, refund: percentOf(paid, refundPercent), reason: reasonFor(refundPercent, tier?.hoursBefore ?? 0) }
}

function reasonFor(percent: number, hours: number): Text {
  const before: Text = { ar: hours === 0 ? 'قبل الموعد' : `قبل الموعد بـ${hours} ساعة أو أكثر`, en: hours === 0 ? 'before the start' : `${hours} hours or more before the start` }
  if (percent === 100) return { ar: `الإلغاء ${before.ar} يعيد المبلغ كاملًا.`, en: `Cancelling ${before.en} returns the whole amount.` }
  if (percent === 0) return { ar: 'لا يُعاد شيء عند الإلغاء في هذا الوقت، حسب سياسة المنشأة.', en: 'By the business’s policy, cancelling at this time returns nothing.' }
  return { ar: `الإلغاء ${before.ar} يعيد ${percent}٪ من المبلغ.`, en: `Cancelling ${before.en} returns ${percent}% of the amount.` }
}
