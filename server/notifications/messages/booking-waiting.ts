import { defineMessage } from './message.ts'
import type { HoldWords } from './hold-ending.ts'

/** The business says yes or no to each booking of such a service; until then the time is kept. */
export const bookingWaiting = defineMessage({
  audience: 'customer',
  variant: (_words: HoldWords) => 'plain',
  bodies: {
    plain: {
      ar: 'وصل طلبك إلى {business}: {service}، {moment}. رقم الحجز {reference}. سنخبرك بموافقتهم أو اعتذارهم في موعد أقصاه {until}.',
      en: 'Your request has reached {business}: {service}, {moment}. Reference {reference}. You will hear by {until} whether they accept.',
    },
  },
  subject: { ar: 'طلبك لدى {business} بانتظار الموافقة', en: 'Your request waits for {business}' },
})
