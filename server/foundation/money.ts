/** Minor units per currency as Moyasar counts them (docs.moyasar.com, payments): three decimals in Kuwait, Bahrain and Oman. */
const decimals = { SAR: 2, AED: 2, QAR: 2, KWD: 3, BHD: 3, OMR: 3 } as const

export type Currency = keyof typeof decimals
export const currencies = Object.keys(decimals) as Currency[]

/** An amount in the currency's smallest unit (halalas for SAR): always a whole number. */
export interface Money {
  readonly amountMinor: number
  readonly currency: Currency
}

export function money(amountMinor: number, currency: Currency): Money {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`An amount is a whole number of minor units, not ${amountMinor}.`)
  return { amountMinor, currency }
}

export function sameMoney(a: Money, b: Money): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency
}

/** `percent` (0 to 100, whole) of an amount, rounded down so that parts never exceed the whole. */
export function percentOf(amount: Money, percent: number): Money {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100)
    throw new RangeError(`A percentage is a whole number from 0 to 100, not ${percent}.`)
  return money(Math.floor((amount.amountMinor * percent) / 100), amount.currency)
}

/** `15000 SAR` as `150.00`: for logs and vendors; people see Intl. */
export function toDecimalString({ amountMinor, currency }: Money): string {
  const places = decimals[currency]
  const digits = String(Math.abs(amountMinor)).padStart(places + 1, '0')
  return `${amountMinor < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** An amount as a person reads it in a message: Latin digits, the currency's own name. */
export function formatMoney({ amountMinor, currency }: Money, locale: 'ar' | 'en'): string {
  const places = decimals[currency]
  return new Intl.NumberFormat(locale === 'ar' ? 'ar-SA-u-nu-latn' : 'en-SA-u-nu-latn', {
    style: 'currency',
    currency,
    currencyDisplay: locale === 'ar' ? 'name' : 'code',
    minimumFractionDigits: amountMinor % 10 ** places === 0 ? 0 : places,
    maximumFractionDigits: places,
  }).format(amountMinor / 10 ** places)
}
