import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOperator } from './operator-settings.ts'
import { type SettingName, settings } from './settings.ts'

function read(given: Partial<Record<SettingName, string>>, { production = false, vendors = ['taqnyat'] } = {}) {
  const sentences: string[] = []
  const text = (name: SettingName) => given[name] ?? settings[name].fallback ?? ''
  const operator = readOperator({
    text,
    integer: (name) => Number(text(name)),
    oneOf: (name, choices) => choices.find((choice) => choice === text(name)) ?? choices[0]!,
    complain: (sentence) => void sentences.push(sentence),
    production,
    vendors,
  })
  return { operator, sentences }
}

test('nobody is told and no canary flies unless a setting says so', () => {
  const { operator, sentences } = read({})
  assert.deepEqual([operator.watch, operator.recipients, operator.canary.recipients, sentences], [true, [], [], []])
})

test('recipients are a channel and an address each', () => {
  const { operator, sentences } = read(
    { OPERATOR_ALERT_RECIPIENTS: 'sms:+966551234567, email:ops@example.sa,webhook:https://ntfy.example.sa/a:b' },
    { vendors: ['taqnyat', 'smtp'] },
  )
  assert.deepEqual(sentences, [])
  assert.deepEqual(operator.recipients, [
    { channel: 'sms', to: '+966551234567' },
    { channel: 'email', to: 'ops@example.sa' },
    { channel: 'webhook', to: 'https://ntfy.example.sa/a:b' },
  ])
})

test('an address that is none, a channel nobody carries, and an open webhook in production are each complained of', () => {
  for (const wrong of ['sms:0551234567', 'pager:1', '+966551234567', 'webhook:ftp://x', 'email:nobody'])
    assert.equal(read({ OPERATOR_ALERT_RECIPIENTS: wrong }).sentences.length, 1, wrong)
  assert.match(read({ OPERATOR_ALERT_RECIPIENTS: 'email:ops@example.sa' }).sentences[0]!, /no vendor of the house carries it/)
  assert.match(read({ OPERATOR_ALERT_RECIPIENTS: 'webhook:http://ntfy.test/x' }, { production: true }).sentences[0]!, /https/)
  assert.equal(read({ CANARY_RECIPIENT: 'webhook:https://ntfy.test/x' }).sentences.length, 1)
  assert.match(read({ CANARY_RECIPIENT: 'sms:+966551234567,sms:+966551234568' }).sentences[0]!, /one address a channel/)
})
