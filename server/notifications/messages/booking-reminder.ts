import { defineMessage } from './message.ts'
import type { BookingWords } from './wording.ts'

export const bookingReminder = defineMessage({
  audience: 'customer',
  variant: (_words: BookingWords) => 'plain',
  bodies: {
    plain: {
      ar: 'نذكّرك بموعدك لدى {business}: {service}، {moment}. رقم الحجز {reference}. نسعد بزيارتك.',
      en: 'A reminder of your booking at {business}: {service}, {moment}. Reference {reference}. See you then.',
    },
  },
  subject: { ar: 'تذكير بموعدك لدى {business}', en: 'Reminder: your booking at {business}' },
})
