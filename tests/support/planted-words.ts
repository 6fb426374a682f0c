import { toLatinDigits } from '../../server/foundation/index.ts'

/** What was planted in a run, by its name, and how it is recognised in whichever spelling. */
export interface PlantedWord {
  name: string
  pattern: RegExp
}

/** A phone in every spelling: its last nine digits, whatever stands between them, in any digits. */
export function plantedPhone(e164: string): PlantedWord {
  const digits = e164.slice(-9).split('').join('(?:[\\s().-]|%20){0,2}')
  return { name: 'phone', pattern: new RegExp(digits) }
}

/** A code by itself: not the inside of an id, of a time or of a longer number. */
export function plantedCode(code: string): PlantedWord {
  return { name: 'code', pattern: new RegExp(`(?<![\\w.-])${code}(?![\\w-])`) }
}

export function plantedText(name: string, text: string): PlantedWord {
  return { name, pattern: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i') }
}

/** Every card number that passes the check digit, and not only ours; the test cards of the vendor are played, and planted too. */
export const anyCard: PlantedWord = { name: 'card', pattern: /(?<![\w.-])4111(?:[ -]?1111){3}(?![\w-])/ }

/** The names of what is found in a text. */
export function found(words: readonly PlantedWord[], text: string): string[] {
  const spellings = [toLatinDigits(text), toLatinDigits(decoded(text))]
  return [...new Set(words.filter(({ pattern }) => spellings.some((spelling) => pattern.test(spelling))).map(({ name }) => name))]
}

function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })
}
