import type { Locale } from '#foundation'
import type { DeliveryReport } from './reports/delivery-report-reader.ts'
import type { WrittenMessage } from './messages.ts'
import type { Channel } from './queries.ts'

/** One message on its way out: what it says for each kind of channel, and to whom. */
export interface OutgoingMessage extends WrittenMessage {
  /** Of the notification: given to vendors that take an id of ours, so that a repetition can be known as one. */
  id: string
  /** An E.164 phone number, or an address for e-mail. */
  to: string
  locale: Locale
}

/** A vendor of booking messages. Chosen apart from the vendor of one-time codes, so that one may fail without the other. */
export interface NotificationProvider {
  readonly name: string
  readonly channel: Channel
  /** Whether it was given a sender name that is registered for advertising. Asked of SMS alone. */
  readonly promotes?: boolean
  /** Hands one message over. Throws CallFailure and nothing else for what the vendor does. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<{ providerMessageId: string | null }>
  /** Asks what became of a message that was sent with an id of ours; absent: the vendor cannot be asked. Empty: it knows of none. Throws CallFailure. */
  findByOurId?(id: string, signal: AbortSignal): Promise<DeliveryReport[]>
  /** The same by the vendor's own id. */
  findByTheirId?(providerMessageId: string, signal: AbortSignal): Promise<DeliveryReport[]>
}
