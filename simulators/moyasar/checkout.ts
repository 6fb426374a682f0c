import type { Answer, Call } from '../answers.ts'
import { seeOther } from '../answers.ts'
import type { Language } from '../page.ts'
import { languageOf } from '../page.ts'
import type { Route } from '../server.ts'
import { finishChallenge, startCharge } from './charge.ts'
import { invoicePage, messagePage, securePage } from './checkout-page.ts'
import type { Challenge, Gateway, Invoice, KeptInvoice, KeptPayment, Payment } from './objects.ts'
import { readPayment } from './read-payments.ts'
import { readInvoice } from './records.ts'

/** The pages a customer sees: the hosted page of an invoice, and the bank's 3-D Secure page. */
export function checkoutRoutes(gateway: Gateway): Route[] {
  return [
    {
      method: 'GET',
      path: '/checkout/invoices/:id',
      handle: (call) => {
        const language = languageOf(call.query)
        const kept = readInvoice(gateway, call.params['id'] ?? '')
        if (kept === undefined) return messagePage('unknown', language, 404)
        const refused = readPayment(gateway, call.query.get('refused') ?? '')?.payment
        const shown = refused?.invoice_id === kept.invoice.id && refused.status === 'failed' ? { refused } : undefined
        return invoicePage(kept.invoice, call.query.has('check') ? { wrongCard: true } : shown, language)
      },
    },
    { method: 'POST', path: '/checkout/invoices/:id/pay', handle: (call) => heard(gateway, payOnPage(gateway, call)) },
    {
      method: 'GET',
      path: '/v1/transaction_auths/:id/form',
      handle: (call) => {
        const open = challengeAt(gateway, call.url)
        return open === undefined ? messagePage('secureOver', languageOf(call.query), 404) : secureStep(open, languageOf(call.query))
      },
    },
    { method: 'POST', path: '/v1/transaction_auths/:id/form', handle: (call) => heard(gateway, decide(gateway, call)) },
  ]
}

/** Where the browser goes once an attempt on an invoice's page is decided; null is nowhere. */
export function successAddress(gateway: Gateway, invoice: Invoice, payment: Payment): string | null {
  const { successUrlDecoration } = gateway.switches.values
  if (invoice.success_url === null || successUrlDecoration === 'none') return invoice.success_url
  const withInvoice = successUrlDecoration === 'status+invoice' ? { invoice_id: invoice.id } : {}
  return decorated(invoice.success_url, { ...outcomeOf(payment), ...withInvoice })
}

/** Starts a payment on an invoice as its page does, or undefined when the invoice cannot be paid (any more). */
export function payInvoice(gateway: Gateway, kept: KeptInvoice, card: { number: string; holder: string }): KeptPayment | undefined {
  const { invoice, mode } = kept
  if (invoice.status !== 'initiated' && invoice.status !== 'failed') return undefined
  return startCharge(gateway, {
    mode,
    cardNumber: card.number,
    holder: card.holder,
    amount: invoice.amount,
    currency: invoice.currency,
    description: invoice.description,
    invoiceId: invoice.id,
    callbackUrl: `${gateway.url()}/invoices/${invoice.id}/cc`,
    metadata: gateway.switches.values.invoiceMetadataOnPayment ? invoice.metadata : null,
    manual: false,
    applyCoupon: true,
    secure: true,
  })
}

/** With the switch for it on, what caused a webhook answers only after the webhook was tried. */
export async function heard<T>(gateway: Gateway, answer: T): Promise<T> {
  if (gateway.switches.values.webhookBeforeAnswer) await gateway.agenda.runDue()
  return answer
}

function payOnPage(gateway: Gateway, call: Call): Answer {
  const language = languageOf(call.query)
  const kept = readInvoice(gateway, call.params['id'] ?? '')
  if (kept === undefined) return messagePage('unknown', language, 404)
  const page = `/checkout/invoices/${kept.invoice.id}?lang=${language}`
  const card = readCard(call.fields)
  if (card === undefined) return seeOther(`${page}&check=1`)
  const started = payInvoice(gateway, kept, card)
  return started === undefined ? seeOther(page) : seeOther(nextAddress(gateway, started, language))
}

function decide(gateway: Gateway, call: Call): Answer {
  const language = languageOf(call.query)
  const open = challengeAt(gateway, call.url)
  const { decision } = call.fields
  if (open === undefined) return messagePage('secureOver', language, 404)
  if (decision === 'approve' || decision === 'reject') {
    const done = finishChallenge(gateway, open.challenge, decision) ?? open.kept
    return seeOther(nextAddress(gateway, done, language))
  }
  const { payment } = open.kept
  const invoice = payment.invoice_id === null ? undefined : readInvoice(gateway, payment.invoice_id)?.invoice
  return invoice === undefined || invoice.back_url === null ? messagePage('left', language) : seeOther(invoice.back_url)
}

function nextAddress(gateway: Gateway, { payment }: KeptPayment, language: Language): string {
  if (payment.status === 'initiated') return `${payment.source.transaction_url ?? ''}&lang=${language}`
  const invoice = payment.invoice_id === null ? undefined : readInvoice(gateway, payment.invoice_id)?.invoice
  const ours = invoice !== undefined && payment.callback_url?.startsWith(gateway.url())
  if (!ours) return payment.callback_url === null ? '/' : decorated(payment.callback_url, outcomeOf(payment))
  const page = `/checkout/invoices/${invoice.id}?lang=${language}`
  return payment.status === 'failed' ? `${page}&refused=${payment.id}` : (successAddress(gateway, invoice, payment) ?? page)
}

function outcomeOf(payment: Payment): Record<string, string> {
  return { id: payment.id, status: payment.status, message: payment.source.message ?? '' }
}

function decorated(address: string, added: Record<string, string>): string {
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(added).toString()}`
}

type OpenChallenge = { challenge: Challenge; kept: KeptPayment }

function secureStep({ challenge, kept }: OpenChallenge, language: Language): Answer {
  const waiting = challenge.open && kept.payment.status === 'initiated'
  return waiting ? securePage(kept.payment, challenge, language) : messagePage('secureOver', language)
}

/** Finds the 3-D Secure page an address belongs to. */
export function challengeAt(gateway: Gateway, address: URL): OpenChallenge | undefined {
  const [, id = ''] = /^\/v1\/transaction_auths\/([^/]+)\/form$/.exec(address.pathname) ?? []
  const challenge = gateway.store.get<Challenge>('challenge', id)
  if (challenge === undefined || address.searchParams.get('token') !== challenge.token) return undefined
  const kept = readPayment(gateway, challenge.paymentId)
  return kept === undefined ? undefined : { challenge, kept }
}

/** A pressed test card, or the form's card: digits of either script, a holder of two words is not insisted on. */
function readCard(fields: Record<string, unknown>): { number: string; holder: string } | undefined {
  const text = (name: string): string => latinDigits(typeof fields[name] === 'string' ? fields[name].trim() : '')
  if (text('card') !== '') return { number: text('card').replaceAll(/\D/g, ''), holder: 'Test Customer' }
  const number = text('number').replaceAll(/[\s-]/g, '')
  const month = Number(/^(\d{1,2})\s*\/\s*(\d{2}|\d{4})$/.exec(text('expiry'))?.[1] ?? 0)
  const fine = /^\d{15,19}$/.test(number) && /^\d{3,4}$/.test(text('cvc')) && month >= 1 && month <= 12 && text('name') !== ''
  return fine ? { number, holder: text('name') } : undefined
}

function latinDigits(text: string): string {
  return text
    .replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replaceAll(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
}
