import { defineMessage } from './message.ts'
import type { PaidWords } from './payment-received.ts'

/** Instead of the plain confirmation, when the money came after the hold had run out and the time was still free. */
export const paymentAppliedLate = defineMessage({
  audience: 'customer',
  variant: (_words: PaidWords) => 'plain',
  bodies: {
    plain: {
      ar: 'وصلت دفعتك {amount} متأخرة، وثبّتنا حجزك لدى {business}: {service}، {moment}. رقم الحجز {reference}.',
      en: 'Your payment of {amount} came late, but the time was still free: booked at {business}, {service}, {moment}. Reference {reference}.',
    },
  },
  subject: { ar: 'وصلت دفعتك وتأكد حجزك لدى {business}', en: 'Payment arrived, booking at {business} confirmed' },
})
