import { defineMessage } from './message.ts'
import type { BookingWords, Side } from './wording.ts'

export interface RescheduledWords extends BookingWords {
  by: Side
}

export const bookingRescheduled = defineMessage({
  audience: 'customer',
  variant: ({ by }: RescheduledWords) => `by_${by}` as const,
  bodies: {
    by_customer: {
      ar: 'غيّرت موعد حجزك لدى {business}: {service}، والموعد الجديد {moment}. رقم الحجز {reference}. نسعد بزيارتك.',
      en: 'You moved your booking at {business}: {service}, now {moment}. Reference {reference}. See you then.',
    },
    by_business: {
      ar: 'نعتذر، غيّرت إدارة {business} موعد حجزك: {service}، إلى {moment}. رقم الحجز {reference}. ويمكنك إلغاؤه إن لم يناسبك.',
      en: 'Sorry, {business} had to move your booking: {service}, now {moment}. Reference {reference}. You may still cancel it.',
    },
  },
  subject: { ar: 'تغيّر موعد حجزك لدى {business}', en: 'Your booking at {business} has moved' },
})
