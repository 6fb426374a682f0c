import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Locale, locales, type Text } from '#foundation'
import { bodiesOf, natureOf, notificationKinds, writeBody, writeMessage as write } from './messages.ts'
import { asTemplate, slotsOf } from './messages/message.ts'
import { smsSize } from './sms-segments.ts'

const words = {
  reference: 'TH-8F3K-2Q9X',
  businessName: { ar: 'صالون لمسة', en: 'Lamsa Salon' },
  serviceName: { ar: 'قص شعر', en: 'Haircut' },
  // 00:30 at the business, already the next day there.
  startsAt: '2026-12-29T21:30:00Z',
  zone: 'Asia/Riyadh',
  amount: { amountMinor: 15_000, currency: 'SAR' },
  until: '2026-12-27T13:15:00Z',
  was: '2026-12-28T06:00:00Z',
  customer: 'نورة العتيبي',
  by: 'customer',
}
const textOf = (...message: Parameters<typeof write>) => write(...message).text
const long: Text = {
  ar: 'مركز العناية المتكاملة بالجمال والصحة '.repeat(3).trim(),
  en: 'The [Integrated] Centre of Beauty & Health '.repeat(3).trim(),
}

/** Every body of every kind in both languages. */
const all = notificationKinds.flatMap((kind) =>
  bodiesOf(kind).flatMap((body) => locales.map((locale) => ({ kind, ...body, locale, name: `${kind} ${body.variant} ${locale}` }))),
)
const written = ({ kind, variant, locale }: (typeof all)[number], data: object = words) =>
  writeBody(kind, variant, { ...words, ...data }, locale)

test('every message names the business, and all about a booking its service, reference and moment as it is at the business', () => {
  const parts: Record<Locale, string[]> = { ar: ['صالون لمسة', 'قص شعر'], en: ['Lamsa Salon', 'Haircut'] }
  const moments: Record<Locale, string[]> = { ar: ['الأربعاء 30 ديسمبر', '12:30 ص'], en: ['Wednesday 30 December', '12:30 am'] }
  for (const body of all) {
    const { text } = written(body)
    if (natureOf(body.kind).audience === 'operator') continue
    assert.ok(text.includes(parts[body.locale][0]!), `${body.name}: ${text} lacks the business`)
    if (body.kind === 'visit-again') continue
    assert.ok(text.includes(words.reference), `${body.name}: ${text} lacks the reference`)
    if (body.kind === 'refund-made') continue
    for (const part of [...parts[body.locale], ...moments[body.locale]])
      assert.ok(text.includes(part), `${body.name}: ${text} lacks ${part}`)
  }
})

test('every message about money names the amount, and about a hold until when', () => {
  for (const body of all) {
    const { text } = written(body)
    if (['payment-received', 'payment-applied-late', 'refund-made'].includes(body.kind) || /_returned$|^paid$/.test(body.variant))
      assert.ok(text.includes(body.locale === 'ar' ? '150 ريال سعودي' : 'SAR 150'), `${body.name}: ${text}`)
    if (['hold-ending', 'booking-waiting'].includes(body.kind)) assert.ok(text.includes(body.locale === 'ar' ? '4:15 م' : '4:15 pm'), text)
  }
})

test('another zone gives another day and hour for the same instant', () => {
  assert.match(textOf('booking-confirmed', { ...words, zone: 'Europe/London' }, 'en'), /Tuesday 29 December at 9:30 pm/)
})

test('no message is longer than three Arabic or two English parts, whatever the names', () => {
  for (const body of all) {
    const { text } = written(body, {
      businessName: long,
      serviceName: long,
      customer: body.locale === 'ar' ? long.ar : long.en,
      amount: { amountMinor: 1_234_550, currency: 'SAR' },
      startsAt: '2026-09-23T09:45:00Z',
      was: '2026-09-23T08:45:00Z',
    })
    const { encoding, parts } = smsSize(text)
    assert.ok(parts <= (body.locale === 'ar' ? 3 : 2), `${body.name}: ${parts} parts of ${text}`)
    assert.equal(encoding, body.locale === 'ar' ? 'UCS-2' : 'GSM-7', body.name)
  }
})

test('with ordinary names the longest Arabic message has three parts and what is sent most has two; a confirmation in English one', () => {
  for (const kind of ['booking-confirmed', 'booking-reminder', 'booking-cancelled', 'payment-received', 'staff-booking-new'])
    assert.equal(smsSize(textOf(kind, words, 'ar')).parts, 2, textOf(kind, words, 'ar'))
  assert.equal(smsSize(textOf('booking-confirmed', words, 'en')).parts, 1)
})

