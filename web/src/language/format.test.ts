import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ar } from './ar.ts'
import { asciiDigits } from './digits.ts'
import { formatFor } from './format.ts'
import { addDays } from './local-time.ts'

const arabic = formatFor('ar')
const english = formatFor('en')
/** Marks of direction carry no meaning for a reader. */
const plain = (text: string) => text.replace(/[\u200e\u200f]/g, '').replace(/\u00a0/g, ' ')

test('money follows its currency: two decimals for riyals, three for dinars, none when whole', () => {
  assert.equal(plain(arabic.money({ amountMinor: 15000, currency: 'SAR' })), '150 ر.س.')
  assert.equal(plain(arabic.money({ amountMinor: 15050, currency: 'SAR' })), '150.50 ر.س.')
  assert.equal(plain(english.money({ amountMinor: 1234500, currency: 'KWD' })), 'KWD 1,234.500')
  assert.equal(plain(english.money({ amountMinor: 9000, currency: 'BHD' })), 'BHD 9')
})

test('a time is the business’s own, wherever the reader is', () => {
  assert.equal(plain(arabic.time('2026-11-26T13:30:00Z', 'Asia/Riyadh')), '4:30 م')
  assert.equal(plain(english.time('2026-11-26T13:30:00Z', 'Asia/Dubai')).toLowerCase(), '5:30 pm')
})

test('both calendars are named, never left to the device', () => {
  assert.equal(plain(arabic.day('2026-11-22')), 'الأحد، 22 نوفمبر')
  assert.match(arabic.hijri('2026-11-22'), /12 جمادى الآخرة 1448/)
})

test('a zone without a known city is called by its own name', () => {
  assert.equal(arabic.city('Asia/Riyadh'), 'الرياض')
  assert.equal(english.city('America/New_York'), 'New York')
})

test('Arabic counts in its six forms', () => {
  assert.deepEqual(
    [1, 2, 5, 11, 100].map((count) => ar.minutes(count)),
    ['دقيقة واحدة', 'دقيقتان', '5 دقائق', '11 دقيقة', '100 دقيقة'],
  )
  assert.equal(arabic.length(150), 'ساعتان و30 دقيقة')
})

test('digits of all three alphabets are one number', () => {
  assert.equal(asciiDigits('٠٥٥١٢٣٤٥٦٧'), '0551234567')
  assert.equal(asciiDigits('۰۵۵۱۲۳۴۵۶۷'), '0551234567')
})

test('days are added across months and years without any zone', () => {
  assert.equal(addDays('2026-12-31', 1), '2027-01-01')
  assert.equal(addDays('2027-03-01', -1), '2027-02-28')
})
