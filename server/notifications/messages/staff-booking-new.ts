import { defineMessage } from './message.ts'
import type { BookingWords } from './wording.ts'

export interface StaffWords extends BookingWords {
  customer?: string
}

export interface StaffNewWords extends StaffWords {
  /** It waits for the business to say yes or no. */
  waiting?: true
}

export const staffBookingNew = defineMessage({
  audience: 'staff',
  variant: ({ customer, waiting }: StaffNewWords) => (waiting ? 'waiting' : customer === undefined ? 'plain' : 'named'),
  bodies: {
    plain: {
      ar: 'حجز جديد لدى {business}: {service}، {moment}. رقم الحجز {reference}.',
      en: 'New booking at {business}: {service}, {moment}. Reference {reference}.',
    },
    named: {
      ar: 'حجز جديد لدى {business}: {service}، {moment}، باسم {customer}. رقم الحجز {reference}.',
      en: 'New booking at {business}: {service}, {moment}, for {customer}. Reference {reference}.',
    },
    waiting: {
      ar: 'طلب حجز لدى {business} ينتظر موافقتكم: {service}، {moment}. رقم الحجز {reference}.',
      en: 'A booking at {business} waits for your yes or no: {service}, {moment}. Reference {reference}.',
    },
  },
  subject: { ar: 'حجز جديد: {service}', en: 'New booking: {service}' },
})
