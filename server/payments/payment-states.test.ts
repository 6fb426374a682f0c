import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMigrations } from '#database'
import { allowedSteps, dispositions, isOpen, mayStep, paymentStates } from './payment-states.ts'
import { allowedRefundSteps, refundStates } from './refund-states.ts'

const quoted = (text: string) => Array.from(text.matchAll(/'(\w+)'/g), ([, word]) => word)

test('the tables know the same states as the database, and what is open is open there', async () => {
  const migration = (await readMigrations()).find(({ name }) => name.includes('payments'))?.text ?? ''
  const checks = Array.from(
    migration.matchAll(/\b(state|disposition)\s+(?:text\s+)(?:not null\s+)?check \((?:state|disposition) in \(([^)]+)\)/g),
    ([, , list = '']) => quoted(list),
  )
  assert.deepEqual(checks, [[...paymentStates], [...dispositions], [...refundStates]])
  const [, open = ''] = /payment_one_open on payment \(payable_id\) where state in \(([^)]+)\)/.exec(migration) ?? []
  assert.deepEqual(
    quoted(open),
    paymentStates.filter((state) => isOpen[state]),
  )
})

test('money is never undone by a state, and every state leads to it', () => {
  assert.deepEqual(allowedSteps.paid, [])
  for (const state of paymentStates) assert.ok(state === 'paid' || mayStep(state, 'paid'), state)
})

test('a refund that failed waits for a person, one that went through is the end', () => {
  assert.deepEqual(allowedRefundSteps.refunded, [])
  assert.deepEqual(allowedRefundSteps.failed, ['due'])
  for (const state of refundStates)
    assert.ok(state === 'refunded' || state === 'failed' || (allowedRefundSteps[state] as readonly string[]).includes('refunded'), state)
})
