import { defineProblems } from '#foundation'

export const problems = defineProblems({
  phone_invalid: {
    status: 422,
    title: { ar: 'هذا ليس رقم جوال صحيحًا. اكتبه مثل 0551234567.', en: 'This is not a mobile number. Write it like 0551234567.' },
  },
  phone_country_not_allowed: {
    status: 422,
    title: { ar: 'لا نرسل الرموز إلى أرقام هذه الدولة.', en: 'We do not send codes to numbers of this country.' },
  },
  code_too_soon: {
    status: 429,
    title: {
      ar: 'أرسلنا رمزًا إلى هذا الرقم قبل قليل. انتظر قليلًا ثم اطلب رمزًا جديدًا.',
      en: 'A code was sent to this number a moment ago. Wait a little, then ask for a new one.',
    },
    retryable: true,
  },
  code_limit_reached: {
    status: 429,
    title: { ar: 'بلغت الحد المسموح من الرموز أو المحاولات. حاول لاحقًا.', en: 'The limit of codes or tries is reached. Try again later.' },
    retryable: true,
  },
  code_proof_required: {
    status: 429,
    title: {
      ar: 'نتحقق من أن الطلب من متصفح حقيقي. انتظر لحظات ثم أعد المحاولة.',
      en: 'We are checking that a real browser asks. Wait a moment, then try again.',
    },
  },
  code_sending_paused: {
    status: 503,
    title: { ar: 'إرسال الرموز متوقف مؤقتًا. حاول بعد قليل.', en: 'Sending codes is paused for now. Try again shortly.' },
    retryable: true,
  },
  code_refused: {
    status: 422,
    title: {
      ar: 'لا يمكن إرسال رسالة إلى هذا الرقم. تأكد منه أو استخدم رقمًا آخر.',
      en: 'No message can be sent to this number. Check it, or use another.',
    },
  },
  code_provider_refused: {
    status: 502,
    title: {
      ar: 'رفض مزوّد الرسائل إرسال الرمز، ولم يُرسل شيء. حاول بعد قليل.',
      en: 'The message provider refused to send the code. Nothing was sent; try again shortly.',
    },
    retryable: true,
  },
  code_provider_unreachable: {
    status: 502,
    title: {
      ar: 'تعذّر الوصول إلى مزوّد الرسائل، ولم يُرسل شيء. حاول من جديد.',
      en: 'The message provider cannot be reached. Nothing was sent; try again.',
    },
    retryable: true,
  },
  code_delivery_unknown: {
    status: 504,
    title: {
      ar: 'لم يؤكد مزوّد الرسائل إرسال الرمز. إن وصلك فهو صالح، وإلا فاطلب رمزًا جديدًا.',
      en: 'The message provider did not confirm. If the code arrives it is valid; if not, ask for a new one.',
    },
    retryable: true,
  },
  code_invalid: { status: 401, title: { ar: 'الرمز غير صحيح أو انتهت صلاحيته.', en: 'The code is wrong or no longer valid.' } },
  session_ended: { status: 401, title: { ar: 'انتهت جلستك. سجّل الدخول من جديد.', en: 'Your session has ended. Sign in again.' } },
  cross_site_refused: {
    status: 403,
    title: { ar: 'لا يُقبل هذا الطلب إلا من موقعنا نفسه.', en: 'This request is only taken from our own site.' },
  },
})
