import { randomBytes } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { callbackify } from 'node:util'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { SMTPServer } from 'smtp-server'
import type { Fault, FaultName, FaultPlan } from '../faults.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { carry } from './carry.ts'
import { readMail } from './read-mail.ts'

/** The one password that is refused; every other is an account's. */
const WRONG_PASSWORD = 'wrong-password'
const LATE_MS = 3_000
const TRIES = 50

export type Relay = { url: string; close(): Promise<void> }
type Reply = [responseCode: number, text: string]

/** What the relay says instead of taking a mail, by fault, and at which command. */
const AT_CONNECT: Partial<Record<FaultName, Reply>> = { busy: [421, '4.3.2 Service not available, closing transmission channel'] }
const AT_LOGIN: Partial<Record<FaultName, Reply>> = { 'bad-login': [535, '5.7.8 Authentication credentials invalid'] }
const AT_RECIPIENT: Partial<Record<FaultName, Reply>> = {
  refuse: [550, '5.1.1 User unknown'],
  greylist: [451, '4.7.1 Greylisted, please try again later'],
  'mailbox-full': [552, '5.2.2 Mailbox full'],
  'no-relay': [550, '5.7.1 Relaying denied'],
}
const AT_DATA: Partial<Record<FaultName, Reply>> = {
  'mail-refused': [554, '5.6.0 Message content not accepted'],
  'mail-put-off': [451, '4.3.0 Message temporarily deferred'],
}

/**
 * A mail relay, played: a real SMTP server, which is no work of ours, behind a line that can be cut, slowed and hung at
 * will. STARTTLS is offered, signing in is not asked for. One fault is taken for each connection.
 */
export async function startRelay(port: number, { inbox, faults }: { inbox: Inbox; faults: FaultPlan }): Promise<Relay> {
  /** By the port that the line's inner end has at the server. */
  const lines = new Map<number, { client: Socket; fault: Fault | undefined }>()
  const faultOf = (remotePort: number): FaultName | undefined => lines.get(remotePort)?.fault?.fault

  const server = new SMTPServer({
    name: 'relay.simulated',
    banner: 'Simulated relay',
    authOptional: true,
    allowInsecureAuth: true,
    size: 1_000_000,
    disableReverseLookup: true,
    logger: false,
    onConnect: ({ remotePort }, done) => done(refusal(AT_CONNECT[faultOf(remotePort) ?? 'hang'])),
    onAuth: ({ username, password }, { remotePort }, done) => {
      const refused = refusal(password === WRONG_PASSWORD ? AT_LOGIN['bad-login'] : AT_LOGIN[faultOf(remotePort) ?? 'hang'])
      if (refused) return done(refused)
      done(null, { user: username ?? '' })
    },
    // A relay that refuses logins refuses those who do not even try, too.
    onMailFrom: (_address, { remotePort }, done) =>
      done(faultOf(remotePort) === 'bad-login' ? refusal([530, '5.7.0 Authentication required']) : null),
    onRcptTo: ({ address }, { remotePort }, done) => {
      const unknown = address.startsWith('nobody@') ? AT_RECIPIENT.refuse : undefined
      done(refusal(unknown ?? AT_RECIPIENT[faultOf(remotePort) ?? 'hang']))
    },
    onData: (stream, session, done) => take(stream, session, done),
  })
  /** Reads a mail and keeps it; what is said of it. */
  const take = callbackify(async (stream: SMTPServerDataStream, { envelope, remotePort }: SMTPServerSession): Promise<string> => {
    const raw = await whole(stream)
    const line = lines.get(remotePort)
    const refused = refusal(AT_DATA[line?.fault?.fault ?? 'hang'])
    if (refused) throw refused
    if (line?.fault?.fault === 'late-work') await pause(line.fault.delayMs ?? LATE_MS)
    const { from, subject, text } = readMail(raw)
    for (const { address } of envelope.rcptTo) inbox.receive({ channel: 'email', to: address, from, subject, body: text })
    if (line?.fault?.fault === 'after-work') line.client.resetAndDestroy()
    return `2.0.0 Ok: queued as ${randomBytes(5).toString('hex').toUpperCase()}`
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()))
  const innerPort = (server.server.address() as AddressInfo).port

  const open = new Set<Socket>()
  const front = createServer((client) => {
    open.add(client)
    client.on('error', () => {})
    client.once('close', () => open.delete(client))
    const fault = faults.take('smtp', 'send')
    const inner = connect(innerPort, '127.0.0.1', () => {
      const own = inner.localPort ?? 0
      lines.set(own, { client, fault })
      inner.once('close', () => lines.delete(own))
      carry(client, inner, fault)
    })
    inner.on('error', () => client.destroy())
    open.add(inner)
    inner.once('close', () => open.delete(inner))
  })
  await listenFrom(port, (candidate, listening) => front.listen(candidate, '127.0.0.1', listening), front)
  return {
    url: `smtp://127.0.0.1:${(front.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of open) socket.destroy()
      await Promise.all([new Promise((resolve) => front.close(resolve)), new Promise<void>((resolve) => server.close(() => resolve()))])
    },
  }
}

function refusal(reply: Reply | undefined): (Error & { responseCode: number }) | null {
  return reply === undefined ? null : Object.assign(new Error(reply[1]), { responseCode: reply[0] })
}

async function whole(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}

/** On this port, or the next that is free. */
async function listenFrom(
  port: number,
  listen: (candidate: number, listening: () => void) => void,
  server: { once(event: 'error', tell: (error: Error) => void): void; off(event: 'error', tell: (error: Error) => void): void },
): Promise<void> {
  for (let candidate = port; ; candidate += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        listen(candidate, () => {
          server.off('error', reject)
          resolve()
        })
      })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port === 0 || candidate >= port + TRIES) throw error
    }
  }
}
