import { defineProblems } from '#foundation'

export const problems = defineProblems({
  slot_taken: {
    status: 409,
    title: { ar: 'سبقك أحدهم إلى هذا الوقت. اختر وقتًا آخر.', en: 'Someone took this time just before you. Choose another.' },
  },
  slot_not_offered: { status: 422, title: { ar: 'هذا الوقت غير متاح للحجز.', en: 'This time is not offered.' } },
  too_many_holds: {
    status: 429,
    title: {
      ar: 'لديك حجوزات كثيرة تنتظر الدفع. ادفع أحدها أو ألغه أولًا.',
      en: 'You have many bookings waiting for payment. Pay or cancel one first.',
    },
  },
  booking_not_payable: { status: 409, title: { ar: 'لا يمكن الدفع لهذا الحجز الآن.', en: 'This booking cannot be paid now.' } },
  booking_not_reschedulable: { status: 409, title: { ar: 'لا يمكن تغيير موعد هذا الحجز.', en: 'This booking cannot be moved.' } },
  no_show_not_possible: {
    status: 409,
    title: {
      ar: 'يُسجَّل عدم الحضور بعد بداية الموعد وحتى يوم من نهايته.',
      en: 'A no-show is noted after the start and until a day after the end.',
    },
  },
  booking_not_waiting: {
    status: 409,
    title: { ar: 'لا ينتظر هذا الحجز موافقة.', en: 'This booking does not wait for a yes.' },
  },
  visit_not_over: {
    status: 409,
    title: { ar: 'تُرسل الدعوة بعد انتهاء الزيارة.', en: 'An invitation is for after the visit.' },
  },
  customer_not_agreed: {
    status: 409,
    title: { ar: 'لم يوافق العميل على استلام الرسائل الترويجية.', en: 'The customer has not agreed to promotional messages.' },
  },
  booking_not_refundable: {
    status: 409,
    title: { ar: 'لا يوجد مبلغ مدفوع لهذا الحجز يمكن إعادته.', en: 'There is nothing paid for this booking that could be returned.' },
  },
  booking_not_cancellable: { status: 409, title: { ar: 'لا يمكن إلغاء هذا الحجز.', en: 'This booking cannot be cancelled.' } },
})
