import { defineMessage } from './message.ts'
import type { BookingWords } from './wording.ts'

/** To ourselves, by the customers' own way, to see that it is open. */
export const canary = defineMessage({
  audience: 'operator',
  variant: (_words: BookingWords) => 'plain',
  bodies: {
    plain: {
      ar: 'ثابت: رسالة فحص. وصولها يعني أن طريق الرسائل مفتوح.',
      en: 'Thabit: a test message. That it came means that messages get through.',
    },
  },
  subject: { ar: 'رسالة فحص', en: 'A test message' },
})
