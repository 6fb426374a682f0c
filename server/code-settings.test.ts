import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCodes } from './code-settings.ts'
import { type SettingName, settings } from './settings.ts'

function read(env: Partial<Record<SettingName, string>>) {
  const sentences: string[] = []
  const text = (name: SettingName) => env[name] ?? settings[name].fallback ?? ''
  const codes = readCodes({
    given: (name) => env[name],
    text,
    integer: (name) => Number(text(name)),
    secret: text,
    complain: (sentence) => void sentences.push(sentence),
  })
  return { codes, sentences }
}

test('prices and caps are tables by country, and * stands for the others', () => {
  const { codes, sentences } = read({ CODE_PRICES: 'sa=11, AE = 30,*=75' })
  assert.deepEqual(codes.pricePerPart, { SA: 11, AE: 30, '*': 75 })
  assert.deepEqual(sentences, [])
})

test('a table that cannot be read, or that forgets a country codes go to, stops the start with a sentence', () => {
  assert.match(read({ CODE_PRICES: 'SA:11' }).sentences[0] ?? '', /CODE_PRICES must look like SA=11/)
  assert.match(read({ CODE_COUNTRIES: 'SA,AE', CODE_PRICES: 'SA=11' }).sentences[0] ?? '', /CODE_PRICES says nothing of AE/)
})
