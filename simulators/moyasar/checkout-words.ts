import type { Language, Text } from '../page.ts'

/** What the hosted page says. Its own texts: a stand-in, not a copy of the real page. */
export const WORDS = {
  simulation: {
    ar: 'صفحة دفع للتجربة فقط: لا تُخصم أي مبالغ حقيقية.',
    en: 'A simulated payment page: no real money moves.',
  },
  about: { ar: 'عن هذه الصفحة', en: 'About this page' },
  title: { ar: 'إتمام الدفع', en: 'Complete your payment' },
  payFor: { ar: 'المبلغ المطلوب', en: 'Amount due' },
  byCard: { ar: 'الدفع بالبطاقة', en: 'Pay by card' },
  holder: { ar: 'الاسم على البطاقة', en: 'Name on card' },
  number: { ar: 'رقم البطاقة', en: 'Card number' },
  expiry: { ar: 'تاريخ الانتهاء', en: 'Expiry date' },
  cvc: { ar: 'رمز الأمان', en: 'Security code' },
  pay: { ar: 'ادفع', en: 'Pay' },
  back: { ar: 'العودة إلى المتجر دون دفع', en: 'Back to the shop without paying' },
  backPaid: { ar: 'العودة إلى المتجر', en: 'Back to the shop' },
  tryOut: { ar: 'بطاقات التجربة', en: 'Test cards' },
  tryOutHint: { ar: 'ضغطة واحدة تدفع بالبطاقة المختارة.', en: 'One press pays with that card.' },
  paidCards: { ar: 'تنجح', en: 'Approved' },
  refusedCards: { ar: 'تُرفض', en: 'Refused' },
  secureCards: { ar: 'حالات التحقق الآمن', en: '3-D Secure cases' },
  refused: { ar: 'لم تتم عملية الدفع', en: 'The payment did not go through' },
  tryAgain: { ar: 'يمكنك المحاولة ببطاقة أخرى.', en: 'You can try another card.' },
  wrongCard: { ar: 'تحقّق من بيانات البطاقة', en: 'Check the card details' },
  paid: { ar: 'تم الدفع بنجاح', en: 'Paid, thank you' },
  expired: { ar: 'انتهت صلاحية هذه الفاتورة', en: 'This invoice has expired' },
  canceled: { ar: 'أُلغيت هذه الفاتورة', en: 'This invoice was cancelled' },
  returned: { ar: 'أُعيد مبلغ هذه الفاتورة', en: 'This invoice was refunded' },
  closed: { ar: 'هذه الفاتورة غير متاحة للدفع', en: 'This invoice cannot be paid' },
  unknown: { ar: 'لا توجد فاتورة بهذا الرابط', en: 'There is no invoice at this address' },
  secureTitle: { ar: 'التحقق الآمن من البطاقة', en: 'Card verification (3-D Secure)' },
  secureHint: {
    ar: 'هنا يسألك مصرفك عادةً عن رمز أو يطلب موافقتك في تطبيقه. اختر ما تريد تجربته.',
    en: 'Here your bank would ask for a code or for your approval in its app. Choose what to try.',
  },
  approve: { ar: 'أوافق على العملية', en: 'Approve' },
  reject: { ar: 'أرفض العملية', en: 'Reject' },
  leave: { ar: 'أغادر دون إكمال', en: 'Leave without finishing' },
  secureOver: { ar: 'لم تعد صفحة التحقق هذه متاحة', en: 'This verification page is no longer open' },
  left: { ar: 'غادرت صفحة التحقق والعملية ما زالت معلّقة', en: 'You left; the payment is still open' },
} satisfies Record<string, Text>

export type Word = keyof typeof WORDS

export function say(word: Word, language: Language): string {
  return WORDS[word][language]
}

const REASONS: Record<string, Text> = {
  '00': { ar: 'مقبولة', en: 'Approved' },
  '05': { ar: 'رفضها المصرف', en: 'Declined by the bank' },
  '41': { ar: 'بطاقة مفقودة', en: 'Lost card' },
  '43': { ar: 'بطاقة مسروقة', en: 'Stolen card' },
  '51': { ar: 'الرصيد غير كافٍ', en: 'Not enough balance' },
  '54': { ar: 'البطاقة منتهية', en: 'Expired card' },
  '61': { ar: 'تجاوزت الحد المسموح', en: 'Over the limit' },
  '99': { ar: 'سبب غير محدد', en: 'Reason not given' },
}

const SECURE_CASES: Record<string, Text> = {
  '4111114005765430': { ar: 'تنجح بلا تحقق', en: 'Paid without a challenge' },
  '4111118250252531': { ar: 'التحقق غير متاح (ECI 06)', en: 'Attempted, not available' },
  '4111113343111067': { ar: 'عطل في خدمة التسجيل', en: 'Error at enrolment' },
  '4111116611600661': { ar: 'البطاقة غير مسجّلة', en: 'Card not enrolled' },
  '4111112205628150': { ar: 'عطل أثناء التحقق', en: 'Error at authentication' },
  '4111115784228433': { ar: 'رفض المُصدر', en: 'Rejected by the issuer' },
  '4111115620358287': { ar: 'تعذّر التحقق', en: 'Authentication unavailable' },
}

/** A card's outcome for people; the API's own text stands beside it. */
export function reason(card: { number?: string; code: string | null }, language: Language): string {
  const text = SECURE_CASES[card.number ?? ''] ??
    REASONS[card.code ?? ''] ?? { ar: 'تعذّر التحقق من البطاقة', en: 'The card could not be verified' }
  return text[language]
}
