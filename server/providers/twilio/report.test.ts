import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { reportsToFor, twilioReports } from './report.ts'

const authToken = '12345'
const reader = twilioReports({ authToken })
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const sign = (text: string) => createHmac('sha1', authToken).update(text).digest('base64')

/** Twilio's own vector: the parameters of a call, and the signature its library expects. */
const published = {
  url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  body: new URLSearchParams({
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  }),
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
}
const asked = (url: string, body: string, signature: string, headers: Record<string, string> = form) =>
  reader.read({ headers: { ...headers, 'x-twilio-signature': signature }, rawBody: Buffer.from(body), url, query: {} })

const callback = (more: Record<string, string> = {}) =>
  new URLSearchParams({ MessageSid: 'SM1', MessageStatus: 'delivered', To: '+966551234567', RawDlrDoneDate: '2611220915', ...more })
const signed = (parameters: URLSearchParams, url = 'https://book.example.sa/v1/webhooks/twilio/x') => {
  const text = [...parameters].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => name + value)
  return asked(url, parameters.toString(), sign(url + text.join('')))
}

test('the vendor’s published signature is right, and with one letter changed anywhere it is forged', () => {
  const { url, body, signature } = published
  assert.deepEqual(asked(url, body.toString(), signature), { verified: 'signature', reports: [] })
  assert.equal(asked(url, body.toString().replace('1234', '1235'), signature), 'forged')
  assert.equal(asked(url.replace('foo=1', 'foo=2'), body.toString(), signature), 'forged')
  assert.equal(asked(url, body.toString(), signature.replace('R', 'r')), 'forged')
  assert.equal(reader.read({ headers: form, rawBody: Buffer.from(body.toString()), url, query: {} }), 'forged')
  assert.equal(
    twilioReports({ authToken: 'other' }).read({
      headers: { ...form, 'x-twilio-signature': signature },
      rawBody: Buffer.from(body.toString()),
      url,
      query: {},
    }),
    'forged',
  )
})

test('a port that a proxy dropped or added does not matter', () => {
  const { url, body } = published
  const text = [...body].map(([name, value]) => name + value).join('')
  assert.notEqual(asked(url, body.toString(), sign(url.replace('.com/', '.com:443/') + text)), 'forged')
  assert.notEqual(asked(url.replace('.com/', '.com:8443/'), body.toString(), sign(url + text)), 'forged')
  assert.equal(asked(url, body.toString(), sign(url.replace('.com/', '.com:8443/') + text)), 'forged')
})

test('a name that comes twice is signed with its values sorted and each once', () => {
  const url = 'https://book.example.sa/x'
  assert.notEqual(asked(url, 'b=2&a=2&a=1&a=2', sign(`${url}a1a2b2`)), 'forged')
})

test('a body that is no form is known by its hash in the address', () => {
  const body = '{"a":1}'
  const at = (hash: string) => `https://book.example.sa/x?bodySHA256=${hash}`
  const right = at(createHash('sha256').update(body).digest('hex'))
  const json = { 'content-type': 'application/json' }
  assert.notEqual(asked(right, body, sign(right), json), 'forged')
  assert.equal(asked(right, '{"a":2}', sign(right), json), 'forged')
  assert.equal(asked('https://book.example.sa/x', body, sign('https://book.example.sa/x'), json), 'forged')
})

test('each word of the vendor has its meaning; one nobody knows is kept and means nothing', () => {
  const said = (MessageStatus: string) => {
    const answer = signed(callback({ MessageStatus }))
    return answer === 'forged' ? assert.fail(answer) : answer.reports[0]?.delivery
  }
  for (const word of ['accepted', 'scheduled', 'queued', 'sending']) assert.equal(said(word), 'accepted', word)
  for (const word of ['sent', 'delivered', 'read'] as const) assert.equal(said(word), word)
  for (const word of ['undelivered', 'failed', 'canceled']) assert.equal(said(word), 'undelivered', word)
  assert.equal(said('toString'), null)
})

test('the address it was given says which message of ours, and only under the signature', () => {
  const id = '0199d1c2-7b5e-7c3a-9f00-aa11bb22cc33'
  const url = reportsToFor('https://book.example.sa/v1/webhooks/twilio/x', id)
  const answer = signed(callback(), url)
  assert.ok(answer !== 'forged')
  assert.equal(answer.reports[0]?.ourId, id)
  const text = [...callback()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => name + value)
  const another = url.replace('0199', '0198')
  assert.equal(asked(another, callback().toString(), sign(url + text.join(''))), 'forged')
  const strange = signed(callback(), url.replace(id, 'x'))
  assert.ok(strange !== 'forged')
  assert.equal(strange.reports[0]?.ourId, null)
})

test('only codes that will never pass are permanent', () => {
  const permanent = (code: string) => {
    const answer = signed(callback({ MessageStatus: 'undelivered', ErrorCode: code }))
    return answer === 'forged' ? assert.fail(answer) : answer.reports[0]?.permanent
  }
  assert.deepEqual(['30004', '30006', '30001', '30003', '30007', '30008', '99999', 'constructor'].map(permanent), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})

test('a report says of which message, when, and why not', () => {
  assert.deepEqual(signed(callback({ MessageStatus: 'undelivered', ErrorCode: '30005' })), {
    verified: 'signature',
    reports: [
      {
        providerMessageId: 'SM1',
        said: 'undelivered',
        delivery: 'undelivered',
        errorCode: '30005',
        permanent: true,
        ourId: null,
        saidAt: Temporal.Instant.from('2026-11-22T09:15:00Z'),
      },
    ],
  })
  const nameless = signed(new URLSearchParams({ Hello: 'there' }))
  assert.deepEqual(nameless, { verified: 'signature', reports: [] })
})
