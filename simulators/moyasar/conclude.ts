import { randomInt } from 'node:crypto'
import { amountFormat, feeMinor } from './amounts.ts'
import { announce } from './announce.ts'
import type { Gateway, KeptPayment } from './objects.ts'
import { readInvoice, saveInvoice, savePayment } from './records.ts'

export type BankAnswer = { code: string | null; message: string }

/** The bank said yes: the payment is paid (or authorised), and so is its invoice. */
export function succeed(gateway: Gateway, kept: KeptPayment, { code, message }: BankAnswer): KeptPayment {
  const { payment } = kept
  const fee = feeMinor(payment.amount, payment.source.company, gateway.switches)
  const saved = savePayment(
    gateway,
    kept,
    {
      status: kept.manual ? 'authorized' : 'paid',
      fee,
      fee_format: amountFormat(fee, payment.currency),
      source: {
        ...payment.source,
        message,
        response_code: code,
        reference_number: String(randomInt(10 ** 11, 10 ** 12)),
        authorization_code: String(randomInt(100_000, 1_000_000)),
      },
    },
    { paidAtMs: gateway.clock.now() },
  )
  const invoice = kept.manual || payment.invoice_id === null ? undefined : readInvoice(gateway, payment.invoice_id)
  if (invoice !== undefined) saveInvoice(gateway, invoice, { status: 'paid' })
  // The callback is promised for initiated → paid only; a late approval of a cancelled invoice says nothing.
  const paidInvoice = invoice?.invoice.status === 'initiated' ? invoice.invoice : undefined
  announce(gateway, kept.manual ? 'payment_authorized' : 'payment_paid', saved, paidInvoice)
  return saved
}

export function fail(gateway: Gateway, kept: KeptPayment, { code, message }: BankAnswer): KeptPayment {
  const source = { ...kept.payment.source, message, response_code: code }
  const saved = savePayment(gateway, kept, { status: 'failed', source })
  announce(gateway, 'payment_failed', saved)
  const invoice = kept.payment.invoice_id === null ? undefined : readInvoice(gateway, kept.payment.invoice_id)
  if (invoice?.invoice.status === 'initiated' && gateway.switches.values.invoiceAfterRefusedCard === 'failed') {
    saveInvoice(gateway, invoice, { status: 'failed' })
  }
  return saved
}
