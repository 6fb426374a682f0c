import { defineMessage } from './message.ts'
import type { BookingWords } from './wording.ts'

export interface HoldWords extends BookingWords {
  until: string
}

export const holdEnding = defineMessage({
  audience: 'customer',
  variant: (_words: HoldWords) => 'plain',
  bodies: {
    plain: {
      ar: 'موعدك لدى {business} ينتظر الدفع: {service}، {moment}. نحتفظ به لك حتى {until}، وبعدها يُتاح لغيرك. رقم الحجز {reference}.',
      en: 'Your time at {business} waits for payment: {service}, {moment}. It is kept for you until {until}. Reference {reference}.',
    },
  },
  subject: { ar: 'موعدك لدى {business} ينتظر الدفع', en: 'Your time at {business} waits for payment' },
})
