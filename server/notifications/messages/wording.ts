import type { Locale, Text } from '#foundation'

/** What every message about a booking says. Travels as JSON, so the instant is ISO text. */
export interface BookingWords {
  reference: string
  businessName: Text
  serviceName: Text
  startsAt: string
  /** IANA zone of the branch: it decides which day and hour are said. */
  zone: string
  /** Kept for channels with room for it; an SMS would pay a part for it. */
  address?: Text
}

/** Who made a change. */
export type Side = 'customer' | 'business'

/** A name longer than this is cut, so that no name makes a message long. In 16-bit units. */
const longestName = 34
/** The one sign would take an English text out of the GSM alphabet. */
const cutSign: Record<Locale, string> = { ar: '…', en: '...' }

export function nameIn(locale: Locale, name: Text): string {
  const plain = plainly(name[locale])
  if (plain.length <= longestName) return plain
  let kept = ''
  for (const { segment } of new Intl.Segmenter(locale, { granularity: 'grapheme' }).segment(plain)) {
    if (kept.length + segment.length > longestName - cutSign[locale].length) break
    kept += segment
  }
  return kept.trimEnd() + cutSign[locale]
}

const styles: Record<Locale, string> = { ar: 'ar-SA-u-ca-gregory-nu-latn', en: 'en-GB-u-ca-gregory-nu-latn' }

/** Weekday, day, month and hour as they are at the business, in the Gregorian calendar and Latin digits. */
export function momentIn(locale: Locale, { startsAt, zone }: Pick<BookingWords, 'startsAt' | 'zone'>): string {
  const instant = Temporal.Instant.from(startsAt)
  const day = new Intl.DateTimeFormat(styles[locale], { timeZone: zone, weekday: 'long', day: 'numeric', month: 'long' }).format(
    instant.epochMilliseconds,
  )
  const hour = hourIn(locale, { startsAt, zone })
  return plainly(locale === 'ar' ? `${day.replace('،', '')} الساعة ${hour}` : `${day} at ${hour}`)
}

/** The hour alone, as it is at the business. */
export function hourIn(locale: Locale, { startsAt, zone }: Pick<BookingWords, 'startsAt' | 'zone'>): string {
  return plainly(
    new Intl.DateTimeFormat(styles[locale], { timeZone: zone, hour: 'numeric', minute: '2-digit', hour12: true }).format(
      Temporal.Instant.from(startsAt).epochMilliseconds,
    ),
  )
}

/** Invisible signs and typographic quotes cost parts or confuse phones; people read the same words without them. */
export function plainly(text: string): string {
  return text
    .replace(/[\u00a0\u202f\u2007\u2009]/g, ' ')
    .replace(/[\u200e\u200f\u061c\u2066-\u2069]/g, '')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
}
