import type { CardSource } from './objects.ts'
import type { MoyasarSwitches } from './switches.ts'

/** The gateway's own table, which is not ISO 4217 everywhere (PKR, NOK, SEK, CZK, TWD, HUF … have none here). */
const DIGITS: Record<string, number> = {
  KWD: 3,
  BHD: 3,
  OMR: 3,
  JOD: 3,
  TND: 3,
  LYD: 3,
  CLF: 4,
  JPY: 0,
  KRW: 0,
  VND: 0,
  CLP: 0,
  PKR: 0,
  NOK: 0,
  SEK: 0,
  CZK: 0,
  TWD: 0,
  HUF: 0,
  IDR: 0,
  MUR: 0,
  RSD: 0,
}

export function fractionDigits(currency: string): number {
  return DIGITS[currency] ?? 2
}

/** `49.90 SAR`, as the API writes amounts for people. */
export function amountFormat(amountMinor: number, currency: string): string {
  const digits = fractionDigits(currency)
  return `${(amountMinor / 10 ** digits).toFixed(digits)} ${currency}`
}

/** The gateway's estimate of its fee in minor units, VAT included, rounded up. */
export function feeMinor(amountMinor: number, company: CardSource['company'], { values }: MoyasarSwitches): number {
  const basisPoints = company === 'mada' ? values.madaFeeBasisPoints : values.cardFeeBasisPoints
  return Math.ceil(((amountMinor * basisPoints + values.fixedFeeMinor * 10_000) * (100 + values.vatPercent)) / 1_000_000)
}
