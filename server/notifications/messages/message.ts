import { formatMoney, type Locale, type Money, type Text } from '#foundation'
import { type BookingWords, hourIn, momentIn, nameIn, plainly } from './wording.ts'

/** Everything any message may need; each kind says which of it must be there. */
export interface AllWords extends BookingWords {
  amount: Money
  /** Until when a time is kept, as ISO text. */
  until: string
  /** Where a moved booking was before, as ISO text. */
  was: string
  /** Whom the booking is for, as written by the customer. */
  customer: string
}

/** What may stand between braces in a body, and how it is said. */
const slots = {
  business: (words, locale) => nameIn(locale, words.businessName),
  service: (words, locale) => nameIn(locale, words.serviceName),
  moment: (words, locale) => momentIn(locale, words),
  reference: ({ reference }) => reference,
  amount: ({ amount }, locale) => plainly(formatMoney(amount, locale)),
  until: ({ until, zone }, locale) => hourIn(locale, { startsAt: until, zone }),
  was: ({ was, zone }, locale) => momentIn(locale, { startsAt: was, zone }),
  customer: ({ customer }, locale) => nameIn(locale, { ar: customer, en: customer }),
} as const satisfies Record<string, (words: AllWords, locale: Locale) => string>

type Slot = keyof typeof slots

/**
 * One kind of message. Its bodies are at once the text of an SMS and the approved WhatsApp template: what is fixed stands in the
 * body, what changes stands in braces and travels as a parameter, in the order in which it appears.
 */
export interface Message<Words = never, Variant extends string = string> {
  audience: 'customer' | 'staff' | 'operator'
  /** Sent only with consent, within hours and under a sender name that ends in -AD. */
  promotional?: true
  /** Which body says it. */
  variant(words: Words): Variant
  bodies: Record<Variant, Text>
  /** Of the mail. */
  subject: Text
}

/** Holds a kind to its bodies: one that `variant` may name and nobody wrote does not compile. */
export function defineMessage<Words extends BookingWords, const Variant extends string>(
  message: Message<Words, Variant>,
): Message<Words, Variant> {
  return message
}

const inBraces = /\{(\w+)\}/g

/** The slots of a body, in their order. */
export function slotsOf(body: string): string[] {
  return [...body.matchAll(inBraces)].map(([, name]) => String(name))
}

/** The values of a body's slots, in their order. Throws for words they cannot be said from. */
export function valuesOf(body: string, words: AllWords, locale: Locale): string[] {
  return slotsOf(body).map((name) => slots[name as Slot](words, locale))
}

export function filled(body: string, words: AllWords, locale: Locale): string {
  return body.replace(inBraces, (_whole, name: Slot) => slots[name](words, locale))
}

/** As the vendor of templates wants it written. */
export function asTemplate(body: string): string {
  let number = 0
  return body.replace(inBraces, () => `{{${++number}}}`)
}
