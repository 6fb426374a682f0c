import { defineProblems } from '#foundation'

export const problems = defineProblems({
  invalid_request: { status: 400, title: { ar: 'في الطلب قيمة غير صحيحة أو ناقصة.', en: 'The request has a wrong or missing value.' } },
  card_number_not_taken: {
    status: 422,
    title: {
      ar: 'لا ترسل رقم بطاقتك إلينا؛ لم نحفظه. اكتبه في صفحة بوابة الدفع وحدها.',
      en: 'Do not send us a card number; we kept none of it. It belongs on the payment gateway’s own page alone.',
    },
  },
  idempotency_key_missing: {
    status: 400,
    title: { ar: 'يلزم هذا الطلبَ ترويسةُ Idempotency-Key.', en: 'This request needs an Idempotency-Key header.' },
  },
  idempotency_key_in_use: {
    status: 409,
    title: { ar: 'الطلب نفسه قيد التنفيذ الآن.', en: 'The same request is being worked on now.' },
    retryable: true,
  },
  idempotency_key_reused: {
    status: 422,
    title: { ar: 'استُخدم هذا المفتاح من قبل لطلب مختلف.', en: 'This key was used before for a different request.' },
  },
  unauthenticated: { status: 401, title: { ar: 'يلزم تسجيل الدخول.', en: 'You need to sign in.' } },
  forbidden: { status: 403, title: { ar: 'ليس لحسابك صلاحية لهذا.', en: 'Your account may not do this.' } },
  not_found: { status: 404, title: { ar: 'لم نجد ما طلبته.', en: 'There is no such thing here.' } },
  method_not_allowed: { status: 405, title: { ar: 'هذه الطريقة غير متاحة لهذا العنوان.', en: 'This address does not take that method.' } },
  request_timeout: {
    status: 408,
    title: { ar: 'لم يصل الطلب كاملًا في الوقت المتاح.', en: 'The whole request did not arrive in time.' },
    retryable: true,
  },
  payload_too_large: { status: 413, title: { ar: 'حجم الطلب أكبر من المسموح.', en: 'The request is larger than allowed.' } },
  unsupported_media_type: {
    status: 415,
    title: { ar: 'نوع المحتوى غير مدعوم؛ أرسل JSON.', en: 'That content type is not taken; send JSON.' },
  },
  too_many_requests: {
    status: 429,
    title: { ar: 'طلبات كثيرة في وقت قصير. حاول بعد قليل.', en: 'Too many requests in a short time. Try again shortly.' },
    retryable: true,
  },
  headers_too_large: {
    status: 431,
    title: { ar: 'ترويسات الطلب أكبر من المسموح.', en: 'The headers of the request are larger than allowed.' },
  },
  internal: {
    status: 500,
    title: { ar: 'حدث خطأ لدينا. لم يضع شيء مما حُفظ.', en: 'Something failed on our side. Nothing saved was lost.' },
  },
  busy: {
    status: 503,
    title: { ar: 'الخدمة مشغولة الآن. حاول بعد لحظات.', en: 'The service is busy. Try again in a moment.' },
    retryable: true,
  },
})
