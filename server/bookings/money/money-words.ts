import type { AuditLine } from '#database'
import type { Text } from '#foundation'
import type { LedgerKind, MoneyAttempt, MoneyRefund, PaymentState, RefundState } from '#payments'
import type { BookingStatus } from '../booking-states.ts'

/* Everything a person reads about one booking's money. A state without its sentence does not compile. */

/** Where an attempt to pay stands. */
export const attemptWords = {
  intent: { ar: 'بدأت محاولة الدفع، ولم نعرف نتيجتها بعد.', en: 'The payment was begun; its outcome is not known yet.' },
  redirected: { ar: 'صفحة الدفع مفتوحة، ولم يُدفع شيء بعد.', en: 'The payment page is open; nothing is paid yet.' },
  unknown: { ar: 'لم تصلنا إجابة بوابة الدفع بعد، ونسألها الآن.', en: 'The gateway has not answered yet; we keep asking.' },
  paid: { ar: 'دُفع المبلغ.', en: 'Paid.' },
  failed: { ar: 'لم تتم عملية الدفع، ولم يُخصم شيء.', en: 'The payment did not go through; nothing was charged.' },
  expired: { ar: 'انتهى وقت صفحة الدفع، ولم يُخصم شيء.', en: 'The payment page ran out of time; nothing was charged.' },
  integrity_failure: {
    ar: 'أجابت بوابة الدفع بما لا يطابق المطلوب، ويراجعها موظف.',
    en: 'The gateway’s answer differs from what was asked; a person is looking at it.',
  },
  refund_due: { ar: 'دُفع المبلغ، وجزء منه أو كله في طريقه إلى العميل.', en: 'Paid; a part or all of it is on its way back.' },
  refunded: { ar: 'دُفع المبلغ، وأُعيد منه ما هو مذكور أدناه.', en: 'Paid; what is listed below was returned.' },
  refund_failed: {
    ar: 'دُفع المبلغ، وتعذّرت إعادة جزء منه، ويتابعها موظف.',
    en: 'Paid; returning a part of it did not work and a person is on it.',
  },
} as const satisfies Record<MoneyAttempt['status'], Text>

const refundStateWords = {
  due: { ar: 'مستحق للعميل، ويُرسل بعد قليل.', en: 'Owed to the customer; it is sent shortly.' },
  sent: { ar: 'أُرسل إلى بوابة الدفع.', en: 'Sent to the gateway.' },
  unknown: { ar: 'أُرسل، ولم تؤكد البوابة وصوله بعد.', en: 'Sent; the gateway has not confirmed it yet.' },
  refunded: { ar: 'أُعيد إلى بطاقة العميل.', en: 'Returned to the customer’s card.' },
  failed: { ar: 'تعذّرت إعادته آليًا، ويتابعها موظف.', en: 'Could not be returned automatically; a person is on it.' },
} as const satisfies Record<RefundState, Text>

/** The charge never settled: a bank shows that otherwise than money that comes back. */
const voided: Text = {
  ar: 'أُلغي الخصم قبل تسويته، ويختفي من كشف البطاقة بحسب المصرف.',
  en: 'The charge was cancelled before it settled; how soon it leaves the statement is up to the bank.',
}

export function refundWords({ state, way }: Pick<MoneyRefund, 'state' | 'way'>): Text {
  return state === 'refunded' && way === 'void' ? voided : refundStateWords[state]
}

/** One line of the books. */
export const ledgerWords = {
  charge: { ar: 'دفع العميل', en: 'The customer paid' },
  fee: { ar: 'رسوم بوابة الدفع (تقديرية حتى التسوية)', en: 'The gateway’s fee (an estimate until it settles)' },
  fee_undone: { ar: 'سقطت رسوم البوابة بإلغاء الخصم', en: 'No fee after all: the charge was cancelled' },
  refund: { ar: 'أُعيد إلى العميل', en: 'Returned to the customer' },
  refund_undone: { ar: 'تبيّن أن المبلغ لم يصل إلى العميل', en: 'The return turned out not to have arrived' },
  write_off: { ar: 'فرق أغلقه مشرف المنصة', en: 'A difference that the operator closed' },
} as const satisfies Record<LedgerKind, Text>

