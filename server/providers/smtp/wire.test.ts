import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '#external-calls'
import { type Stage, toFailure, toMail } from './wire.ts'

const message = { id: 'our-id', to: 'sara@example.test', locale: 'ar' as const, text: 'تم تأكيد حجزك <b>\nرقم 7K', subject: 'رونق' }

/** A dialogue that failed as nodemailer tells of it. */
function classOf(
  facts: { code?: string; responseCode?: number; response?: string; command?: string; originalCode?: string; message?: string },
  stage: Stage,
): string {
  const failure = toFailure(Object.assign(new Error(facts.message ?? ''), facts), stage)
  const { outcome, cause, errorType } = failure.facts
  return [outcome, cause, errorType].filter(Boolean).join(' ')
}
const reply = (responseCode: number, text: string, command: string, stage: Stage = 'addressing') =>
  classOf({ code: 'EENVELOPE', responseCode, response: `${responseCode} ${text}`, command }, stage)

test('a mail says its language and direction, escapes its text, and is answered by no machine', () => {
  const mail = toMail({ from: 'Rawnaq <book@rawnaq.test>' }, message)
  assert.match(mail.html, /<html lang="ar" dir="rtl">/)
  assert.ok(mail.html.includes('&lt;b&gt;') && !mail.html.includes('<b>'))
  assert.deepEqual([mail.text, mail.headers['Auto-Submitted'], mail.headers['Content-Language']], [message.text, 'auto-generated', 'ar'])
  assert.match(toMail({ from: 'x@y.test' }, { ...message, locale: 'en' }).html, /<html lang="en" dir="ltr">/)
})

test('the same message has the same Message-ID whenever it is sent, and another has another', () => {
  const idOf = (id: string) => toMail({ from: 'Rawnaq <book@rawnaq.test>' }, { ...message, id }).messageId
  assert.match(idOf('one'), /^<[0-9a-f]{32}@rawnaq\.test>$/)
  assert.equal(idOf('one'), idOf('one'))
  assert.notEqual(idOf('one'), idOf('two'))
})

test('a permanent reply to the recipient is about the recipient, unless it is a rule against us', () => {
  assert.equal(reply(550, '5.1.1 User unknown', 'RCPT TO'), 'refused permanent rejected')
  assert.equal(reply(550, 'No such user', 'RCPT TO'), 'refused permanent rejected')
  assert.equal(reply(552, '5.2.2 Mailbox full', 'RCPT TO'), 'refused permanent rejected')
  assert.equal(reply(550, '5.7.1 Relaying denied', 'RCPT TO'), 'refused configuration rejected')
  assert.equal(reply(530, '5.7.0 Authentication required', 'RCPT TO'), 'refused configuration rejected')
})

test('a permanent reply to anything before the recipient is about us', () => {
  assert.equal(reply(554, 'No SMTP service here', 'CONN', 'connecting'), 'refused configuration rejected')
  assert.equal(reply(535, '5.7.8 Bad credentials', 'AUTH PLAIN', 'signing in'), 'refused configuration rejected')
  assert.equal(reply(553, '5.7.1 Sender not owned', 'MAIL FROM'), 'refused configuration rejected')
  assert.equal(reply(550, '5.1.8 Bad sender', 'MAIL FROM'), 'refused configuration rejected')
})

test('a 4xx is temporary wherever it comes, a 421 that hangs up too', () => {
  assert.equal(reply(451, '4.7.1 Greylisted', 'RCPT TO'), 'refused temporary rejected')
  assert.equal(reply(452, '4.2.2 Over quota', 'RCPT TO'), 'refused temporary rejected')
  assert.equal(reply(454, '4.7.0 Temporary failure', 'AUTH PLAIN', 'signing in'), 'refused temporary rejected')
  assert.equal(reply(421, '4.3.2 Shutting down', 'CONN', 'connecting'), 'refused temporary rejected')
})

test('what is said after the mail was given is an answer too', () => {
  assert.equal(reply(554, '5.6.0 Not accepted', 'DATA', 'mail given'), 'refused permanent rejected')
  assert.equal(reply(554, '5.7.1 Taken for spam', 'DATA', 'mail given'), 'refused configuration rejected')
  assert.equal(reply(552, '5.3.4 Too large', 'DATA', 'mail given'), 'refused permanent rejected')
  assert.equal(reply(451, '4.3.0 Deferred', 'DATA', 'mail given'), 'refused temporary rejected')
})

test('a line that breaks is unreachable until the mail was given, and unknown from then on', () => {
  const closed = { code: 'ECONNECTION', message: 'Connection closed unexpectedly', command: 'CONN' }
  for (const stage of ['connecting', 'signing in', 'addressing'] as const) assert.equal(classOf(closed, stage), 'unreachable reset', stage)
  assert.equal(classOf(closed, 'mail given'), 'unknown reset')
})

test('what the network could not do is named', () => {
  const at = (code: string, originalCode = '', text = '') => classOf({ code, originalCode, message: text }, 'connecting')
  assert.equal(at('EDNS'), 'unreachable dns')
  assert.equal(at('ESOCKET', 'ECONNREFUSED'), 'unreachable connect')
  assert.equal(at('ESOCKET', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'unreachable tls')
  assert.equal(at('ETLS', '', 'Error upgrading connection with STARTTLS'), 'unreachable tls')
  assert.equal(at('EPROTOCOL', '', 'Server response exceeds maximum allowed size'), 'unreachable cap_exceeded')
  assert.equal(at('EPROTOCOL', '', 'Invalid greeting. response=HTTP/1.1 400'), 'unreachable bad_body')
  assert.equal(at('EAUTH', '', 'Unknown authentication method'), 'refused configuration misconfigured')
  assert.equal(at('EENVELOPE', '', 'Invalid recipient'), 'refused permanent rejected')
})

test('what the relay quotes back of the recipient is not kept', () => {
  const { facts } = toFailure(
    Object.assign(new Error('x'), { responseCode: 550, response: '550 5.1.1 <sara@example.test> unknown', command: 'RCPT TO' }),
    'addressing',
  )
  assert.deepEqual(facts.providerCode, '550 5.1.1')
  assert.ok(!JSON.stringify(facts).includes('sara'))
  assert.ok(toFailure(new CallFailure({ outcome: 'unknown', errorType: 'timeout' }), 'connecting').facts.errorType === 'timeout')
})
