import { isoTime } from '../clock.ts'
import type { MovableClock } from '../clock.ts'
import type { Agenda } from '../agenda.ts'
import type { FaultPlan } from '../faults.ts'
import type { Store } from '../store.ts'
import type { MoyasarSwitches } from './switches.ts'

export type Mode = 'test' | 'live'
export type Metadata = Record<string, string | number | boolean>

export type InvoiceStatus = 'initiated' | 'paid' | 'failed' | 'refunded' | 'canceled' | 'expired' | 'voided'
export type PaymentStatus = 'initiated' | 'paid' | 'authorized' | 'failed' | 'refunded' | 'captured' | 'voided'

export type Invoice = {
  id: string
  status: InvoiceStatus
  amount: number
  currency: string
  description: string
  logo_url: string | null
  amount_format: string
  url: string
  callback_url: string | null
  expired_at: string | null
  created_at: string
  updated_at: string
  back_url: string | null
  success_url: string | null
  metadata: Metadata | null
}

export type CardSource = {
  type: 'creditcard'
  company: 'mada' | 'visa' | 'master' | 'amex' | 'unionpay'
  name: string | null
  number: string
  dpan: null
  gateway_id: string
  token: null
  message: string | null
  transaction_url: string | null
  reference_number: string | null
  authorization_code: string | null
  response_code: string | null
  issuer_name: string | null
  issuer_country: string | null
  issuer_card_type: 'debit' | 'credit' | null
  issuer_card_category: string | null
}

export type Payment = {
  id: string
  status: PaymentStatus
  amount: number
  fee: number
  currency: string
  refunded: number
  refunded_at: string | null
  captured: number
  captured_at: string | null
  voided_at: string | null
  description: string | null
  amount_format: string
  fee_format: string
  refunded_format: string
  captured_format: string
  invoice_id: string | null
  ip: string | null
  callback_url: string | null
  created_at: string
  updated_at: string
  metadata: Metadata | null
  source: CardSource
}

/** What is kept beside what the API shows. */
export type KeptInvoice = { mode: Mode; paymentIds: string[]; invoice: Invoice }
export type KeptPayment = { mode: Mode; manual: boolean; challengeId: string | null; paidAtMs: number | null; payment: Payment }

/** An open 3-D Secure page. */
export type Challenge = { id: string; token: string; paymentId: string; cardNumber: string; expiresAtMs: number; open: boolean }

export type EventType =
  | 'payment_paid'
  | 'payment_failed'
  | 'payment_voided'
  | 'payment_authorized'
  | 'payment_captured'
  | 'payment_refunded'

export type KeptWebhook = {
  id: string
  mode: Mode
  http_method: 'post' | 'put' | 'patch'
  url: string
  sharedSecret: string
  /** Null: all events, also those to come. */
  events: string[] | null
  created_at: string
  verified_at: string | null
  code: string | null
  /** How often a code was given back. */
  tries?: number
}

export type WebhookEvent = { id: string; type: string; created_at: string; account_name: string; live: boolean; data: unknown }

/** An event on its way to one endpoint. `held`: waits for a later one to overtake it. */
export type WebhookDelivery = { webhookId: string; event: WebhookEvent; attempt: number; firstAtMs: number | null; held: boolean }

export type WebhookAttempt = {
  id: string
  webhook_id: string
  event_id: string
  event_type: string
  retry_number: number
  result: 'success' | 'failed'
  message: string
  response_code: number | null
  response_headers: Record<string, string>
  response_body: string
  created_at: string
}

/** Everything Moyasar's side needs. */
export type Gateway = {
  store: Store
  clock: MovableClock
  agenda: Agenda
  faults: FaultPlan
  switches: MoyasarSwitches
  url(): string
}

export function nowIso(gateway: Gateway): string {
  return isoTime(gateway.clock.now())
}
