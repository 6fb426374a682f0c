import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '#external-calls'
import { senderName } from './sender-name.ts'
import { toForm } from './unifonic/wire.ts'

test('advertising goes out under the name that ends in -AD, and all else under the usual one', () => {
  const names = { sender: 'Rawnaq', promotionalSender: 'Rawnaq-AD' }
  assert.equal(senderName(names, { promotional: true }), 'Rawnaq-AD')
  assert.equal(senderName(names, { promotional: false }), 'Rawnaq')
  assert.equal(senderName(names, {}), 'Rawnaq')
})

test('without such a name advertising is refused as a matter of our configuration, before anyone is asked', () => {
  for (const promotionalSender of [null, 'Rawnaq']) {
    assert.throws(
      () => senderName({ sender: 'Rawnaq', promotionalSender }, { promotional: true }),
      (error) => error instanceof CallFailure && error.facts.cause === 'configuration' && error.facts.outcome === 'refused',
    )
  }
})

test('Unifonic is told which kind of message it is, and by which id of ours it can be found', () => {
  const form = Object.fromEntries(
    toForm({ credential: 'sid', sender: 'Rawnaq-AD' }, { id: 'our-id', to: '+966551234567', text: 'x', promotional: true }),
  )
  assert.deepEqual([form['MessageType'], form['CorrelationID']], ['5', 'our-id'])
})
