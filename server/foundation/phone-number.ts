import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/mobile'
import { toLatinDigits } from './digits.ts'

/** A mobile number people can be reached at, in E.164. */
export interface PhoneNumber {
  readonly e164: string
  readonly country: CountryCode
}

/**
 * Every way a person writes one number leads to one number: `0551234567`, `551234567`, `+966 55 123 4567`,
 * `00966551234567`, `966551234567`, `+9660551234567`, `٠٥٥١٢٣٤٥٦٧`. Null when it is no mobile number.
 */
export function parsePhoneNumber(written: string, home: CountryCode = 'SA'): PhoneNumber | null {
  const digits = toLatinDigits(written)
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^00/, '+')
    .replace(/^(\+?966)0(?=5)/, '$1')
  if (digits.length > 32 || !/^\+?[\d\s().-]+$/.test(digits)) return null
  const candidates = digits.startsWith('+') ? [digits] : [digits, `+${digits.replace(/\D/g, '')}`]
  for (const candidate of candidates) {
    const parsed = parsePhoneNumberFromString(candidate, home)
    if (parsed?.isValid() && parsed.country) return { e164: parsed.number, country: parsed.country }
  }
  return null
}

/** `+966551234567` as `+9665••••4567`: enough for a person to recognise, too little to call. */
export function maskPhoneNumber(e164: string): string {
  return `${e164.slice(0, 5)}••••${e164.slice(-4)}`
}
