import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { toLatinDigits } from './digits.ts'
import { negotiateLocale } from './text.ts'
import { overlaps, timeRange } from './time-range.ts'

/** Any UTF-16 unit, halves of surrogate pairs included. */
const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit))

test('Arabic and Persian digits become Latin ones, all else stays', () => {
  assert.equal(toLatinDigits('٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 0123456789'), '0123456789 0123456789 0123456789')
  assert.equal(toLatinDigits('حلاقة ٣، غرفة ۴ — ok ½ ² ๓ ٪'), 'حلاقة 3، غرفة 4 — ok ½ ² ๓ ٪')
  fc.assert(
    fc.property(fc.string({ unit: anyUnit }), (text) => {
      const once = toLatinDigits(text)
      assert.equal(toLatinDigits(once), once)
      assert.equal(once.length, text.length)
    }),
  )
})

test('the language spoken is the wanted one of ours, Arabic when none is', () => {
  const wishes: [string | undefined, string][] = [
    [undefined, 'ar'],
    ['', 'ar'],
    ['fr', 'ar'],
    ['en', 'en'],
    ['en-GB', 'en'],
    ['ar-SA, en;q=0.8', 'ar'],
    ['en;q=0.8, ar', 'ar'],
    ['fr, en;q=0.1', 'en'],
    ['ar;q=0.1, en;q=0.2', 'en'],
    ['ar;q=0', 'ar'],
    ['en;q=0', 'ar'],
    ['ar;q=0, en;q=0.001', 'en'],
    ['english', 'ar'],
    [';;;,,,', 'ar'],
    ['en ; q = 0.5', 'ar'],
  ]
  for (const [wish, locale] of wishes) assert.equal(negotiateLocale(wish), locale, String(wish))
  fc.assert(fc.property(fc.string({ unit: anyUnit }), (wish) => assert.ok(['ar', 'en'].includes(negotiateLocale(wish)))))
})

const at = (minute: number) => Temporal.Instant.fromEpochMilliseconds(minute * 60_000)
const range = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 50 }))
  .map(([start, length]) => timeRange(at(start), at(start + length)))

test('a stretch of time ends after it starts', () => {
  assert.throws(() => timeRange(at(5), at(5)), RangeError)
  assert.throws(() => timeRange(at(5), at(4)), RangeError)
})

test('one stretch may begin where another ends', () => {
  assert.equal(overlaps(timeRange(at(0), at(10)), timeRange(at(10), at(20))), false)
  assert.equal(overlaps(timeRange(at(0), at(11)), timeRange(at(10), at(20))), true)
})

test('two stretches overlap just when some minute lies in both, whichever is asked first', () => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      const minutes = ({ startsAt, endsAt }: typeof a) =>
        Array.from(
          { length: (endsAt.epochMilliseconds - startsAt.epochMilliseconds) / 60_000 },
          (_, index) => startsAt.epochMilliseconds / 60_000 + index,
        )
      const shared = minutes(a).some((minute) => minutes(b).includes(minute))
      assert.equal(overlaps(a, b), shared)
      assert.equal(overlaps(b, a), shared)
    }),
  )
})
