import type { Text } from '#foundation'

const plurals = { ar: new Intl.PluralRules('ar'), en: new Intl.PluralRules('en') }

/** «ساعتين», «3 ساعات», «12 ساعة»: after a preposition, where hours are spoken of here. */
export function hours(count: number): Text {
  const ar = { zero: 'ساعة', one: 'ساعة', two: 'ساعتين', few: `${count} ساعات`, many: `${count} ساعة`, other: `${count} ساعة` }
  return { ar: ar[plurals.ar.select(count)], en: plurals.en.select(count) === 'one' ? `${count} hour` : `${count} hours` }
}

export function times(count: number): Text {
  const ar = { zero: 'أي مرة', one: 'مرة واحدة', two: 'مرتين', few: `${count} مرات`, many: `${count} مرة`, other: `${count} مرة` }
  return { ar: ar[plurals.ar.select(count)], en: count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times` }
}
