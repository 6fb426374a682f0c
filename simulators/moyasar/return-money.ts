import type { Answer, Call } from '../answers.ts'
import { amountFormat } from './amounts.ts'
import { announce } from './announce.ts'
import { readFields } from './check-fields.ts'
import type { Gateway, InvoiceStatus, KeptPayment } from './objects.ts'
import { nowIso } from './objects.ts'
import { readInvoice, saveInvoice, savePayment } from './records.ts'
import { answer, invalid, stateForbids } from './refusals.ts'

/** The `amount` asked for, or all there is when none was given. */
function askedAmount(call: Call, all: number): { amount: number } | { errors: Record<string, string[]> } {
  if ((call.fields['amount'] ?? null) === null) return { amount: all }
  const read = readFields(call)
  const amount = read.amount('amount', 1)
  return read.failed() ? { errors: read.errors } : { amount }
}

/** Gives back a part or the rest. There is no refund object: the running total is all the evidence. */
export function refund(gateway: Gateway, kept: KeptPayment, call: Call): Answer {
  const { values } = gateway.switches
  const { payment } = kept
  const left = (payment.status === 'captured' || payment.captured > 0 ? payment.captured : payment.amount) - payment.refunded
  const more = payment.status === 'refunded' && left > 0 && values.secondPartialRefund === 'accept'
  if (payment.status !== 'paid' && payment.status !== 'captured' && !more) {
    return stateForbids('Only paid or captured payments can be refunded.')
  }
  const asked = askedAmount(call, left)
  if ('errors' in asked) return invalid(asked.errors, gateway.switches)
  if (asked.amount > left) return stateForbids('The refund amount is more than what is left of the payment.')
  const whole = asked.amount === left
  const refunded = payment.refunded + asked.amount
  const saved = savePayment(gateway, kept, {
    status: whole || values.paymentAfterPartialRefund === 'refunded' ? 'refunded' : payment.status,
    refunded,
    refunded_at: nowIso(gateway),
    refunded_format: amountFormat(refunded, payment.currency),
  })
  const invoiceToo = whole ? values.invoiceAfterFullRefund : values.invoiceAfterPartialRefund
  if (invoiceToo === 'refunded') moveInvoice(gateway, saved, 'refunded')
  announce(gateway, 'payment_refunded', saved)
  return answer(200, saved.payment)
}

/** All or nothing: an authorised payment always, a paid one until it is settled. */
export function voidPayment(gateway: Gateway, kept: KeptPayment): Answer {
  const { payment, paidAtMs } = kept
  const withinWindow =
    (payment.status === 'paid' || payment.status === 'captured') &&
    gateway.clock.now() - (paidAtMs ?? 0) < gateway.switches.values.voidWindowMinutes * 60_000
  if (payment.status !== 'authorized' && !withinWindow) return stateForbids('The payment cannot be voided.')
  const saved = savePayment(gateway, kept, { status: 'voided', voided_at: nowIso(gateway) })
  moveInvoice(gateway, saved, 'voided')
  announce(gateway, 'payment_voided', saved)
  return answer(200, saved.payment)
}

/** Takes an authorised amount, or a part of it and lets the rest go. */
export function capture(gateway: Gateway, kept: KeptPayment, call: Call): Answer {
  const { payment, paidAtMs } = kept
  const mostMs = gateway.switches.values.madaCaptureDays * 24 * 60 * 60_000
  const tooLate = payment.source.company === 'mada' && gateway.clock.now() - (paidAtMs ?? 0) > mostMs
  if (tooLate) return stateForbids('The time to capture this payment is over.')
  if (payment.status !== 'authorized') return stateForbids('Only authorized payments can be captured.')
  const asked = askedAmount(call, payment.amount)
  if ('errors' in asked) return invalid(asked.errors, gateway.switches)
  if (asked.amount > payment.amount) return stateForbids('The capture amount is more than the authorized amount.')
  const saved = savePayment(gateway, kept, {
    status: 'captured',
    captured: asked.amount,
    captured_at: nowIso(gateway),
    captured_format: amountFormat(asked.amount, payment.currency),
  })
  moveInvoice(gateway, saved, 'paid')
  announce(gateway, 'payment_captured', saved)
  return answer(200, saved.payment)
}

function moveInvoice(gateway: Gateway, { payment }: KeptPayment, status: InvoiceStatus): void {
  const invoice = payment.invoice_id === null ? undefined : readInvoice(gateway, payment.invoice_id)
  if (invoice !== undefined) saveInvoice(gateway, invoice, { status })
}
