import type { Locale } from '#foundation'

/**
 * The text that carries a code: one SMS part in either language (70 UTF-16 units in Arabic). Digits are Latin in Arabic
 * too, since phones look for those to fill a code in. With a host the last line is the one that lets a browser fill the
 * code in on that host alone (WICG sms-one-time-codes); some Saudi filters stop texts with a host, so it is a setting.
 */
export function codeMessage(code: string, locale: Locale, webOtpHost?: string): string {
  const sentence = {
    ar: `رمز الدخول إلى ثابت: ${code}\nلا تشاركه مع أحد.`,
    en: `Thabit sign-in code: ${code}\nDo not share it with anyone.`,
  }[locale]
  return webOtpHost === undefined ? sentence : `${sentence}\n@${webOtpHost} #${code}`
}
