import { asciiDigits } from './digits.ts'

/** An amount as a person writes it, in minor units: `50`, `50.25`, `٥٠٫٢٥`. Null when it cannot be one of this currency. */
export function readAmount(written: string, currency: string): number | null {
  const text = asciiDigits(written).trim().replace(/[٫,]/g, '.').replace(/\s/g, '')
  const places = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const found = /^(\d{1,10})(?:\.(\d+))?$/.exec(text)
  if (!found) return null
  const [, whole = '', part = ''] = found
  if (part.length > places) return null
  const minor = Number(whole) * 10 ** places + Number(part.padEnd(places, '0'))
  return minor > 0 ? minor : null
}
