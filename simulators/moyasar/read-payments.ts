import { fail } from './conclude.ts'
import type { Challenge, Gateway, Invoice, KeptInvoice, KeptPayment, Mode, Payment } from './objects.ts'
import { readInvoice } from './records.ts'

const TIME_RAN_OUT = 'The allowed time to complete the payment has run out.'

/** What the API shows of an invoice: with its payments, newest first. */
export function showInvoice(gateway: Gateway, kept: KeptInvoice): Invoice & { payments: Payment[] } {
  const payments = kept.paymentIds.flatMap((id) => readPayment(gateway, id)?.payment ?? [])
  const { invoice } = readInvoice(gateway, kept.invoice.id) ?? kept
  return { ...invoice, payments: payments.toReversed() }
}

/** A payment as it is now: one whose 3-D Secure page ran out of time has failed. */
export function readPayment(gateway: Gateway, id: string, mode?: Mode): KeptPayment | undefined {
  const kept = gateway.store.get<KeptPayment>('payment', id)
  if (kept === undefined || (mode !== undefined && kept.mode !== mode)) return undefined
  const challenge = kept.challengeId === null ? undefined : gateway.store.get<Challenge>('challenge', kept.challengeId)
  const over = challenge !== undefined && challenge.expiresAtMs <= gateway.clock.now()
  return kept.payment.status === 'initiated' && over ? fail(gateway, kept, { code: null, message: TIME_RAN_OUT }) : kept
}

/** Newest first, of one mode, each as it is now. */
export function allPayments(gateway: Gateway, mode: Mode): KeptPayment[] {
  return gateway.store
    .all<KeptPayment>('payment')
    .flatMap(({ payment }) => readPayment(gateway, payment.id, mode) ?? [])
    .toReversed()
}
