import type { Transaction } from '#database'
import type { GatewayCharge } from './gateway.ts'
import { findPosted, insertEntry, type LedgerAccount, type LedgerEntry } from './ledger-queries.ts'

/** Whose books: a payment, or what a refund knows of its payment. */
export interface Books {
  businessId: string
  payableId: string
  paymentId: string
}

const booksOf = ({ businessId, payableId, paymentId }: Books): Books => ({ businessId, payableId, paymentId })

/** Money came: the gateway holds it for the order, less what it keeps for itself. */
export async function postCharge(
  tx: Transaction,
  books: Books,
  { id, amount, feeMinor }: Pick<GatewayCharge, 'id' | 'amount' | 'feeMinor'>,
): Promise<void> {
  await post(tx, { ...booksOf(books), kind: 'charge', debit: 'gateway', credit: 'order', ...amount, fact: `charge:${id}` })
  await post(tx, {
    ...booksOf(books),
    kind: 'fee',
    debit: 'fees',
    credit: 'gateway',
    amountMinor: feeMinor,
    currency: amount.currency,
    fact: `fee:${id}`,
  })
}

interface Returned extends Books {
  refundId: string
  amountMinor: number
  currency: string
  /** How often it was sent: one that turned out not to have arrived is sent, and posted, once more. */
  attempts: number
}

/** Money went back. */
export async function postRefund(tx: Transaction, refund: Returned): Promise<void> {
  const { refundId, attempts, amountMinor, currency } = refund
  await post(tx, {
    ...booksOf(refund),
    kind: 'refund',
    debit: 'order',
    credit: 'gateway',
    amountMinor,
    currency,
    fact: `refund:${refundId}:${attempts}`,
  })
}

/** A charge that was voided never settles: the gateway keeps nothing of it. */
export async function postFeeUndone(tx: Transaction, books: Books, chargeId: string): Promise<void> {
  const fee = await findPosted(tx, books.businessId, `fee:${chargeId}`)
  if (fee)
    await post(tx, { ...booksOf(books), kind: 'fee_undone', debit: 'gateway', credit: 'fees', ...fee, fact: `fee_undone:${chargeId}` })
}

/** The gateway does not show it after all. */
export async function postRefundUndone(tx: Transaction, refund: Returned): Promise<void> {
  const { refundId, attempts, amountMinor, currency } = refund
  await post(tx, {
    ...booksOf(refund),
    kind: 'refund_undone',
    debit: 'gateway',
    credit: 'order',
    amountMinor,
    currency,
    fact: `refund_undone:${refundId}:${attempts}`,
  })
}

/** A person stopped looking for a difference: `account` takes `minor` more (less, when negative), and what it came from is written off. */
export async function postWriteOff(
  tx: Transaction,
  books: Books,
  difference: { id: string; account: LedgerAccount; minor: number; currency: string },
): Promise<void> {
  const { id, account, minor, currency } = difference
  const sides = minor > 0 ? ({ debit: account, credit: 'written_off' } as const) : ({ debit: 'written_off', credit: account } as const)
  await post(tx, { ...booksOf(books), kind: 'write_off', ...sides, amountMinor: Math.abs(minor), currency, fact: `write_off:${id}` })
}

async function post(tx: Transaction, entry: LedgerEntry): Promise<void> {
  if (entry.amountMinor !== 0) await insertEntry(tx, entry)
}
