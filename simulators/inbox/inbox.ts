import { isoTime } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { e164 } from '../phone-number.ts'
import type { Store } from '../store.ts'

/** A message as the phone, or the mailbox, got it. `to` is E.164 with `+`, or a mail address. */
export type Message = {
  channel: 'sms' | 'whatsapp' | 'email'
  to: string
  from: string
  /** Of a mail. */
  subject?: string
  body: string
  receivedAt: string
}

export type Inbox = {
  receive(message: Omit<Message, 'receivedAt'>): void
  /** Newest first, of those that are kept; of one phone when `to` is given in any of its spellings. */
  messages(to?: string): Message[]
}

const USUALLY_KEPT = 500

/** Of all messages the newest stay, 500 unless `keep` says otherwise. */
export function openInbox({ store, clock, keep = USUALLY_KEPT }: { store: Store; clock: Clock; keep?: number | undefined }): Inbox {
  let next = 1 + Math.max(0, ...store.all<{ order: number }>('message').map(({ order }) => order))
  return {
    receive: (message) => {
      const order = next
      next += 1
      store.put('message', String(order), { order, message: { ...message, receivedAt: isoTime(clock.now()) } })
      store.keepNewest('message', keep)
    },
    messages: (to) => {
      const all = store
        .all<{ message: Message }>('message')
        .map(({ message }) => message)
        .toReversed()
      if (to === undefined) return all
      const wanted = e164(to) ?? to.toLowerCase()
      return all.filter((message) => message.to.toLowerCase() === wanted)
    },
  }
}
