import { defineMessage } from './message.ts'
import type { StaffWords } from './staff-booking-new.ts'
import type { Side } from './wording.ts'

export interface StaffCancelledWords extends StaffWords {
  by: Side
}

export const staffBookingCancelled = defineMessage({
  audience: 'staff',
  variant: ({ by }: StaffCancelledWords) => `by_${by}` as const,
  bodies: {
    by_customer: {
      ar: 'ألغى العميل حجزًا لدى {business}: {service}، {moment}. رقم الحجز {reference}. الموعد متاح الآن.',
      en: 'A customer cancelled at {business}: {service}, {moment}. Reference {reference}. The time is free again.',
    },
    by_business: {
      ar: 'ألغت إدارة {business} حجزًا: {service}، {moment}. رقم الحجز {reference}. أُبلغ العميل بالإلغاء.',
      en: 'A booking was cancelled by {business}: {service}, {moment}. Reference {reference}. The customer is being told.',
    },
  },
  subject: { ar: 'إلغاء حجز: {service}', en: 'A booking is cancelled: {service}' },
})
