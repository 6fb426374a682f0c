export const locales = ['ar', 'en'] as const
export type Locale = (typeof locales)[number]

/** One sentence or name in both languages of the house. */
export interface Text {
  readonly ar: string
  readonly en: string
}

/** The first language of an `Accept-Language` header that we speak, by its q-values; Arabic when none. */
export function negotiateLocale(acceptLanguage: string | undefined): Locale {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const q = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined)
      return { language: tag.split('-')[0], quality: q === undefined ? 1 : Number(q) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { language } of wanted) {
    const known = locales.find((locale) => locale === language)
    if (known) return known
  }
  return 'ar'
}
