import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeMessage } from './code-message.ts'

test('the Arabic text names the brand, the purpose and the warning, with Latin digits, in one part', () => {
  const text = codeMessage('012345', 'ar')
  assert.equal(text, 'رمز الدخول إلى ثابت: 012345\nلا تشاركه مع أحد.')
  assert.ok(text.length <= 70)
})

test('the English text fits one part too', () => {
  const text = codeMessage('012345', 'en')
  assert.match(text, /Thabit sign-in code: 012345/)
  assert.match(text, /Do not share/)
  assert.ok(text.length <= 160)
})

test('with a host the last line is the one browsers read, and Arabic still fits one part', () => {
  for (const locale of ['ar', 'en'] as const)
    assert.equal(codeMessage('012345', locale, 'book.example.sa').split('\n').at(-1), '@book.example.sa #012345')
  assert.ok(codeMessage('012345', 'ar', 'book.example.sa').length <= 70)
})

test('without a host there is no such line, and no link', () => {
  assert.ok(!/[@#]|https?:/.test(codeMessage('012345', 'ar') + codeMessage('012345', 'en')))
})
