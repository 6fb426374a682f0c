import assert from 'node:assert/strict'
import { test } from 'node:test'
import { smsSize } from './sms-segments.ts'

const letters = (count: number) => 'a'.repeat(count)
const arabic = (count: number) => 'ب'.repeat(count)

test('a text in the GSM alphabet holds 160 alone and 153 in each part', () => {
  assert.deepEqual(smsSize(letters(160)), { encoding: 'GSM-7', units: 160, parts: 1 })
  assert.equal(smsSize(letters(161)).parts, 2)
  assert.equal(smsSize(letters(306)).parts, 2)
  assert.equal(smsSize(letters(307)).parts, 3)
})

test('an Arabic text holds 70 alone and 67 in each part', () => {
  assert.deepEqual(smsSize(arabic(70)), { encoding: 'UCS-2', units: 70, parts: 1 })
  assert.equal(smsSize(arabic(71)).parts, 2)
  assert.equal(smsSize(arabic(134)).parts, 2)
  assert.equal(smsSize(arabic(135)).parts, 3)
})

test('one letter outside the alphabet makes the whole text UCS-2', () => {
  assert.equal(smsSize('It’s 5 pm').encoding, 'UCS-2')
  assert.equal(smsSize("It's 5 pm @ the café").encoding, 'GSM-7')
  assert.equal(smsSize('٥').encoding, 'UCS-2')
  assert.equal(smsSize('5\u202fpm').encoding, 'UCS-2')
})

test('an extension character counts twice and is not parted', () => {
  assert.equal(smsSize('€').units, 2)
  assert.equal(smsSize(`${letters(158)}€`).parts, 1)
  assert.equal(smsSize(`${letters(159)}€`).parts, 2)
  // 152 letters leave one septet: the pair moves whole into the next part, and the 153 behind it no longer fit there.
  assert.equal(smsSize(`${letters(152)}€${letters(151)}`).parts, 2)
  assert.equal(smsSize(`${letters(152)}€${letters(152)}`).parts, 3)
})

test('an emoji counts as two units and is not parted', () => {
  assert.equal(smsSize('🌙').units, 2)
  assert.equal(smsSize(`${arabic(66)}🌙${arabic(65)}`).parts, 2)
  assert.equal(smsSize(`${arabic(66)}🌙${arabic(66)}`).parts, 3)
})

test('an empty text is one empty part', () => {
  assert.deepEqual(smsSize(''), { encoding: 'GSM-7', units: 0, parts: 1 })
})
