import { defineMessage } from './message.ts'
import type { PaidWords } from './payment-received.ts'

export interface RefundWords extends PaidWords {
  /** Why money went back that had not paid for the booking: it came too late or twice. Absent: somebody gave back what was paid. */
  because?: 'not_booked' | 'paid_twice'
}

export const refundMade = defineMessage({
  audience: 'customer',
  variant: ({ because }: RefundWords) => because ?? 'plain',
  bodies: {
    plain: {
      ar: 'أُعيد إليك {amount} من {business} عن {service}. رقم الحجز {reference}. قد يستغرق ظهوره في حسابك بضعة أيام عمل.',
      en: 'Returned to you: {amount} by {business} for {service}. Reference {reference}. It may take a few working days to show.',
    },
    not_booked: {
      ar: 'وصلت دفعتك لحجز {business} بعد فوات الموعد أو إلغائه، فأُعيد إليك {amount} كاملًا. رقم الحجز {reference}. قد يستغرق ظهوره بضعة أيام عمل.',
      en: 'Your payment to {business} came when the time was no longer yours, so {amount} was returned in full. Reference {reference}. It may take a few working days.',
    },
    paid_twice: {
      ar: 'دفعت مرتين لحجزك لدى {business}، فأُعيدت إليك الدفعة الثانية {amount}. رقم الحجز {reference}. قد يستغرق ظهورها بضعة أيام عمل.',
      en: 'You paid twice for your booking at {business}, so the second {amount} was returned. Reference {reference}. It may take a few working days.',
    },
  },
  subject: { ar: 'أُعيد إليك {amount} من {business}', en: '{amount} returned by {business}' },
})
