/*
 * Our mail adapter against a relay nobody here wrote (npm `smtp-server`), and what it does when the relay cannot be trusted
 * or keeps it waiting.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { CallFailure } from '../../server/external-calls/index.ts'
import { smtpNotifications, type SmtpSettings } from '../../server/providers/smtp/index.ts'
import { startSimulators } from '../../simulators/index.ts'
import { selfSigned } from '../support/certificates.ts'

const message = {
  id: '0192f0c1-0000-7000-8000-000000000001',
  to: 'sara@example.test',
  locale: 'ar' as const,
  text: 'تم تأكيد حجزك لدى صالون رونق: قصّ وتصفيف، الأحد ٢٢ نوفمبر ٤:٣٠ م.\nرقم الحجز 7K3P9Q.',
  subject: 'تأكيد حجزك لدى صالون رونق النسائي في حي الياسمين بمدينة الرياض، ونسعد بزيارتك قريبًا',
  template: { name: 'x', parameters: [] },
  promotional: false,
}
const from = 'صالون رونق <book@rawnaq.test>'

function settingsOf(port: number, more: Partial<SmtpSettings> = {}): SmtpSettings {
  return { host: 'localhost', port, tls: 'if offered', user: '', password: '', from, ...more }
}

async function failureOf(settings: SmtpSettings, signal = AbortSignal.timeout(5_000)) {
  return smtpNotifications(settings)
    .send(message, signal)
    .then(
      () => assert.fail('It was sent.'),
      (error: unknown) => (error instanceof CallFailure ? error.facts : assert.fail(String(error))),
    )
}

/** A relay with a certificate of the name `localhost`, and the mails it took. */
async function startStrictRelay(t: TestContext, { trusted, startTls }: { trusted: boolean; startTls: boolean }) {
  const certificate = selfSigned('localhost')
  const before = getCACertificates('default')
  if (trusted) setDefaultCACertificates([...before, certificate.cert])
  t.after(() => setDefaultCACertificates(before))
  const mails: string[] = []
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    disabledCommands: startTls ? [] : ['STARTTLS'],
    logger: false,
    onAuth: ({ password }, _session, done) => (password === 'right' ? done(null, { user: 'book' }) : done(new Error('No'))),
    onData(stream, session, done) {
      let text = `${session.secure ? 'secure' : 'plain'} `
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', () => resolve()))
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

test('an Arabic mail arrives letter by letter, and the relay’s own name for it is kept', async (t) => {
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const port = Number(new URL(simulators.smtpUrl).port)
  const { providerMessageId } = await smtpNotifications(settingsOf(port)).send(message, AbortSignal.timeout(5_000))
  assert.match(providerMessageId ?? '', /^[0-9A-F]{10}$/)
  const [mail] = (await (await fetch(`${simulators.url}/inbox.json?to=sara@example.test`)).json()) as Record<string, string>[]
  assert.deepEqual(
    [mail?.['channel'], mail?.['to'], mail?.['subject'], mail?.['body'], mail?.['from']],
    ['email', message.to, message.subject, message.text, from],
  )
})

test('with a relay that can be trusted everything goes over TLS, the password too; each copy has the same Message-ID', async (t) => {
  const { port, mails } = await startStrictRelay(t, { trusted: true, startTls: true })
  const provider = smtpNotifications(settingsOf(port, { tls: 'required', user: 'book', password: 'right' }))
  await provider.send(message, AbortSignal.timeout(5_000))
  await provider.send(message, AbortSignal.timeout(5_000))
  const ids = mails.map((mail) => /^Message-ID: (.+)$/im.exec(mail)?.[1])
  assert.deepEqual([mails.length, ids[0], mails.every((mail) => mail.startsWith('secure '))], [2, ids[1], true])
  const { outcome, cause } = await failureOf(settingsOf(port, { tls: 'required', user: 'book', password: 'wrong' }))
  assert.deepEqual([outcome, cause], ['refused', 'configuration'])
})

test('a relay that offers no TLS, or a certificate nobody vouches for, is given neither password nor mail', async (t) => {
  const plain = await startStrictRelay(t, { trusted: true, startTls: false })
  const bare = await failureOf(settingsOf(plain.port, { tls: 'required', user: 'book', password: 'right' }))
  const stranger = await startStrictRelay(t, { trusted: false, startTls: true })
  const unknown = await failureOf(settingsOf(stranger.port, { tls: 'required', user: 'book', password: 'right' }))
  assert.deepEqual([bare.outcome, bare.cause, unknown.outcome, unknown.errorType], ['refused', 'configuration', 'unreachable', 'tls'])
  assert.deepEqual([...plain.mails, ...stranger.mails], [])
})

test('giving up closes the socket at once, wherever the dialogue stands', async () => {
  const hangsAfter: [string, (socket: Socket) => void][] = [
    ['connecting', () => {}],
    ['the greeting', (socket) => socket.write('220 here\r\n')],
    [
      'the recipient',
      (socket) => {
        socket.write('220 here\r\n')
        socket.on('data', (chunk: Buffer) => {
          if (/^(EHLO|MAIL)/.test(chunk.toString())) socket.write('250 ok\r\n')
        })
      },
    ],
  ]
  for (const [where, play] of hangsAfter) {
    const server = createServer((socket) => {
      socket.on('error', () => {}).resume()
      play(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const gone = once(server, 'connection').then(async ([socket]) => once(socket as Socket, 'close'))
    const controller = new AbortController()
    const given = new CallFailure({ outcome: 'unknown', errorType: 'timeout' })
    setTimeout(() => controller.abort(given), 100)
    const facts = await failureOf(settingsOf((server.address() as AddressInfo).port, { host: '127.0.0.1' }), controller.signal)
    assert.equal(facts.errorType, 'timeout', where)
    await gone
    await new Promise((resolve) => server.close(resolve))
  }
})

test('a send that was given up before it began asks nobody', async (t) => {
  const simulators = await startSimulators({ port: 0 })
  t.after(() => simulators.close())
  const given = new CallFailure({ outcome: 'unknown', errorType: 'timeout' })
  await failureOf(settingsOf(Number(new URL(simulators.smtpUrl).port)), AbortSignal.abort(given))
  assert.deepEqual(await (await fetch(`${simulators.url}/inbox.json`)).json(), [])
})
