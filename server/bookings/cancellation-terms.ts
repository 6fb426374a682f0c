import { type Money, percentOf, type Text } from '#foundation'
import { hours } from './count-words.ts'

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

/** What a cancellation now gives back of what was paid, by the policy that was promised at booking. Rounded down. */
export function cancellationTerms(
  tiers: readonly CancellationTier[],
  paid: Money,
  startsAt: Temporal.Instant,
  now: Temporal.Instant,
): CancellationTerms {
  if (paid.amountMinor === 0) return { refundPercent: 0, refund: paid, reason: nothingPaid }
  const hoursLeft = now.until(startsAt).total('hours')
  const tier = [...tiers].sort((a, b) => b.hoursBefore - a.hoursBefore).find(({ hoursBefore }) => hoursLeft >= hoursBefore)
  const refundPercent = tier?.refundPercent ?? 0
  return { refundPercent, refund: percentOf(paid, refundPercent), reason: reasonFor(refundPercent, tier?.hoursBefore ?? 0) }
}

/** When the business cancels, all that is left of what was paid goes back. */
export function termsOfBusiness(paid: Money, returnable: Money): CancellationTerms {
  if (paid.amountMinor === 0) return { refundPercent: 0, refund: paid, reason: nothingPaid }
  return {
    refundPercent: 100,
    refund: returnable,
    reason: {
      ar: 'عندما تلغي المنشأة الموعد يعود إلى العميل كل ما دفعه.',
      en: 'When the business cancels, the customer gets back all that was paid.',
    },
  }
}

const nothingPaid: Text = { ar: 'لم يُدفع شيء لهذا الحجز.', en: 'Nothing was paid for this booking.' }

function reasonFor(percent: number, hoursBefore: number): Text {
  const notice = hours(hoursBefore)
  const before: Text =
    hoursBefore === 0
      ? { ar: 'قبل الموعد', en: 'before the start' }
      : { ar: `قبل الموعد بـ${notice.ar} أو أكثر`, en: `${notice.en} or more before the start` }
  if (percent === 100)
    return { ar: `الإلغاء ${before.ar} يعيد المبلغ المدفوع كاملًا.`, en: `Cancelling ${before.en} returns all that was paid.` }
  if (percent === 0)
    return {
      ar: 'لا يُعاد شيء عند الإلغاء في هذا الوقت، حسب سياسة المنشأة.',
      en: 'By the business’s policy, cancelling at this time returns nothing.',
    }
  return {
    ar: `الإلغاء ${before.ar} يعيد ${percent}٪ من المبلغ المدفوع.`,
    en: `Cancelling ${before.en} returns ${percent}% of what was paid.`,
  }
}
