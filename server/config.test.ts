import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, SettingsError } from './config.ts'

const random = 'q8ZrT1vX0bLw7PkD5mYc3NfJ9hGs2eUa'
const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://book.example.sa',
  DATABASE_URL: 'postgres://thabit@db.internal/thabit',
  TOKEN_SECRET: random,
  CODE_SECRET: `${random}2`,
  OTP_PROVIDER: 'unifonic',
  NOTIFICATION_PROVIDER: 'taqnyat',
  UNIFONIC_OTP_APP_SID: 'app',
  TAQNYAT_NOTIFICATION_TOKEN: 'token',
  UNIFONIC_SENDER: 'Lamsa',
  TAQNYAT_SENDER: 'Lamsa',
  MOYASAR_SECRET_KEY: `sk_live_${'k'.repeat(40)}`,
  MOYASAR_WEBHOOK_ENDPOINT_ID: 'f3b1c0',
  MOYASAR_WEBHOOK_SECRET: `${random}3`,
}

function sentencesFor(change: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig({ ...production, ...change })
    return []
  } catch (error) {
    assert.ok(error instanceof SettingsError)
    return error.sentences
  }
}

test('a production with settings of its own starts', () => {
  assert.deepEqual(sentencesFor({}), [])
})

const refusals: [string, Record<string, string | undefined>, RegExp][] = [
  [
    'a simulated gateway',
    { MOYASAR_BASE_URL: 'http://localhost:3100', MOYASAR_SECRET_KEY: `sk_test_${'k'.repeat(40)}` },
    /MOYASAR_BASE_URL points at a simulator/,
  ],
  ['a simulated SMS vendor', { UNIFONIC_BASE_URL: 'http://127.0.0.1:3100' }, /UNIFONIC_BASE_URL points at a simulator/],
  ['a test gateway key', { MOYASAR_SECRET_KEY: `sk_test_${'k'.repeat(40)}` }, /MOYASAR_SECRET_KEY is a test key/],
  ['a live key sent elsewhere', { MOYASAR_BASE_URL: 'https://gateway.example' }, /live key/],
  ['no database of its own', { DATABASE_URL: undefined }, /DATABASE_URL is not set.*embedded PostgreSQL/],
  ['a development secret', { TOKEN_SECRET: `development-${random}` }, /TOKEN_SECRET is a default secret/],
  ['an example secret', { CODE_SECRET: 'change-me-change-me-change-me-change-me' }, /CODE_SECRET is a default secret/],
  ['a secret of one letter', { MOYASAR_WEBHOOK_SECRET: 'a'.repeat(40) }, /MOYASAR_WEBHOOK_SECRET is a default secret/],
  ['a short secret', { TOKEN_SECRET: 'short' }, /TOKEN_SECRET must have at least 32/],
  ['pages without TLS', { PUBLIC_URL: 'http://book.example.sa' }, /PUBLIC_URL must start with https/],
  ['a vendor without its credential', { TAQNYAT_NOTIFICATION_TOKEN: undefined }, /TAQNYAT_NOTIFICATION_TOKEN is not set/],
  ['a vendor of SMS without a sender name of its own', { TAQNYAT_SENDER: undefined }, /TAQNYAT_SENDER is not set.*registered/],
  ['a promotional sender name that does not say so', { TAQNYAT_PROMOTIONAL_SENDER: 'Lamsa' }, /TAQNYAT_PROMOTIONAL_SENDER must/],
  ['an unknown other vendor', { NOTIFICATION_FALLBACKS: 'unifonic,pigeon' }, /NOTIFICATION_FALLBACKS may name/],
  ['hours that are none', { PROMOTIONAL_HOURS: '9 to 5' }, /PROMOTIONAL_HOURS must be two times/],
  ['a deadline that outlasts a lease', { NOTIFICATION_TIMEOUT_MS: '60000' }, /NOTIFICATION_TIMEOUT_MS must be/],
  ['an unknown vendor', { OTP_PROVIDER: 'pigeon' }, /OTP_PROVIDER must be one of/],
  ['a page that outlives its hold', { HOLD_MINUTES: '10', PAYMENT_PAGE_MINUTES: '10' }, /PAYMENT_PAGE_MINUTES must be less/],
  ['a simulated mail relay', { SMTP_URL: 'smtp://127.0.0.1:2525' }, /SMTP_URL points at a simulator/],
  ['a mail relay that is no address', { SMTP_URL: 'https://mail.example.sa' }, /SMTP_URL must be an address that starts with smtp/],
  [
    'a stand-in without its credential',
    { NOTIFICATION_FALLBACKS: 'whatsapp', WHATSAPP_PHONE_NUMBER_ID: '1' },
    /WHATSAPP_ACCESS_TOKEN is not set, and NOTIFICATION_FALLBACKS is whatsapp/,
  ],
  ['mail as the first vendor of messages', { NOTIFICATION_PROVIDER: 'smtp' }, /NOTIFICATION_PROVIDER must be one of/],
  [
    'an address for reports that can be guessed',
    { UNIFONIC_WEBHOOK_ENDPOINT_ID: 'short' },
    /UNIFONIC_WEBHOOK_ENDPOINT_ID must have at least 16/,
  ],
  [
    'signed reports that nobody could verify',
    { TWILIO_WEBHOOK_ENDPOINT_ID: 'unguessable-0123456789' },
    /TWILIO_AUTH_TOKEN is not set, and TWILIO_WEBHOOK_ENDPOINT_ID is/,
  ],
  ['a port that is none', { PORT: 'http' }, /PORT must be a whole number/],
]
for (const [what, change, sentence] of refusals) {
  test(`production refuses ${what} with one plain sentence`, () => {
    const sentences = sentencesFor(change)
    assert.equal(sentences.filter((said) => sentence.test(said)).length, 1, sentences.join('\n'))
  })
}

test('everything that is wrong is said at once', () => {
  assert.ok(sentencesFor({ DATABASE_URL: undefined, TOKEN_SECRET: undefined, OTP_PROVIDER: undefined }).length >= 3)
})
