import { defineMessage } from './message.ts'
import type { StaffWords } from './staff-booking-new.ts'

export interface StaffChangedWords extends StaffWords {
  was: string
}

export const staffBookingChanged = defineMessage({
  audience: 'staff',
  variant: (_words: StaffChangedWords) => 'plain',
  bodies: {
    plain: {
      ar: 'تغيّر موعد حجز لدى {business}: {service}، من {was} إلى {moment}. رقم الحجز {reference}.',
      en: 'A booking at {business} has moved: {service}, from {was} to {moment}. Reference {reference}.',
    },
  },
  subject: { ar: 'تغيّر موعد حجز: {service}', en: 'A booking has moved: {service}' },
})
