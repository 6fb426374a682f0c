import { above, all, type AlertRule, below, hours, minutes } from './rule.ts'

const requested = { metric: 'otp_requested_total' }

/** Codes: whether they go out, and whether somebody wants them for what they are. */
export const signInRules = {
  codes_failing: {
    severity: 'page',
    forSeconds: 0,
    when: all(
      above({ share: { metric: 'otp_failed_total' }, of: requested, overSeconds: minutes(15) }, 0.072),
      above({ increase: requested, overSeconds: minutes(15) }, 19),
    ),
    summary: { ar: 'رموز الدخول لا تُرسل', en: 'Sign-in codes are not sent' },
    runbook:
      'Nobody can sign in. Change OTP_PROVIDER to another vendor and restart; the labels of external_call_duration_seconds say how it fails.',
  },
  codes_failing_few: {
    severity: 'ticket',
    forSeconds: 0,
    when: above({ increase: { metric: 'otp_failed_total' }, overSeconds: hours(1) }, 2),
    summary: { ar: 'بعض رموز الدخول لم تُرسل', en: 'Some sign-in codes were not sent' },
    runbook: 'Too few to page at this volume. Look at the log lines with event code and the vendor’s code in them.',
  },
  codes_stopped: {
    severity: 'page',
    forSeconds: 0,
    when: above({ increase: { metric: 'otp_blocked_total', labels: { reason: ['spend', 'total'] } }, overSeconds: minutes(15) }, 0),
    summary: { ar: 'أُوقف إرسال رموز الدخول: بلغ الحد أو الميزانية', en: 'Sign-in codes have stopped: a cap is reached' },
    runbook:
      'Is it pumping (otp_sent_total by country, few verified) or success? Raise CODE_SPEND_CAP_PER_DAY or CODE_LIMIT_TOTAL_PER_HOUR only for the latter.',
    business: {
      ar: 'دخول العملاء برمز متوقف مؤقتاً. المشغّل على علم ويتابع.',
      en: 'Customers cannot sign in with a code at the moment. The operator knows and is on it.',
    },
  },
  codes_prefix_stopped: {
    severity: 'ticket',
    forSeconds: 0,
    when: above({ increase: { metric: 'otp_blocked_total', labels: { reason: 'prefix' } }, overSeconds: minutes(15) }, 0),
    summary: { ar: 'أُوقف إرسال الرموز إلى نطاق أرقام', en: 'Codes to one range of numbers have stopped' },
    runbook: 'Codes there are sent and not typed in. Nothing to do if it is pumping; it opens again by itself.',
  },
  codes_pumped: {
    severity: 'page',
    forSeconds: 0,
    when: all(
      below({ least: { metric: 'otp_conversion_ratio' } }, 0.2),
      above({ increase: { metric: 'otp_sent_total' }, overSeconds: minutes(15) }, 50),
    ),
    summary: { ar: 'رموز تُطلب ولا يُدخلها أحد: احتمال استنزاف رسائل', en: 'Codes are asked for and never typed in: somebody may be pumping' },
    runbook: 'otp_sent_total by country and bucket says where. Take the country out of CODE_COUNTRIES or lower CODE_LIMIT_TOTAL_PER_HOUR.',
  },
} as const satisfies Record<string, AlertRule>
