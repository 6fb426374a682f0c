import type { Money } from '#foundation'
import { defineMessage } from './message.ts'
import type { BookingWords } from './wording.ts'

export interface ConfirmedWords extends BookingWords {
  /** What was paid for it, where the same message is the receipt. */
  amount?: Money
}

export const bookingConfirmed = defineMessage({
  audience: 'customer',
  variant: ({ amount }: ConfirmedWords) => (amount ? 'paid' : 'plain'),
  bodies: {
    plain: {
      ar: 'تم تأكيد حجزك لدى {business}: {service}، {moment}. رقم الحجز {reference}. نسعد بزيارتك.',
      en: 'Your booking at {business} is confirmed: {service}, {moment}. Reference {reference}. See you then.',
    },
    paid: {
      ar: 'تم تأكيد حجزك لدى {business}: {service}، {moment}. رقم الحجز {reference}. استلمنا {amount}، شكرًا لك.',
      en: 'Your booking at {business} is confirmed: {service}, {moment}. Reference {reference}. {amount} received.',
    },
  },
  subject: { ar: 'تأكيد حجزك لدى {business}', en: 'Your booking at {business} is confirmed' },
})
