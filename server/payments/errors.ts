import { defineProblems } from '#foundation'

export const problems = defineProblems({
  payment_refused: {
    status: 502,
    title: {
      ar: 'رفضت بوابة الدفع بدء العملية. لم يُخصم منك شيء، وحجزك ما زال محفوظًا.',
      en: 'The payment gateway refused to start this payment. Nothing was charged and your time is still held.',
    },
  },
  payment_provider_unreachable: {
    status: 502,
    title: {
      ar: 'تعذّر الوصول إلى بوابة الدفع. لم يُخصم منك شيء؛ حاول مرة أخرى.',
      en: 'The payment gateway cannot be reached. Nothing was charged; try again.',
    },
    retryable: true,
  },
  payment_provider_misconfigured: {
    status: 503,
    title: {
      ar: 'الدفع متوقف الآن بسبب خلل لدينا، وقد أُبلغ به المسؤول. لم يُخصم منك شيء.',
      en: 'Payment is down because of a fault on our side and the operator was told. Nothing was charged.',
    },
  },
  payment_outcome_unknown: {
    status: 504,
    title: {
      ar: 'لم تصلنا إجابة بوابة الدفع بعد. نتحقق منها الآن؛ أعد المحاولة بأمان بعد لحظات.',
      en: 'The payment gateway has not answered yet. We are finding out; trying again in a moment is safe.',
    },
    retryable: true,
  },
  payment_under_review: {
    status: 502,
    title: {
      ar: 'أجابت بوابة الدفع بما لا يطابق طلبك، فأوقفنا العملية وسيراجعها المسؤول. حاول الدفع من جديد.',
      en: 'The payment gateway answered with something other than what you asked for, so we stopped and a person will look. Start the payment again.',
    },
  },
  gateway_not_answering: {
    status: 502,
    title: {
      ar: 'لم تُجب بوابة الدفع، فلم يتغيّر شيء. أعد المحاولة بعد قليل.',
      en: 'The payment gateway did not answer, so nothing was changed. Try again shortly.',
    },
    retryable: true,
  },
  nothing_to_refund: {
    status: 409,
    title: { ar: 'لم يبقَ من هذه الدفعة ما يمكن إعادته.', en: 'Nothing is left of this payment that could be given back.' },
  },
  refund_too_large: { status: 422, title: { ar: 'المبلغ أكبر مما بقي من المدفوع.', en: 'That is more than is left of what was paid.' } },
  reconciliation_running: {
    status: 409,
    title: { ar: 'المطابقة جارية الآن. انتظر حتى تنتهي.', en: 'The comparison with the gateway is running already. Wait until it ends.' },
    retryable: true,
  },
  difference_resolved: { status: 409, title: { ar: 'عولج هذا الفرق من قبل.', en: 'This difference has been dealt with already.' } },
  difference_act_unfit: {
    status: 409,
    title: { ar: 'لا يناسب هذا الإجراء هذا الفرق.', en: 'That cannot be done about this kind of difference.' },
  },
  booking_reference_needed: {
    status: 422,
    title: {
      ar: 'لا يذكر هذا المبلغ حجزًا. اكتب رقم الحجز الذي دُفع من أجله، أو أعد المبلغ.',
      en: 'This money names no booking. Write the reference of the booking it was paid for, or give it back.',
    },
  },
  booking_reference_unknown: { status: 422, title: { ar: 'لا يوجد حجز بهذا الرقم.', en: 'No booking has this reference.' } },
  adoption_amount_differs: {
    status: 422,
    title: {
      ar: 'المبلغ المدفوع لا يساوي المستحق على الحجز، فلا يُقبل عنه. أعده إلى صاحبه.',
      en: 'What was paid is not what the booking costs, so it cannot be taken for it. Give it back.',
    },
  },
  webhook_not_trusted: {
    status: 401,
    title: { ar: 'لم يثبت أن هذا الإشعار من بوابة الدفع.', en: 'Nothing shows that this webhook comes from the payment gateway.' },
  },
  webhook_wrong_mode: {
    status: 422,
    title: { ar: 'هذا الإشعار من بيئة أخرى (تجريبية أو فعلية).', en: 'This webhook is from the other mode (test or live).' },
  },
})
