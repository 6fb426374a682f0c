import type { Locale, Text } from '#foundation'
import { bookingCancelled } from './messages/booking-cancelled.ts'
import { bookingConfirmed } from './messages/booking-confirmed.ts'
import { bookingReminder } from './messages/booking-reminder.ts'
import { bookingRescheduled } from './messages/booking-rescheduled.ts'
import { bookingWaiting } from './messages/booking-waiting.ts'
import { canary } from './messages/canary.ts'
import { holdEnding } from './messages/hold-ending.ts'
import { type AllWords, filled, type Message, valuesOf } from './messages/message.ts'
import { paymentAppliedLate } from './messages/payment-applied-late.ts'
import { paymentReceived } from './messages/payment-received.ts'
import { refundMade } from './messages/refund-made.ts'
import { staffBookingCancelled } from './messages/staff-booking-cancelled.ts'
import { staffBookingChanged } from './messages/staff-booking-changed.ts'
import { staffBookingNew } from './messages/staff-booking-new.ts'
import { visitAgain } from './messages/visit-again.ts'

/** Every message the house sends about a booking, by its kind. */
const messages = {
  'booking-confirmed': bookingConfirmed,
  'payment-received': paymentReceived,
  'payment-applied-late': paymentAppliedLate,
  'refund-made': refundMade,
  'booking-reminder': bookingReminder,
  'booking-rescheduled': bookingRescheduled,
  'booking-cancelled': bookingCancelled,
  'hold-ending': holdEnding,
  'booking-waiting': bookingWaiting,
  'staff-booking-new': staffBookingNew,
  'staff-booking-changed': staffBookingChanged,
  'staff-booking-cancelled': staffBookingCancelled,
  'visit-again': visitAgain,
  canary,
} as const

export type NotificationKind = keyof typeof messages

/** What each kind needs to be written. */
export type MessageData = { [Kind in NotificationKind]: Parameters<(typeof messages)[Kind]['variant']>[0] }

export const notificationKinds = Object.keys(messages) as NotificationKind[]

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

interface Body {
  variant: string
  template: string
  text: Text
}

function bodyOf(kind: NotificationKind, variant: string): Body {
  const { bodies }: { bodies: Record<string, Text> } = messages[kind]
  const text = bodies[variant]
  if (!text) throw new RangeError(`The kind ${kind} has no body ${variant}.`)
  return { variant, template: ['thabit', ...kind.split('-'), ...(variant === 'plain' ? [] : [variant])].join('_'), text }
}

/** Every body of a kind, each a template of its own at vendors of templates. */
export function bodiesOf(kind: NotificationKind): Body[] {
  return Object.keys(messages[kind].bodies).map((variant) => bodyOf(kind, variant))
}

/** A message to ourselves about one channel: sent by no other, whatever a business chose. */
export function isForOperator(kind: string): boolean {
  return kindsFor('operator').some((candidate) => candidate === kind)
}

/** Whom a kind is for, and whether it promotes. */
export function natureOf(kind: NotificationKind): Pick<Message, 'audience'> & { promotional: boolean } {
  const { audience, promotional }: Message = messages[kind]
  return { audience, promotional: promotional === true }
}

/** The kinds that speak to a customer, to those who work for the business, or to ourselves. */
export function kindsFor(audience: Message['audience']): NotificationKind[] {
  return notificationKinds.filter((kind) => natureOf(kind).audience === audience)
}

/** The words of a message. Throws for a kind nobody writes, or data it cannot be written from. */
export function writeMessage(kind: string, data: Record<string, unknown>, locale: Locale): WrittenMessage {
  const known = notificationKinds.find((candidate) => candidate === kind)
  if (known === undefined) throw new RangeError(`Nobody writes messages of the kind ${kind}.`)
  const message: Message = messages[known]
  return writeBody(known, message.variant(data as never), data, locale)
}

/** One body of a kind, whichever the data asks for. Throws like writeMessage. */
export function writeBody(kind: NotificationKind, variant: string, data: Record<string, unknown>, locale: Locale): WrittenMessage {
  // The row was written by the same version of these types, in the transaction of the change it tells of.
  const words = data as unknown as AllWords
  const { template, text } = bodyOf(kind, variant)
  return {
    text: filled(text[locale], words, locale),
    subject: filled(messages[kind].subject[locale], words, locale),
    template: { name: template, parameters: valuesOf(text[locale], words, locale) },
    promotional: natureOf(kind).promotional,
  }
}
