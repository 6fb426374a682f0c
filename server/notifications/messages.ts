import type { Locale } from '#foundation'
import { bookingCancelled, type CancelledWords } from './messages/booking-cancelled.ts'
import { bookingConfirmed } from './messages/booking-confirmed.ts'
import { bookingRescheduled } from './messages/booking-rescheduled.ts'
import { type BookingWords, nameIn } from './messages/wording.ts'

/** Every message the house sends, by its kind, and what it needs to be written. */
export interface MessageData {
  'booking-confirmed': BookingWords
  'booking-rescheduled': BookingWords
  'booking-cancelled': CancelledWords
}

export type NotificationKind = keyof MessageData

const writers: { [Kind in NotificationKind]: (data: MessageData[Kind], locale: Locale) => string } = {
  'booking-confirmed': bookingConfirmed,
  'booking-rescheduled': bookingRescheduled,
  'booking-cancelled': bookingCancelled,
}

export const notificationKinds = Object.keys(writers) as NotificationKind[]

/** What one message says: as plain text for SMS and mail, and as an approved template for channels that allow nothing else. */
export interface WrittenMessage {
  text: string
  /** Of the mail. */
  subject: string
  /** By its name at the vendor, and its values in their order. */
  template: { name: string; parameters: string[] }
  /** Sent only with consent, within hours and under a sender name that ends in -AD. */
  promotional: boolean
}

/** The words of a message. Throws for a kind nobody writes, or data it cannot be written from. */
export function writeMessage(kind: string, data: Record<string, unknown>, locale: Locale): WrittenMessage {
  const known = notificationKinds.find((candidate) => candidate === kind)
  if (known === undefined) throw new RangeError(`Nobody writes messages of the kind ${kind}.`)
  // The row was written by the same version of these types, in the transaction of the change it tells of.
  const words = data as unknown as CancelledWords
  const text = writers[known](words, locale)
  return {
    text,
    subject: nameIn(locale, words.businessName),
    template: { name: `thabit_${known.replaceAll('-', '_')}`, parameters: [text] },
    promotional: false,
  }
}
