import { type Queryable, sql, type Transaction } from '#database'

export const ledgerKinds = ['charge', 'fee', 'fee_undone', 'refund', 'refund_undone', 'write_off'] as const
export type LedgerKind = (typeof ledgerKinds)[number]
export const ledgerAccounts = ['gateway', 'order', 'fees', 'written_off'] as const
export type LedgerAccount = (typeof ledgerAccounts)[number]

export interface LedgerEntry {
  businessId: string
  payableId: string
  paymentId: string
  kind: LedgerKind
  /** The account the amount goes to, and the one it comes from. */
  debit: LedgerAccount
  credit: LedgerAccount
  amountMinor: number
  /** As the gateway says it: it need not be one of ours. */
  currency: string
  /** What happened, named so that it is posted once. */
  fact: string
}

export type PostedEntry = LedgerEntry & { id: string; postedAt: Temporal.Instant }

/** Writes an entry in the transaction that moves the money; 0 when this fact was posted before. Entries are final. */
export function insertEntry(tx: Transaction, entry: LedgerEntry): Promise<number> {
  const { businessId, payableId, paymentId, kind, debit, credit, amountMinor, currency, fact } = entry
  return tx.run(sql`
    insert into ledger_entry (business_id, payable_id, payment_id, kind, debit, credit, amount_minor, currency, fact)
    values (${businessId}, ${payableId}, ${paymentId}, ${kind}, ${debit}, ${credit}, ${amountMinor}, ${currency}, ${fact})
    on conflict (business_id, fact) do nothing`)
}

/** What was posted for a fact of one business; undefined when nothing was. */
export function findPosted(
  db: Queryable,
  businessId: string,
  fact: string,
): Promise<{ amountMinor: number; currency: string } | undefined> {
  return db.row(sql`select amount_minor, currency from ledger_entry where business_id = ${businessId} and fact = ${fact}`)
}

/** Every entry of one payable, oldest first. */
export function ledgerOf(db: Queryable, payableId: string): Promise<PostedEntry[]> {
  return db.rows(sql`
    select id, business_id, payable_id, payment_id, kind, debit, credit, amount_minor, currency, fact, posted_at
    from ledger_entry where payable_id = ${payableId} order by posted_at, id`)
}

/** What stands on each account of one payable, debits less credits: an order that was paid 150 and given 50 back stands at −100. */
export function balancesOf(
  db: Queryable,
  payableId: string,
): Promise<{ account: LedgerAccount; currency: string; balanceMinor: number }[]> {
  return db.rows(sql`
    select account, currency, sum(minor)::bigint as balance_minor
    from ledger_entry, lateral (values (debit, amount_minor), (credit, -amount_minor)) as side (account, minor)
    where payable_id = ${payableId} group by account, currency order by account, currency`)
}
