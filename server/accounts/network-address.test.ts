import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toLimitedAddress } from './network-address.ts'

test('an IPv4 address counts for itself, also when it is written as IPv6', () => {
  assert.equal(toLimitedAddress('203.0.113.7'), '203.0.113.7')
  assert.equal(toLimitedAddress('::ffff:203.0.113.7'), '203.0.113.7')
})

test('all addresses of one IPv6 /64 count as one, however they are written', () => {
  for (const written of ['2001:db8:0:1::1', '2001:DB8:0:1:ffff:ffff:ffff:ffff', '2001:0db8:0000:0001:0:0:0:1', '2001:db8:0:1::%eth0']) {
    assert.equal(toLimitedAddress(written), '2001:db8:0:1::/64', written)
  }
  assert.equal(toLimitedAddress('2001:db8:0:2::1'), '2001:db8:0:2::/64')
  assert.equal(toLimitedAddress('::1'), '0:0:0:0::/64')
  assert.equal(toLimitedAddress('2001:db8::'), '2001:db8:0:0::/64')
})
