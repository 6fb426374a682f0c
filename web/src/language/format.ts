import type { Money, Text } from '@thabit/sdk'
import { ar } from './ar.ts'
import { en } from './en.ts'

export type Language = 'ar' | 'en'

/** Calendar and digits are named, never left to the device. Latin digits, as Saudi cards, references and telephones show them. */
const gregorian = { ar: 'ar-SA-u-ca-gregory-nu-latn', en: 'en-GB-u-ca-gregory-nu-latn' }
const hijri = { ar: 'ar-SA-u-ca-islamic-umalqura-nu-latn', en: 'en-GB-u-ca-islamic-umalqura-nu-latn' }

const cities: Record<string, Text> = {
  'Asia/Riyadh': { ar: 'الرياض', en: 'Riyadh' },
  'Asia/Dubai': { ar: 'دبي', en: 'Dubai' },
  'Asia/Kuwait': { ar: 'الكويت', en: 'Kuwait' },
  'Asia/Bahrain': { ar: 'المنامة', en: 'Manama' },
  'Asia/Qatar': { ar: 'الدوحة', en: 'Doha' },
  'Asia/Muscat': { ar: 'مسقط', en: 'Muscat' },
}

export type Format = ReturnType<typeof formatFor>

/** Everything of a language that turns data into words: dates (`YYYY-MM-DD`, business-local), times in a named zone, money, lengths. */
export function formatFor(language: Language) {
  const words = language === 'ar' ? ar : en
  const made = new Map<string, Intl.DateTimeFormat>()
  const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions) => {
    const key = locale + JSON.stringify(options)
    const format = made.get(key) ?? new Intl.DateTimeFormat(locale, options)
    made.set(key, format)
    return format
  }
  // A business-local date has no instant: it is written as noon UTC and read back in UTC, so no device zone can move it.
  const ofDate = (locale: string, options: Intl.DateTimeFormatOptions) => (date: string) =>
    dateFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(`${date}T12:00:00Z`))

  return {
    text: (text: Text) => text[language] || text.ar,
    city: (zone: string) => cities[zone]?.[language] ?? (zone.split('/').at(-1) ?? zone).replaceAll('_', ' '),
    time: (instant: string, zone: string) =>
      dateFormat(gregorian[language], { hour: 'numeric', minute: '2-digit', hourCycle: 'h12', timeZone: zone }).format(new Date(instant)),
    day: ofDate(gregorian[language], { weekday: 'long', day: 'numeric', month: 'long' }),
    weekday: ofDate(gregorian[language], { weekday: 'long' }),
    shortWeekday: ofDate(gregorian[language], { weekday: 'short' }),
    dayNumber: ofDate(gregorian[language], { day: 'numeric' }),
    month: ofDate(gregorian[language], { month: 'long' }),
    monthYear: ofDate(gregorian[language], { month: 'long', year: 'numeric' }),
    hijriDay: ofDate(hijri[language], { day: 'numeric' }),
    hijri: ofDate(hijri[language], { day: 'numeric', month: 'long', year: 'numeric' }),
    stamp: (instant: string, zone: string) =>
      dateFormat(gregorian[language], { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone })
        .format(new Date(instant))
        // The half of the day stays with its hour.
        .replace(/\s(\S+)$/, '\u00a0$1'),
    money: ({ amountMinor, currency }: Money) => {
      const locale = language === 'ar' ? 'ar-SA-u-nu-latn' : 'en-SA-u-nu-latn'
      const options = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const
      // Intl knows how many decimals a currency has: two for SAR, three for KWD, BHD and OMR.
      const decimals = new Intl.NumberFormat(locale, options).resolvedOptions().maximumFractionDigits ?? 2
      return new Intl.NumberFormat(locale, options).format(amountMinor / 10 ** decimals)
    },
    length: (minutes: number) => {
      const hours = Math.floor(minutes / 60)
      const rest = minutes % 60
      if (hours === 0) return words.minutes(rest)
      return rest === 0 ? words.hours(hours) : `${words.hours(hours)}${words.and}${words.minutes(rest)}`
    },
  }
}
