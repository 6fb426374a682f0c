import type { CardSource } from './objects.ts'

/**
 * What a card number does. `when` says if the answer comes at once or after the 3-D Secure page; a `code` of null never
 * reached the bank.
 */
export type TestCard = {
  number: string
  company: CardSource['company']
  result: 'paid' | 'failed' | 'attempted'
  code: string | null
  message: string
  when: 'at once' | 'after challenge'
}

const outcomes: [code: string, message: string, mada: string, visa: string, master: string, amex: string][] = [
  ['00', 'APPROVED', '4201320111111010', '4111111111111111', '5421080101000000', '340000000900000'],
  ['99', 'UNSPECIFIED FAILURE', '4201320000013020', '4123120000000000', '5105105105105100', '371111111111114'],
  ['51', 'INSUFFICIENT FUNDS', '4201320000311101', '4123120001090000', '5457210001000092', '340033000000000'],
  ['41', 'DECLINED: LOST CARD', '4201320131000508', '4123450131000508', '5204010101000000', '340012340501000'],
  ['05', 'DECLINED', '4201321234411220', '4123120001090109', '5204730000002514', '340033000000133'],
  ['54', 'DECLINED: EXPIRED CARD', '4201322267774310', '4123128518640738', '5105107550274126', '340000018441278'],
  ['61', 'EXCEEDS WITHDRAWAL LIMIT', '4201326324640570', '4123123033308648', '5105106475101067', '340000753060788'],
  ['43', 'STOLEN CARD', '4201321144311528', '4123125276780003', '5105107304607225', '340000418501838'],
]

const secureCases: [number: string, result: TestCard['result'], message: string, when: TestCard['when']][] = [
  ['4111114005765430', 'paid', 'APPROVED', 'at once'],
  ['4111118250252531', 'attempted', '3DS authentication attempted but not available', 'after challenge'],
  ['4111113343111067', 'failed', '3DS service error occurred.', 'at once'],
  ['4111116611600661', 'failed', '3DS card not enrolled', 'at once'],
  ['4111112205628150', 'failed', '3DS service error occurred.', 'after challenge'],
  ['4111115784228433', 'failed', '3DS authentication rejected by the issuer', 'after challenge'],
  ['4111115620358287', 'failed', '3DS authentication unavailable', 'after challenge'],
]

export const TEST_CARDS: TestCard[] = [
  ...outcomes.flatMap(([code, message, ...numbers]) =>
    (['mada', 'visa', 'master', 'amex'] as const).map((company, index): TestCard => ({
      number: numbers[index] ?? '',
      company,
      result: code === '00' ? 'paid' : 'failed',
      code,
      message,
      when: 'after challenge',
    })),
  ),
  ...secureCases.map(([number, result, message, when]): TestCard => ({
    number,
    company: 'visa',
    result,
    code: result === 'paid' ? '00' : null,
    message,
    when,
  })),
  { number: '6200000000000005', company: 'unionpay', result: 'paid', code: '00', message: 'APPROVED', when: 'after challenge' },
]

export const PAID_VISA = '4111111111111111'

export function findCard(number: string, unlisted: 'fails' | 'pays'): TestCard {
  const known = TEST_CARDS.find((card) => card.number === number)
  if (known !== undefined) return known
  const company = brand(number)
  return unlisted === 'pays'
    ? { number, company, result: 'paid', code: '00', message: 'APPROVED', when: 'after challenge' }
    : { number, company, result: 'failed', code: '99', message: 'UNSPECIFIED FAILURE', when: 'after challenge' }
}

function brand(number: string): CardSource['company'] {
  if (/^3[47]/.test(number)) return 'amex'
  if (number.startsWith('62')) return 'unionpay'
  if (number.startsWith('420132')) return 'mada'
  return number.startsWith('4') ? 'visa' : 'master'
}

/** First six and last four, as the API shows a number today. */
export function maskedNumber(number: string): string {
  return `${number.slice(0, 4)}-${number.slice(4, 6)}XX-XXXX-${number.slice(-4)}`
}
