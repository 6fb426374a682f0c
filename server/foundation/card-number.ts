import { toLatinDigits } from './digits.ts'

/** What people and forms put between digits; marks of direction, which nobody sees, are taken out before. */
const gap = '[ .\\-_/\\u00a0\\u2009\\u202f]'
const unseen = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
/** In one run, in fours, or as American Express groups them. */
const written = new RegExp(
  `(?<!\\d)(?:\\d{13,19}|\\d{4}(?:${gap}\\d{4}){2,3}(?:${gap}\\d{1,4})?|\\d{4}${gap}\\d{6}${gap}\\d{4,5})(?!\\d)`,
  'g',
)

/** Whether a text holds what can only be a payment card's number: 13 to 19 digits, an issuer's first digit, a right check digit. */
export function holdsCardNumber(text: string): boolean {
  const plain = toLatinDigits(text.normalize('NFKC')).replace(unseen, '')
  return Array.from(plain.matchAll(written)).some(([found]) => {
    const groups = found.split(/\D/)
    // What follows after a gap may be a date and no part of the number.
    return groups.some((_, index) => isCardNumber(groups.slice(0, index + 1).join('')))
  })
}

function isCardNumber(digits: string): boolean {
  return /^[2-6]\d{12,18}$/.test(digits) && isLuhn(digits)
}

/** The check digit of ISO/IEC 7812. */
function isLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const worth = Number(digit) * (index % 2 === 0 ? 1 : 2)
      return total + (worth > 9 ? worth - 9 : worth)
    }, 0)
  return sum % 10 === 0
}
