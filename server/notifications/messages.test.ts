import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locales, type Text } from '#foundation'
import { notificationKinds, writeMessage as write } from './messages.ts'
import { smsSize } from './sms-segments.ts'

const words = {
  reference: 'TH-8F3K-2Q9X',
  businessName: { ar: 'صالون لمسة', en: 'Lamsa Salon' },
  serviceName: { ar: 'قص شعر', en: 'Haircut' },
  // 00:30 at the business, already the next day there.
  startsAt: '2026-12-29T21:30:00Z',
  zone: 'Asia/Riyadh',
  refund: { amountMinor: 15_000, currency: 'SAR' },
}
const textOf = (...message: Parameters<typeof write>) => write(...message).text
const long: Text = {
  ar: 'مركز العناية المتكاملة بالجمال والصحة '.repeat(3).trim(),
  en: 'The [Integrated] Centre of Beauty & Health '.repeat(3).trim(),
}

test('every message names the business, the service, the reference and the moment as it is at the business', () => {
  for (const kind of notificationKinds) {
    const arabic = textOf(kind, words, 'ar')
    for (const part of ['صالون لمسة', 'قص شعر', 'TH-8F3K-2Q9X', 'الأربعاء 30 ديسمبر', '12:30 ص'])
      assert.ok(arabic.includes(part), `${kind}: ${arabic} lacks ${part}`)
    const english = textOf(kind, words, 'en')
    for (const part of ['Lamsa Salon', 'Haircut', 'TH-8F3K-2Q9X', 'Wednesday 30 December', '12:30 am'])
      assert.ok(english.includes(part), `${kind}: ${english} lacks ${part}`)
  }
})

test('another zone gives another day and hour for the same instant', () => {
  assert.match(textOf('booking-confirmed', { ...words, zone: 'Europe/London' }, 'en'), /Tuesday 29 December at 9:30 pm/)
})

test('no message is longer than three Arabic or two English parts, whatever the names', () => {
  for (const kind of notificationKinds) {
    const data = { ...words, businessName: long, serviceName: long, refund: { amountMinor: 1_234_550, currency: 'SAR' } }
    assert.ok(smsSize(textOf(kind, data, 'ar')).parts <= 3, `${kind}: ${textOf(kind, data, 'ar')}`)
    const english = smsSize(textOf(kind, data, 'en'))
    assert.deepEqual([english.encoding, english.parts <= 2], ['GSM-7', true], kind)
  }
})

test('ordinary names make two Arabic parts and one English', () => {
  assert.equal(smsSize(textOf('booking-confirmed', words, 'ar')).parts, 2)
  assert.deepEqual(smsSize(textOf('booking-confirmed', words, 'en')).parts, 1)
})

test('typographic signs in a name do not cost an English message its alphabet', () => {
  const message = textOf('booking-confirmed', { ...words, businessName: { ar: 'أ', en: 'Noura’s – “Studio”' } }, 'en')
  assert.match(message, /Noura's - "Studio"/)
  assert.equal(smsSize(message).encoding, 'GSM-7')
})

test('a name is never cut inside a letter or an emoji', () => {
  const family = '👨‍👩‍👧‍👦'
  const message = textOf('booking-confirmed', { ...words, businessName: { ar: family.repeat(20), en: 'x' } }, 'ar')
  assert.ok(message.isWellFormed())
  assert.match(message, new RegExp(`لدى (${family})+…:`))
})

test('no message has a link or a phone number', () => {
  for (const kind of notificationKinds)
    for (const locale of locales) assert.doesNotMatch(textOf(kind, words, locale), /https?:|www\.|\.\w{2,3}\/|\+?\d{7,}/)
})

test('a cancellation tells what is returned, that nothing is, or nothing at all when nothing was paid', () => {
  const refund = (value: unknown) => textOf('booking-cancelled', { ...words, refund: value }, 'ar')
  assert.match(refund(words.refund), /سيُعاد إليك 150 ريال سعودي/)
  assert.match(refund({ amountMinor: 0, currency: 'SAR' }), /لا يُسترد/)
  assert.doesNotMatch(refund(undefined), /يُسترد|سيُعاد/)
  assert.match(textOf('booking-cancelled', words, 'en'), /SAR 150 will be returned/)
})

test('a kind nobody writes, and data nothing can be written from, throw', () => {
  assert.throws(() => textOf('booking-forgotten', words, 'ar'), /booking-forgotten/)
  assert.throws(() => textOf('booking-confirmed', { ...words, startsAt: 'soon' }, 'ar'), RangeError)
  assert.throws(() => textOf('booking-confirmed', {}, 'ar'), TypeError)
})
