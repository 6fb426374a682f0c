import type { Money } from '#foundation'
import { defineMessage } from './message.ts'
import type { BookingWords } from './wording.ts'

export interface PaidWords extends BookingWords {
  amount: Money
}

export const paymentReceived = defineMessage({
  audience: 'customer',
  variant: (_words: PaidWords) => 'plain',
  bodies: {
    plain: {
      ar: 'استلمنا دفعتك {amount} لصالح {business} عن {service}، {moment}. رقم الحجز {reference}. شكرًا لك.',
      en: 'Payment received: {amount} to {business} for {service}, {moment}. Reference {reference}. Thank you.',
    },
  },
  subject: { ar: 'استلمنا دفعتك لصالح {business}', en: 'Your payment to {business}' },
})
