import type { Gateway, Invoice, KeptInvoice, KeptPayment, Mode, Payment } from './objects.ts'
import { nowIso } from './objects.ts'

/** An invoice as it is now: its expiry is noticed when somebody looks, as with the real one. */
export function readInvoice(gateway: Gateway, id: string, mode?: Mode): KeptInvoice | undefined {
  const kept = gateway.store.get<KeptInvoice>('invoice', id)
  if (kept === undefined || (mode !== undefined && kept.mode !== mode)) return undefined
  const { invoice } = kept
  const over = invoice.expired_at !== null && Date.parse(invoice.expired_at) <= gateway.clock.now()
  return invoice.status === 'initiated' && over ? saveInvoice(gateway, kept, { status: 'expired' }) : kept
}

export function saveInvoice(gateway: Gateway, kept: KeptInvoice, changes: Partial<Invoice>): KeptInvoice {
  const saved = { ...kept, invoice: { ...kept.invoice, ...changes, updated_at: nowIso(gateway) } }
  gateway.store.put('invoice', saved.invoice.id, saved)
  return saved
}

export function savePayment(
  gateway: Gateway,
  kept: KeptPayment,
  changes: Partial<Payment>,
  beside: Partial<Omit<KeptPayment, 'payment'>> = {},
): KeptPayment {
  const saved = { ...kept, ...beside, payment: { ...kept.payment, ...changes, updated_at: nowIso(gateway) } }
  gateway.store.put('payment', saved.payment.id, saved)
  return saved
}

/** Newest first, of one mode, each as it is now. */
export function allInvoices(gateway: Gateway, mode: Mode): KeptInvoice[] {
  return gateway.store
    .all<KeptInvoice>('invoice')
    .flatMap(({ invoice }) => readInvoice(gateway, invoice.id, mode) ?? [])
    .toReversed()
}
