import { defineProblems } from '#foundation'

export const problems = defineProblems({
  payment_refused: { status: 502, title: { ar: 'رفضت بوابة الدفع بدء العملية. لم يُخصم منك شيء، وحجزك ما زال محفوظًا.', en: 'The payment gateway refused to start this payment. Nothing was charged and your time is still held.' } },
  payment_provider_unreachable: {
    status: 502,
    title: { ar: 'تعذّر الوصول إلى بوابة الدفع. لم يُخصم منك شيء؛ حاول مرة أخرى.', en: 'The payment gateway cannot be reached. Nothing was charged; try again.' },
    retryable: true,
  },
  payment_provider_misconfigured: { status: 503, title: { ar: 'الدفع متوقف الآن بسبب خلل لدينا، وقد أُبلغ به المسؤول. لم يُخصم منك شيء.', en: 'Payment is down because of a fault on our side and the operator was told. Nothing was charged.' } },
  payment_outcome_unknown: {
    status: 504,
    title: { ar: 'لم تصلنا إجابة بوابة الدفع بعد. نتحقق منها الآن؛ أعد المحاولة بأمان بعد لحظات.', en: 'The payment gateway has not answered yet. We are finding out; trying again in a moment is safe.' },
    retryable: true,
  },
  payment_under_review: { status: 502, title: { ar: 'أجابت بوابة الدفع بما لا يطابق طلبك، فأوقفنا العملية وسيراجعها المسؤول. حاول الدفع من جديد.', en: 'The payment gateway answered with something other than what you asked for, so we stopped and a person will look. Start the payment again.' } },
  webhook_not_trusted: { status: 401, title: { ar: 'لم يثبت أن هذا الإشعار من بوابة الدفع.', en: 'Nothing shows that this webhook comes from the payment gateway.' } },
  webhook_wrong_mode: { status: 422, title: { ar: 'هذا الإشعار من بيئة أخرى (تجريبية أو فعلية).', en: 'This webhook is from the other mode (test or live).' } },
})
