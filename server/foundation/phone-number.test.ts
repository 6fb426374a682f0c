import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { maskPhoneNumber, parsePhoneNumber } from './phone-number.ts'

/** Any UTF-16 unit, halves of surrogate pairs included. */
const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit))

const e164Of = (written: string, home?: 'AE') => parsePhoneNumber(written, home)?.e164

/** The number without its country, as Saudi mobiles are: 5, a network, seven digits. */
const saudiMobile = fc
  .tuple(fc.constantFrom('50', '53', '54', '55', '56', '58', '59'), fc.stringMatching(/^\d{7}$/))
  .map(([network, rest]) => `${network}${rest}`)
const beginnings = ['0', '', '+966', '00966', '966', '+9660', '009660', '9660', '+966 ', '00 966 ', '+966-0']
const digitSets = ['0123456789', '٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹']
const marks = ['', '\u200e', '\u200f', '\u202a', '\u202c', '\u2066', '\u2069', '\u200b', '\ufeff', '\u061c']

const spelling = fc.record({
  beginning: fc.constantFrom(...beginnings),
  digits: fc.constantFrom(...digitSets),
  spaced: fc.boolean(),
  before: fc.constantFrom(...marks),
  after: fc.constantFrom(...marks, ' ', '\t'),
})

test('every way a person writes one number leads to one number', () => {
  fc.assert(
    fc.property(saudiMobile, spelling, (national, { beginning, digits, spaced, before, after }) => {
      const grouped = spaced ? `${national.slice(0, 2)} ${national.slice(2, 5)}-${national.slice(5)}` : national
      const written = before + `${beginning}${grouped}`.replace(/\d/g, (digit) => digits[Number(digit)]!) + after
      assert.equal(e164Of(written), `+966${national}`, written)
    }),
    { numRuns: 500 },
  )
})

test('the spellings people really use are one number', () => {
  const written = [
    '0551234567',
    '551234567',
    '+966551234567',
    '00966 55 123 4567',
    '966551234567',
    '+9660551234567',
    '٠٥٥١٢٣٤٥٦٧',
    '۰۵۵۱۲۳۴۵۶۷',
    '٠٠٩٦٦٥٥١٢٣٤٥٦٧',
    '+٩٦٦ ٥٥ ١٢٣ ٤٥٦٧',
    '(055) 123-4567',
    '055.123.4567',
    '\u202a+966 55 123 4567\u202c',
    ' 0551234567\u200f',
    '055\u00a0123\u00a04567',
  ]
  for (const spelling of written) assert.equal(e164Of(spelling), '+966551234567', spelling)
})

test('a number read once reads as itself', () => {
  fc.assert(
    fc.property(saudiMobile, (national) => {
      const once = e164Of(`0${national}`)!
      assert.equal(e164Of(once), once)
      assert.equal(e164Of(once.slice(1)), once)
    }),
  )
})

test('numbers of the neighbours keep their country', () => {
  const known: [string, string][] = [
    ['+971501234567', 'AE'],
    ['00971 50 123 4567', 'AE'],
    ['+96550012345', 'KW'],
    ['+97336001234', 'BH'],
    ['+97433123456', 'QA'],
    ['+96892123456', 'OM'],
    ['+٩٧١٥٠١٢٣٤٥٦٧', 'AE'],
  ]
  for (const [written, country] of known) assert.equal(parsePhoneNumber(written)?.country, country, written)
  assert.equal(e164Of('050 123 4567', 'AE'), '+971501234567')
})

test('what no text message reaches is no number of ours', () => {
  const refused = [
    '0112345678',
    '+966112345678',
    '920012345',
    '+966920012345',
    '8001234567',
    '+9668001234567',
    '700123456',
    '911',
    '937',
    '+966',
    '05512345',
    '055123456789',
    '+15551234567',
    '0412345678',
  ]
  for (const written of refused) assert.equal(parsePhoneNumber(written), null, written)
})

test('what is no number at all is refused and breaks nothing', () => {
  const refused = [
    '',
    ' ',
    '+',
    '00',
    '++966551234567',
    'abc',
    '055123456a',
    '+966 55 123 4567 ext 9',
    '0551234567;phone-context=+1',
    'tel:+966551234567',
    '0551234567\n0551234568x',
    "0551234567' or 1=1",
    '5'.repeat(33),
    '0551234567'.repeat(50),
    '٠',
    '𝟎𝟓𝟓𝟏𝟐𝟑𝟒𝟓𝟔𝟕',
    '\u0000',
    '\ud800',
  ]
  for (const written of refused) assert.equal(parsePhoneNumber(written), null, JSON.stringify(written))
  fc.assert(
    fc.property(fc.string({ unit: anyUnit, maxLength: 60 }), (written) => {
      const read = parsePhoneNumber(written)
      assert.ok(read === null || /^\+[1-9]\d{6,14}$/.test(read.e164))
    }),
    { numRuns: 1_000 },
  )
})

test('a masked number can be recognised and not called', () => {
  assert.equal(maskPhoneNumber('+966551234567'), '+9665••••4567')
})
