import { randomBytes, randomUUID } from 'node:crypto'
import { amountFormat } from './amounts.ts'
import { fail, succeed } from './conclude.ts'
import type { Challenge, Gateway, KeptInvoice, KeptPayment, Metadata, Mode, Payment } from './objects.ts'
import { nowIso } from './objects.ts'
import { readPayment } from './read-payments.ts'
import { readInvoice } from './records.ts'
import type { TestCard } from './test-cards.ts'
import { findCard, maskedNumber } from './test-cards.ts'

export type CardCharge = {
  mode: Mode
  id?: string | undefined
  cardNumber: string
  holder: string | null
  amount: number
  currency: string
  description: string | null
  invoiceId: string | null
  callbackUrl: string | null
  metadata: Metadata | null
  manual: boolean
  applyCoupon: boolean
  /** False is a payment without 3-D Secure (MOTO). */
  secure: boolean
}

/** Starts a card payment. It ends at once, or waits (`initiated`) for its 3-D Secure page. */
export function startCharge(gateway: Gateway, charge: CardCharge): KeptPayment {
  const { values } = gateway.switches
  const card = findCard(charge.cardNumber, values.unlistedCard)
  const challenged = charge.secure && values.challenge === 'card decides' && card.when === 'after challenge'
  const payment = newPayment(gateway, discounted(gateway, charge), card)
  const challenge: Challenge | undefined = challenged
    ? {
        id: randomUUID(),
        token: `auth_${randomBytes(20).toString('hex')}`,
        paymentId: payment.id,
        cardNumber: charge.cardNumber,
        expiresAtMs: gateway.clock.now() + values.challengeMinutes * 60_000,
        open: true,
      }
    : undefined
  if (challenge !== undefined) {
    payment.source.transaction_url = challengeUrl(gateway, challenge)
    gateway.store.put('challenge', challenge.id, challenge)
    gateway.agenda.add('challenge-over', challenge.expiresAtMs, payment.id)
  }
  const kept: KeptPayment = { mode: charge.mode, manual: charge.manual, challengeId: challenge?.id ?? null, paidAtMs: null, payment }
  gateway.store.put('payment', payment.id, kept)
  const invoice = charge.invoiceId === null ? undefined : gateway.store.get<KeptInvoice>('invoice', charge.invoiceId)
  if (invoice !== undefined) {
    gateway.store.put('invoice', invoice.invoice.id, { ...invoice, paymentIds: [...invoice.paymentIds, payment.id] })
  }
  return challenged ? kept : askBank(gateway, kept, card)
}

/** A coupon of the account lowers the amount unasked, and says so in metadata only. */
function discounted(gateway: Gateway, charge: CardCharge): CardCharge {
  const { couponPercent, couponOnInvoices } = gateway.switches.values
  const applies = charge.applyCoupon && couponPercent > 0 && (charge.invoiceId === null || couponOnInvoices)
  const discount = applies ? Math.floor((charge.amount * Math.min(couponPercent, 99)) / 100) : 0
  if (discount === 0) return charge
  const coupon = {
    '#coupon_id': 'simulated',
    '#coupon_code': 'BANK',
    '#coupon_discount': discount,
    '#coupon_original_amount': charge.amount,
  }
  return { ...charge, amount: charge.amount - discount, metadata: { ...charge.metadata, ...coupon } }
}

export function challengeUrl(gateway: Gateway, { id, token }: Challenge): string {
  return `${gateway.url()}/v1/transaction_auths/${id}/form?token=${token}`
}

/** What the customer did on the 3-D Secure page. A page that is closed or out of time changes nothing any more. */
export function finishChallenge(gateway: Gateway, challenge: Challenge, decision: 'approve' | 'reject'): KeptPayment | undefined {
  const kept = readPayment(gateway, challenge.paymentId)
  if (kept === undefined || !challenge.open || kept.payment.status !== 'initiated') return kept
  gateway.store.put('challenge', challenge.id, { ...challenge, open: false })
  if (decision === 'reject') return fail(gateway, kept, { code: null, message: '3DS authentication failed' })
  const { values } = gateway.switches
  const status = kept.payment.invoice_id === null ? undefined : readInvoice(gateway, kept.payment.invoice_id)?.invoice.status
  if ((status === 'expired' || status === 'canceled') && values.lateApproval === 'refuse') {
    return fail(gateway, kept, { code: null, message: `The invoice is ${status}` })
  }
  if (status === 'paid' && values.secondPayment === 'refuse') {
    return fail(gateway, kept, { code: null, message: 'The invoice is already paid' })
  }
  return askBank(gateway, kept, findCard(challenge.cardNumber, values.unlistedCard))
}

function askBank(gateway: Gateway, kept: KeptPayment, card: TestCard): KeptPayment {
  const attemptedPays = card.result === 'attempted' && gateway.switches.values.authenticationAttempted === 'paid'
  if (attemptedPays) return succeed(gateway, kept, { code: '00', message: 'APPROVED' })
  return card.result === 'paid' ? succeed(gateway, kept, card) : fail(gateway, kept, card)
}

function newPayment(gateway: Gateway, charge: CardCharge, card: TestCard): Payment {
  const at = nowIso(gateway)
  const zero = amountFormat(0, charge.currency)
  return {
    id: charge.id ?? randomUUID(),
    status: 'initiated',
    amount: charge.amount,
    fee: 0,
    currency: charge.currency,
    refunded: 0,
    refunded_at: null,
    captured: 0,
    captured_at: null,
    voided_at: null,
    description: charge.description,
    amount_format: amountFormat(charge.amount, charge.currency),
    fee_format: zero,
    refunded_format: zero,
    captured_format: zero,
    invoice_id: charge.invoiceId,
    ip: '127.0.0.1',
    callback_url: charge.callbackUrl,
    created_at: at,
    updated_at: at,
    metadata: charge.metadata,
    source: {
      type: 'creditcard',
      company: card.company,
      name: charge.holder,
      number: maskedNumber(charge.cardNumber),
      dpan: null,
      gateway_id: `moyasar_sim_${randomBytes(10).toString('hex')}`,
      token: null,
      message: null,
      transaction_url: null,
      reference_number: null,
      authorization_code: null,
      response_code: null,
      issuer_name: 'SIMULATED BANK',
      issuer_country: 'SA',
      issuer_card_type: card.company === 'mada' ? 'debit' : 'credit',
      issuer_card_category: 'CLASSIC',
    },
  }
}
