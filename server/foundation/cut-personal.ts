import { toLatinDigits } from './digits.ts'

const cut = '…'
/** What stands around a number that is one: not the inside of a word, of an id or of a longer number. */
const alone = { before: '(?:(?<=%[0-9A-F]{2})|(?<![\\p{L}\\p{N}_.-]))', after: '(?![\\p{L}\\p{N}_]|[.-][\\p{L}\\p{N}])' }

const patterns: readonly RegExp[] = [
  // E-mail addresses, also as they stand in a query.
  /[\p{L}\p{N}._%+-]+(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  // Keys and tokens by their known shapes.
  /\b(?:sk|pk)_(?:live|test)_\w+/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  // Phones and card numbers: eight digits and more, with whatever people write between them.
  /(?:%2B|\+)\d(?:(?:[\s().-]|%20){0,2}\d){6,}/giu,
  new RegExp(`${alone.before}\\(?\\d(?:(?:[ ().-]|%20){0,2}\\d){7,}${alone.after}`, 'giu'),
  // A number of six digits by itself may be a code.
  new RegExp(`${alone.before}\\d{6}${alone.after}`, 'giu'),
]

/**
 * Text of others with what may be personal taken out: phone and card numbers in any digits, e-mail addresses, keys, tokens
 * and six-digit codes. Meant for the words a vendor or an error gives us; our own ids and times pass.
 */
export function cutPersonal(text: string): string {
  const spared: string[] = []
  // Ids, instants and addresses of machines are made of digits too; they are set aside while the rest is cut.
  const marked = toLatinDigits(text).replace(
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])/gi,
    (found) => `\ue000${spared.push(found) - 1}\ue001`,
  )
  const clean = patterns.reduce((words, pattern) => words.replace(pattern, cut), marked)
  return clean.replace(/\ue000(\d+)\ue001/gu, (_, place: string) => spared[Number(place)] ?? '')
}
