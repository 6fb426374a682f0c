import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayManage, mayRefund, seen, standingOf, viewerOf } from './access.ts'
import type { BookingRow } from './queries.ts'

const booking = { accountId: 'noura', businessId: 'salon' } as BookingRow
type Roles = Parameters<typeof standingOf>[0]['roles']
const caller = (accountId: string, ...roles: Roles) => ({ accountId, sessionId: 'one', roles })

test('a role counts for its own business alone', () => {
  for (const [roles, manage, refund] of [
    [[], false, false],
    [
      [
        { role: 'owner', businessId: 'clinic' },
        { role: 'staff', businessId: 'padel' },
      ],
      false,
      false,
    ],
    [[{ role: 'staff', businessId: 'salon' }], true, false],
    [[{ role: 'owner', businessId: 'salon' }], true, true],
    [[{ role: 'platform_admin', businessId: null }], true, true],
  ] as [Roles, boolean, boolean][]) {
    const standing = standingOf(caller('sara', ...roles), booking)
    assert.deepEqual([mayManage(standing), mayRefund(standing)], [manage, refund], JSON.stringify(roles))
  }
})

test('a booking does not exist for those it is no business of', () => {
  assert.throws(() => seen(caller('sara'), booking), { code: 'not_found' })
  assert.throws(() => seen(caller('sara', { role: 'owner', businessId: 'clinic' }), booking), { code: 'not_found' })
  assert.throws(() => seen(caller('noura'), undefined), { code: 'not_found' })
  assert.equal(viewerOf(seen(caller('noura'), booking).standing), 'customer')
  assert.equal(viewerOf(seen(caller('sara', { role: 'staff', businessId: 'salon' }), booking).standing), 'business')
  assert.equal(viewerOf(seen(caller('sara', { role: 'platform_admin', businessId: null }), booking).standing), 'operator')
})
