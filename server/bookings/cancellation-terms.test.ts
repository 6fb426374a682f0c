import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { money } from '#foundation'
import { cancellationTerms, termsOfBusiness } from './cancellation-terms.ts'

const now = Temporal.Instant.from('2026-03-01T09:00:00Z')
const tiers = [
  { hoursBefore: 0, refundPercent: 0 },
  { hoursBefore: 24, refundPercent: 100 },
  { hoursBefore: 4, refundPercent: 50 },
]
const refund = (minutesLeft: number, paidMinor = 7_201) =>
  cancellationTerms(tiers, money(paidMinor, 'SAR'), now.add({ minutes: minutesLeft }), now).refund.amountMinor

test('the tier is the one whose notice is kept, to the minute, in whatever order the business wrote them', () => {
  assert.deepEqual([refund(24 * 60), refund(24 * 60 - 1), refund(4 * 60), refund(4 * 60 - 1), refund(0)], [7_201, 3_600, 3_600, 0, 0])
  assert.equal(refund(24 * 60, 0), 0)
})

test('less notice never gives back more, and never more than was paid', () => {
  const percents = fc.uniqueArray(fc.record({ hoursBefore: fc.nat({ max: 100 }), refundPercent: fc.nat({ max: 100 }) }), {
    maxLength: 5,
    selector: ({ hoursBefore }) => hoursBefore,
  })
  fc.assert(
    fc.property(percents, fc.nat({ max: 1_000_000 }), fc.nat({ max: 8_000 }), fc.nat({ max: 8_000 }), (written, paidMinor, one, other) => {
      const kind = written.toSorted((a, b) => a.hoursBefore - b.hoursBefore)
      const rising = kind.map((tier, at) => ({
        ...tier,
        refundPercent: Math.max(...kind.slice(0, at + 1).map(({ refundPercent }) => refundPercent)),
      }))
      const [less, more] = one < other ? [one, other] : [other, one]
      const at = (minutes: number) => cancellationTerms(rising, money(paidMinor, 'SAR'), now.add({ minutes }), now).refund.amountMinor
      assert.ok(at(less) <= at(more) && at(more) <= paidMinor && Number.isInteger(at(less)))
    }),
  )
})

test('when the business cancels, what is left goes back whole', () => {
  assert.equal(termsOfBusiness(money(7_200, 'SAR'), money(5_200, 'SAR')).refund.amountMinor, 5_200)
})