const refundReasons: Readonly<Record<string, Text>> = {
  cancelled_by_customer: {
    ar: 'ألغى العميل الحجز، والمبلغ بحسب سياسة الإلغاء.',
    en: 'The customer cancelled; the amount is by the cancellation policy.',
  },
  cancelled_by_business: { ar: 'ألغت المنشأة الحجز.', en: 'The business cancelled.' },
  by_business: { ar: 'أعادته المنشأة.', en: 'The business gave it back.' },
  by_operator: { ar: 'أعاده مشرف المنصة.', en: 'The platform’s operator gave it back.' },
  duplicate: { ar: 'دُفع الحجز مرتين.', en: 'The booking was paid twice.' },
  paid_twice: { ar: 'دُفعت الصفحة نفسها ببطاقة ثانية.', en: 'The same page was paid with a second card.' },
  booking_cancelled: { ar: 'وصل المبلغ بعد إلغاء الحجز.', en: 'The money arrived after the booking was cancelled.' },
  slot_gone: { ar: 'وصل المبلغ بعد أن أخذ غيره الوقت.', en: 'The money arrived after somebody else took the time.' },
  too_late: { ar: 'وصل المبلغ بعد بداية الموعد.', en: 'The money arrived after the appointment began.' },
}

export function refundReason(code: string): Text {
  return refundReasons[code] ?? { ar: 'سبب آخر.', en: 'Another reason.' }
}

const bookingSteps = {
  held: { ar: 'حُجز الوقت بانتظار الدفع', en: 'The time was held for payment' },
  confirmed: { ar: 'تأكد الحجز', en: 'The booking was confirmed' },
  completed: { ar: 'تم الموعد', en: 'The appointment took place' },
  no_show: { ar: 'سُجّل عدم الحضور', en: 'The customer was noted as not having come' },
  cancelled: { ar: 'أُلغي الحجز', en: 'The booking was cancelled' },
  expired: { ar: 'انتهت مهلة الدفع', en: 'The time to pay ran out' },
} as const satisfies Record<BookingStatus, Text>

const paymentSteps = {
  intent: { ar: 'أُعيدت محاولة الدفع', en: 'The payment was tried again' },
  redirected: { ar: 'فُتحت صفحة الدفع', en: 'The payment page was opened' },
  unknown: { ar: 'لم تُعرف نتيجة الدفع', en: 'The payment’s outcome was not known' },
  paid: { ar: 'وصل المبلغ', en: 'The money arrived' },
  failed: { ar: 'لم تتم عملية الدفع', en: 'The payment did not go through' },
  expired: { ar: 'انتهى وقت صفحة الدفع', en: 'The payment page ran out of time' },
  integrity_failure: { ar: 'أُوقفت العملية ليراجعها موظف', en: 'The payment was stopped for a person to look at' },
} as const satisfies Record<PaymentState, Text>

const refundSteps = {
  due: { ar: 'أُعيدت جدولة الإرجاع', en: 'The refund was planned again' },
  sent: { ar: 'أُرسل الإرجاع', en: 'The refund was sent' },
  unknown: { ar: 'لم تُعرف نتيجة الإرجاع', en: 'The refund’s outcome was not known' },
  refunded: { ar: 'أُعيد المبلغ', en: 'The money was returned' },
  failed: { ar: 'تعذّر الإرجاع', en: 'The refund did not work' },
} as const satisfies Record<RefundState, Text>

const prefixed = (prefix: string, words: Record<string, Text>) =>
  Object.entries(words).map(([name, text]): [string, Text] => [`${prefix}.${name}`, text])

const actions: ReadonlyMap<string, Text> = new Map([
  ...prefixed('booking', bookingSteps),
  ...prefixed('payment', paymentSteps),
  ...prefixed('refund', refundSteps),
  ['booking.rescheduled', { ar: 'تغيّر الموعد', en: 'The booking was moved' }],
  ['payment.refund_due', { ar: 'تقررت إعادة مبلغ', en: 'It was decided to return money' }],
  ['payment.paid_twice', { ar: 'دُفعت الصفحة ببطاقة ثانية', en: 'The page was paid with a second card' }],
])

export function actionWords(action: string): Text {
  return actions.get(action) ?? { ar: 'إجراء آخر', en: 'Another step' }
}

export const actorWords = {
  customer: { ar: 'العميل', en: 'The customer' },
  staff: { ar: 'المنشأة', en: 'The business' },
  operator: { ar: 'مشرف المنصة', en: 'The platform’s operator' },
  system: { ar: 'تلقائيًا', en: 'By itself' },
  gateway: { ar: 'بوابة الدفع', en: 'The payment gateway' },
} as const satisfies Record<AuditLine['actorKind'], Text>
