import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { CallFailure } from '#external-calls'
import type { NotificationProvider } from '#notifications'
import { type Stage, toFailure, toMail } from './wire.ts'

export interface SmtpSettings {
  host: string
  port: number
  /** From the first byte; by STARTTLS or not at all; by STARTTLS where the relay can (our own machine). */
  tls: 'implicit' | 'required' | 'if offered'
  /** Empty: the relay knows us by our address. */
  user: string
  password: string
  /** `Name <address>` */
  from: string
}

/** Longer than any deadline of ours: the caller's signal alone ends the dialogue. */
const neverMs = 600_000
const largestReplyBytes = 64 * 1024

export function smtpNotifications(settings: SmtpSettings): NotificationProvider {
  return {
    name: 'smtp',
    channel: 'email',
    async send(message, signal) {
      const mail = new MailComposer(toMail(settings, message)).compile()
      const content = await mail.build()
      const envelope = mail.getEnvelope()
      let stage: Stage = 'connecting'
      const connection = openConnection(settings)
      // Given up: the socket goes at once, so that no relay keeps us and nothing more is said.
      const giveUp = () => connection.close()
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        return await new Promise((resolve, reject) => {
          connection.on('error', reject)
          connection.on('end', () => reject(new Error('The relay closed the connection.')))
          connection.connect((failed) => {
            if (failed) return reject(failed)
            stage = 'signing in'
            signIn(connection, settings, (refused) => {
              if (refused) return reject(refused)
              stage = 'addressing'
              // Read only once the relay has asked for it; its end is followed by the line that gives the mail over.
              const source = Readable.from([content])
              source.once('end', () => (stage = 'mail given'))
              connection.send(envelope, source, (unsent, info) => {
                if (unsent) return reject(unsent)
                resolve({ providerMessageId: queueId(info.response) })
              })
            })
          })
          if (signal.aborted) giveUp()
        })
      } catch (error) {
        throw signal.aborted && signal.reason instanceof CallFailure ? signal.reason : toFailure(error, stage)
      } finally {
        signal.removeEventListener('abort', giveUp)
        connection.close()
      }
    },
  }
}

function openConnection({ host, port, tls }: SmtpSettings): SMTPConnection {
  return new SMTPConnection({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    // On our own machine a relay's certificate is its own.
    tls: { minVersion: 'TLSv1.2', ...(tls === 'if offered' && { rejectUnauthorized: false }) },
    name: 'thabit.local',
    connectionTimeout: neverMs,
    greetingTimeout: neverMs,
    socketTimeout: neverMs,
    dnsTimeout: neverMs,
    socketCloseTimeout: 0,
    maxResponseSize: largestReplyBytes,
    allowInternalNetworkInterfaces: true,
  })
}

function signIn(connection: SMTPConnection, { user, password }: SmtpSettings, done: (error?: Error | null) => void): void {
  if (user === '') return done()
  connection.login({ user, pass: password }, done)
}

/** The relay's own name for it, where its last reply tells one in the usual way. */
function queueId(response: string): string | null {
  return /\bqueued as:? *<?([\w.@+-]{4,120})>?/i.exec(response)?.[1] ?? null
}
