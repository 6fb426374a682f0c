import type { Money } from '#foundation'
import { defineMessage } from './message.ts'
import type { BookingWords, Side } from './wording.ts'

export interface CancelledWords extends BookingWords {
  /** Nobody: it waited for the business's yes or no, and none came in time. */
  by: Side | 'nobody'
  /** What goes back of what was paid; 0 is said too. Absent: nothing had been paid. */
  amount?: Money
}

export const bookingCancelled = defineMessage({
  audience: 'customer',
  variant: ({ by, amount }: CancelledWords) =>
    by === 'nobody'
      ? 'unanswered'
      : (`by_${by}_${amount === undefined ? 'unpaid' : amount.amountMinor > 0 ? 'returned' : 'kept'}` as const),
  bodies: {
    by_customer_unpaid: {
      ar: 'ألغيت حجزك لدى {business}: {service}، {moment}. رقم الحجز {reference}. نسعد بزيارتك في وقت آخر.',
      en: 'You cancelled your booking at {business}: {service}, {moment}. Reference {reference}. We hope to see you another time.',
    },
    by_customer_returned: {
      ar: 'ألغيت حجزك لدى {business}: {service}، {moment}. رقم الحجز {reference}. سيُعاد إليك {amount} كما دفعته.',
      en: 'You cancelled your booking at {business}: {service}, {moment}. Reference {reference}. {amount} will be returned to the card you paid with.',
    },
    by_customer_kept: {
      ar: 'ألغيت حجزك لدى {business}: {service}، {moment}. رقم الحجز {reference}. لا يُسترد مبلغ بحسب سياسة الإلغاء.',
      en: 'You cancelled your booking at {business}: {service}, {moment}. Reference {reference}. Under the cancellation policy nothing is refunded.',
    },
    by_business_unpaid: {
      ar: 'نعتذر، ألغت إدارة {business} حجزك: {service}، {moment}. رقم الحجز {reference}. نسعد بزيارتك في وقت آخر.',
      en: 'Sorry, {business} had to cancel your booking: {service}, {moment}. Reference {reference}. We hope to see you another time.',
    },
    by_business_returned: {
      ar: 'نعتذر، ألغت إدارة {business} حجزك: {service}، {moment}. رقم الحجز {reference}. سيُعاد إليك {amount} كما دفعته.',
      en: 'Sorry, {business} had to cancel your booking: {service}, {moment}. Reference {reference}. {amount} will be returned to the card you paid with.',
    },
    unanswered: {
      ar: 'نعتذر، لم يصلنا رد {business} على طلبك: {service}، {moment}. رقم الطلب {reference}. لم يُحجز الموعد ولم تُدفع أي رسوم.',
      en: 'Sorry, {business} did not answer your request: {service}, {moment}. Reference {reference}. Nothing is booked and nothing was charged.',
    },
    // What was paid had gone back before.
    by_business_kept: {
      ar: 'نعتذر، ألغت إدارة {business} حجزك: {service}، {moment}. رقم الحجز {reference}. ولا مبلغ متبقٍّ يُعاد إليك.',
      en: 'Sorry, {business} had to cancel your booking: {service}, {moment}. Reference {reference}. Nothing is left to be returned.',
    },
  },
  subject: { ar: 'إلغاء حجزك لدى {business}', en: 'Your booking at {business} is cancelled' },
})
