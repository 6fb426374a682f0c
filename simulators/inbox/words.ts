import type { FaultName } from '../faults.ts'
import type { Text } from '../page.ts'

export const WORDS = {
  title: { ar: 'هواتف التجربة', en: 'Test phones' },
  about: { ar: 'عن هذه الصفحة', en: 'About this page' },
  simulation: {
    ar: 'كل ما هنا محاكاة: لا تُرسل رسائل حقيقية ولا تُخصم أموال.',
    en: 'All of this is simulated: no real messages, no real money.',
  },
  hint: {
    ar: 'تصل هنا كل رسالة نصية أو واتساب أو بريد يرسلها النظام إلى العملاء.',
    en: 'Every SMS, WhatsApp message and e-mail the system sends arrives here.',
  },
  empty: { ar: 'لا رسائل بعد. اطلب رمز دخول وستظهر رسالته هنا.', en: 'No messages yet. Ask for a sign-in code and it will appear here.' },
  copy: { ar: 'انسخ الرمز', en: 'Copy code' },
  copied: { ar: 'نُسخ', en: 'Copied' },
  faults: { ar: 'عطّل أحد المزوّدين', en: 'Break a vendor' },
  faultsHint: {
    ar: 'جرّب كيف يصمد الحجز حين يتعثّر مزوّد الرسائل أو بوابة الدفع.',
    en: 'See how a booking stands when the SMS vendor or the gateway fails.',
  },
  quick: { ar: 'أعطال سريعة', en: 'At a press' },
  all: { ar: 'كل عملياته', en: 'everything' },
  target: { ar: 'المزوّد والعملية', en: 'Vendor and call' },
  fault: { ar: 'العطل', en: 'Fault' },
  times: { ar: 'كم مرة (فارغ: حتى الإصلاح)', en: 'How often (empty: until repaired)' },
  other: { ar: 'عطل آخر', en: 'Another fault' },
  plan: { ar: 'عطّل', en: 'Break' },
  clear: { ar: 'أصلِح كل شيء', en: 'Repair everything' },
  current: { ar: 'الأعطال الآن', en: 'Broken now' },
  none: { ar: 'كل المزوّدين يعملون.', en: 'All vendors work.' },
  always: { ar: 'حتى الإصلاح', en: 'until repaired' },
  webhooks: { ar: 'إشعارات بوابة الدفع', en: 'Gateway webhooks' },
  noWebhooks: { ar: 'لم يُرسل أي إشعار بعد.', en: 'None was sent yet.' },
  delivered: { ar: 'وصل', en: 'Delivered' },
  failed: { ar: 'لم يصل', en: 'Not delivered' },
  sms: { ar: 'رسالة نصية', en: 'SMS' },
  whatsapp: { ar: 'واتساب', en: 'WhatsApp' },
  email: { ar: 'بريد إلكتروني', en: 'E-mail' },
} satisfies Record<string, Text>

export const QUICK: { target: string; fault: FaultName; label: Text }[] = [
  { target: 'sms/send', fault: 'refuse', label: { ar: 'الرسائل: رفض', en: 'SMS: refused' } },
  { target: 'sms/send', fault: 'hang', label: { ar: 'الرسائل: لا جواب', en: 'SMS: no answer' } },
  { target: 'whatsapp/send', fault: 'refuse', label: { ar: 'واتساب: رفض', en: 'WhatsApp: refused' } },
  { target: 'smtp/send', fault: 'greylist', label: { ar: 'البريد: تأجيل', en: 'E-mail: put off' } },
  { target: 'moyasar/create-invoice', fault: 'http-503', label: { ar: 'الدفع: متوقف', en: 'Payments: down' } },
  { target: 'moyasar/create-invoice', fault: 'after-work', label: { ar: 'الدفع: ينقطع بعد الإنشاء', en: 'Payments: cut after creating' } },
  { target: 'moyasar/webhook', fault: 'drop-webhook', label: { ar: 'الدفع: إشعار ضائع', en: 'Payments: webhook lost' } },
  { target: 'moyasar/webhook', fault: 'duplicate-webhook', label: { ar: 'الدفع: إشعار مكرر', en: 'Payments: webhook repeated' } },
]

/** `1 part`, `جزءان`: a plural for each language's own rules. */
export function partsText(parts: number, language: 'ar' | 'en'): string {
  if (language === 'en') return parts === 1 ? '1 part' : `${parts} parts`
  const form = new Intl.PluralRules('ar').select(parts)
  if (form === 'one') return 'جزء واحد'
  if (form === 'two') return 'جزءان'
  return form === 'few' ? `${parts} أجزاء` : `${parts} جزءًا`
}
