import type { Queryable, Transaction } from '#database'
import type { Money } from '#foundation'

/** What is paid for. Joined by the assembly, so that payments never hear of a booking. Every call in a transaction is part of the one that settles. */
export interface Payable {
  /** Locks what is paid for: the first lock on every path that settles. */
  lock(tx: Transaction, payableId: string): Promise<void>
  /** Decides what becomes of money that has come; called once for each payment. */
  paid(
    tx: Transaction,
    payment: { id: string; payableId: string; amount: Money },
  ): Promise<{ disposition: 'applied' | 'applied_late' } | { disposition: 'refund_due'; reason: string }>
  /** Hears that money came back, in the transaction that notes it: once for each refund. */
  returned(tx: Transaction, payableId: string, refund: { id: string; amount: Money; reason: string }): Promise<void>
  ownedBy(db: Queryable, payableId: string, accountId: string): Promise<boolean>
  /** What goes by this reference and what is to be paid for it; null when nothing does. */
  named(db: Queryable, reference: string): Promise<{ payableId: string; businessId: string; due: Money } | null>
  describe(db: Queryable, payableIds: string[]): Promise<Map<string, { bookingId: string; bookingReference: string }>>
}
