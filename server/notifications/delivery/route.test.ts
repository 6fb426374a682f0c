import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playedVendor } from '../../../tests/support/notifications-house.ts'
import { channelsAfter, channelsOf, mayPromote, vendorsOf } from './route.ts'

const unifonic = playedVendor('unifonic')
const taqnyat = playedVendor('taqnyat')
const whatsapp = playedVendor('whatsapp', 'whatsapp')
const smtp = playedVendor('smtp', 'email')
const house = [unifonic, taqnyat, whatsapp, smtp]
const names = (providers: { name: string }[]) => providers.map(({ name }) => name)

test('vendors are asked in the business’s order, those it did not name after them in the house’s', () => {
  assert.deepEqual(names(vendorsOf('sms', { providers: [] }, house)), ['unifonic', 'taqnyat'])
  assert.deepEqual(names(vendorsOf('sms', { providers: ['taqnyat'] }, house)), ['taqnyat', 'unifonic'])
  assert.deepEqual(names(vendorsOf('sms', { providers: ['gone', 'whatsapp', 'taqnyat'] }, house)), ['taqnyat', 'unifonic'])
  assert.deepEqual(names(vendorsOf('email', { providers: ['taqnyat'] }, house)), ['smtp'])
})

test('channels are tried in the business’s order, as far as the house carries them; SMS when it carries none of them', () => {
  assert.deepEqual(channelsOf({ channels: ['whatsapp', 'sms'] }, house), ['whatsapp', 'sms'])
  assert.deepEqual(channelsOf({ channels: ['whatsapp', 'sms'] }, [unifonic]), ['sms'])
  assert.deepEqual(channelsOf({ channels: ['whatsapp'] }, [unifonic]), ['sms'])
})

test('after a channel come those behind it, never itself and never one before it', () => {
  const choice = { channels: ['whatsapp', 'sms', 'email'] as ('sms' | 'whatsapp' | 'email')[] }
  assert.deepEqual(channelsAfter('whatsapp', choice, house), ['sms', 'email'])
  assert.deepEqual(channelsAfter('sms', choice, house), ['email'])
  assert.deepEqual(channelsAfter('email', choice, house), [])
  assert.deepEqual(channelsAfter('sms', { channels: ['whatsapp'] }, house), ['whatsapp'], 'a choice made since')
})

test('by SMS only a vendor with a sender name for it carries advertising; elsewhere no such name is asked for', () => {
  assert.equal(mayPromote(unifonic), false)
  assert.equal(mayPromote({ ...unifonic, promotes: true }), true)
  assert.equal(mayPromote(whatsapp), true)
})
