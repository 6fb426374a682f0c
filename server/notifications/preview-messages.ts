import { type Locale, locales } from '#foundation'
import { bodiesOf, natureOf, type NotificationKind, notificationKinds, writeBody } from './messages.ts'
import { asTemplate, slotsOf } from './messages/message.ts'
import { type SmsSize, smsSize } from './sms-segments.ts'

/** One message as it would reach somebody, with what it costs as an SMS and how it is registered as a template. */
export interface MessagePreview extends SmsSize {
  kind: NotificationKind
  /** Which of the kind's bodies: one that has several says the same under other circumstances. */
  variant: string
  audience: 'customer' | 'staff' | 'operator'
  promotional: boolean
  locale: Locale
  text: string
  subject: string
  template: string
  /** The template's body as it is handed in for approval. */
  templateBody: string
  /** What its values are, in their order. */
  values: string[]
}

const sample = {
  reference: 'TH-8F3K-2Q9X',
  businessName: { ar: 'صالون لمسة', en: 'Lamsa Salon' },
  serviceName: { ar: 'قص وتصفيف الشعر', en: 'Haircut and styling' },
  startsAt: '2026-12-29T13:30:00Z',
  zone: 'Asia/Riyadh',
  amount: { amountMinor: 24_000, currency: 'SAR' },
  until: '2026-12-27T13:15:00Z',
  was: '2026-12-28T15:00:00Z',
  customer: 'نورة العتيبي',
}
const inEnglish = { ...sample, customer: 'Noura Alotaibi' }

/** Every message of the house in both languages, written from invented words. */
export function previewMessages(): MessagePreview[] {
  return notificationKinds.flatMap((kind) =>
    bodiesOf(kind).flatMap(({ variant, template, text: body }) =>
      locales.map((locale) => {
        const { text, subject } = writeBody(kind, variant, locale === 'ar' ? sample : inEnglish, locale)
        return {
          kind,
          variant,
          ...natureOf(kind),
          locale,
          text,
          subject,
          ...smsSize(text),
          template,
          templateBody: asTemplate(body[locale]),
          values: slotsOf(body[locale]),
        }
      }),
    ),
  )
}
