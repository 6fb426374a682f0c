import { sql, type Transaction } from '#database'
import { adoptTrace, currentTraceParent } from '#foundation'

/** What is to be said to whom about what, once the transaction stood: data, so that it can happen later and elsewhere. */
export interface AbsorbedCall {
  businessId: string
  /** What it is about, and at which version of it: with kind, occasion, channel and recipient it makes the call unique. */
  aboutId: string
  version: number
  /** Which message: `booking-confirmed`. */
  kind: string
  /** Which of several of its kind at one version. */
  occasion?: string
  channel: 'sms' | 'email' | 'whatsapp'
  recipient: string
  locale: 'ar' | 'en'
  /** What the message needs to be written. */
  data: Record<string, unknown>
  /** After this instant it would only confuse and is skipped. */
  notAfter: Temporal.Instant
  /** Of what it is about: its trace, unless the caller brought one, so that one id joins booking, payment and message. */
  traceParent?: string | null
}

/**
 * Promises a call that nobody waits for: its row stands or falls with the caller's own transaction. It never throws for
 * what a vendor does and nothing it does can undo the caller's work; a failure is stored as FAILED and made loud for the
 * operator. `grep 'absorbed('` lists every promise that may fail quietly.
 */
export type Absorbed = (tx: Transaction, call: AbsorbedCall) => Promise<void>

/** Where a message goes first, when not where the caller wrote it to: read in the caller's own transaction. */
export type Readdress = (tx: Transaction, call: AbsorbedCall) => Promise<Pick<AbsorbedCall, 'channel' | 'recipient'>>

/** `promised` hears of each new row while its transaction is still open: to deliver it once that stood, or to leave it to workers. */
export function createAbsorbed(promised: (tx: Transaction, id: string, call: AbsorbedCall) => void, readdress?: Readdress): Absorbed {
  return async (tx, asked) => {
    const call = { ...asked, ...(await readdress?.(tx, asked)) }
    // What the caller wrote to is the person's number, wherever the message goes first.
    const phone = asked.channel === 'email' ? null : asked.recipient
    const row = await tx.row<{ id: string }>(sql`
      insert into notification (business_id, about_id, kind, version, occasion, channel, recipient, phone, locale, data, not_after, trace_parent)
      values (${call.businessId}, ${call.aboutId}, ${call.kind}, ${call.version}, ${call.occasion ?? ''}, ${call.channel}, ${call.recipient}, ${phone}, ${call.locale}, ${call.data}, ${call.notAfter}, ${adoptTrace(call.traceParent, currentTraceParent)})
      on conflict (about_id, kind, version, occasion, channel, recipient) do nothing
      returning id`)
    if (row) promised(tx, row.id, call)
  }
}