test('a template has its own name, the same slots in both languages, and no slot at its edges or beside another', () => {
  const names = notificationKinds.flatMap((kind) => bodiesOf(kind).map(({ template }) => template))
  assert.equal(new Set(names).size, names.length)
  for (const name of names) assert.match(name, /^[a-z0-9_]{1,60}$/)
  for (const { name, text } of all) {
    for (const locale of locales) {
      const template = asTemplate(text[locale])
      assert.doesNotMatch(template, /^\{\{|\}\}$|\}\}\s*\{\{/, name)
      assert.ok(template.length <= 1024)
    }
    assert.deepEqual(slotsOf(text.ar).toSorted(), slotsOf(text.en).toSorted(), name)
    assert.equal(new Set(slotsOf(text.ar)).size, slotsOf(text.ar).length, `${name} says something twice`)
  }
})

test('what changes travels as parameters: put into the template they give the very text of the SMS', () => {
  for (const body of all) {
    const { text, template } = written(body)
    const put = asTemplate(body.text[body.locale]).replace(/\{\{(\d+)\}\}/g, (_whole, number) => template.parameters[Number(number) - 1]!)
    assert.equal(put, text, body.name)
    assert.equal(template.name, body.template)
    for (const parameter of template.parameters) assert.doesNotMatch(parameter, /[\n\t]| {4}/)
    assert.doesNotMatch(text, /[{}]|undefined/)
  }
})

test('only the invitation to come again promotes, and tells how to stop it', () => {
  assert.deepEqual(
    notificationKinds.filter((kind) => natureOf(kind).promotional),
    ['visit-again'],
  )
  assert.equal(write('visit-again', words, 'ar').promotional, true)
  assert.equal(write('booking-confirmed', words, 'ar').promotional, false)
  assert.match(textOf('visit-again', words, 'ar'), /لإيقاف/)
  assert.match(textOf('visit-again', words, 'en'), /stop/)
})

test('every mail has a subject in its language, of one line', () => {
  for (const body of all) {
    const { subject } = written(body)
    assert.ok(subject.length > 8 && subject.length <= 120 && !/[\n{}]|undefined/.test(subject), `${body.name}: ${subject}`)
    assert.equal(/\p{Script=Arabic}/u.test(subject), body.locale === 'ar', subject)
  }
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
  for (const body of all) assert.doesNotMatch(written(body).text, /https?:|www\.|\.\w{2,3}\/|\+?\d{7,}/)
})

test('a cancellation says who cancelled, and what is returned, that nothing is, or nothing at all when nothing was paid', () => {
  const cancelled = (data: object, locale: Locale = 'ar') => textOf('booking-cancelled', { ...words, ...data }, locale)
  assert.match(cancelled({}), /^ألغيت حجزك.*سيُعاد إليك 150 ريال سعودي/)
  assert.match(cancelled({ amount: { amountMinor: 0, currency: 'SAR' } }), /لا يُسترد/)
  assert.doesNotMatch(cancelled({ amount: undefined }), /يُسترد|سيُعاد/)
  assert.match(cancelled({ by: 'business' }), /^نعتذر، ألغت إدارة صالون لمسة حجزك/)
  assert.match(cancelled({ by: 'business' }, 'en'), /^Sorry, Lamsa Salon had to cancel.*SAR 150 will be returned/)
  assert.match(cancelled({}, 'en'), /^You cancelled/)
})

test('a move says who moved it, and staff learn who cancelled, for whom and from when', () => {
  assert.match(textOf('booking-rescheduled', words, 'ar'), /^غيّرت موعد حجزك/)
  assert.match(textOf('booking-rescheduled', { ...words, by: 'business' }, 'ar'), /^نعتذر، غيّرت إدارة صالون لمسة/)
  assert.match(textOf('staff-booking-cancelled', words, 'ar'), /^ألغى العميل/)
  assert.match(textOf('staff-booking-cancelled', { ...words, by: 'business' }, 'ar'), /^ألغت إدارة/)
  assert.match(textOf('staff-booking-new', words, 'ar'), /باسم نورة العتيبي/)
  assert.doesNotMatch(textOf('staff-booking-new', { ...words, customer: undefined }, 'ar'), /باسم/)
  assert.match(textOf('staff-booking-changed', words, 'en'), /from Monday 28 December at 9:00 am to Wednesday 30 December at 12:30 am/)
})

test('money that came back says why it had come back', () => {
  assert.match(textOf('refund-made', words, 'ar'), /^أُعيد إليك 150 ريال سعودي/)
  assert.match(textOf('refund-made', { ...words, because: 'not_booked' }, 'ar'), /بعد فوات الموعد/)
  assert.match(textOf('refund-made', { ...words, because: 'paid_twice' }, 'ar'), /^دفعت مرتين/)
})

test('a kind nobody writes, and data nothing can be written from, throw', () => {
  assert.throws(() => textOf('booking-forgotten', words, 'ar'), /booking-forgotten/)
  assert.throws(() => textOf('booking-cancelled', { ...words, by: 'someone' }, 'ar'), /by_someone/)
  assert.throws(() => textOf('booking-confirmed', { ...words, startsAt: 'soon' }, 'ar'), RangeError)
  assert.throws(() => textOf('booking-confirmed', {}, 'ar'), TypeError)
  assert.throws(() => textOf('payment-received', { ...words, amount: undefined }, 'ar'), TypeError)
})
