import type { Answer, Call } from '../answers.ts'
import { json, problem } from '../answers.ts'
import { finishChallenge } from './charge.ts'
import { challengeAt, heard, payInvoice, successAddress } from './checkout.ts'
import type { Gateway, KeptPayment } from './objects.ts'
import { readInvoice } from './records.ts'
import { PAID_VISA } from './test-cards.ts'

const DECISIONS = ['approve', 'reject', 'leave'] as const
type Decision = (typeof DECISIONS)[number]

/**
 * Plays the customer behind a `redirectUrl`: pays the invoice it shows with `card` and does `threeDs` on the bank's
 * page if one opens. A 3-D Secure address that an earlier play left open is taken up again the same way.
 */
export async function play(gateway: Gateway, call: Call): Promise<Answer> {
  const { redirectUrl, card = PAID_VISA, threeDs = 'approve' } = call.fields
  const errors: Record<string, string> = {}
  if (typeof redirectUrl !== 'string' || !URL.canParse(redirectUrl)) errors['redirectUrl'] = 'is an address'
  if (typeof card !== 'string' || !/^[\d\s-]{12,25}$/.test(card)) errors['card'] = 'is a card number'
  if (!DECISIONS.includes(threeDs as Decision)) errors['threeDs'] = `is one of ${DECISIONS.join(', ')}`
  if (Object.keys(errors).length > 0) return problem(422, 'The customer cannot be played like that', { errors })
  const address = new URL(String(redirectUrl))
  const decision = threeDs as Decision
  const left = challengeAt(gateway, address)
  if (left !== undefined) {
    const done = decision === 'leave' ? left.kept : finishChallenge(gateway, left.challenge, decision)
    return heard(gateway, told(gateway, left.kept.payment.invoice_id, done))
  }
  const [, id = ''] = /^\/checkout\/invoices\/([^/]+)$/.exec(address.pathname) ?? []
  const kept = readInvoice(gateway, id)
  if (kept === undefined) return problem(404, 'The gateway has no page at this address')
  const started = payInvoice(gateway, kept, { number: String(card).replaceAll(/\D/g, ''), holder: 'Test Customer' })
  const page =
    started?.payment.status === 'initiated' ? challengeAt(gateway, new URL(started.payment.source.transaction_url ?? '')) : undefined
  const done = page === undefined || decision === 'leave' ? started : finishChallenge(gateway, page.challenge, decision)
  return heard(gateway, told(gateway, id, done))
}

/** `challengeUrl` is the 3-D Secure page, when it was left open. */
function told(gateway: Gateway, invoiceId: string | null, kept: KeptPayment | undefined): Answer {
  const invoice = invoiceId === null ? undefined : readInvoice(gateway, invoiceId)?.invoice
  const payment = kept?.payment
  const paid = payment?.status === 'paid'
  const returnUrl =
    invoice === undefined ? (payment?.callback_url ?? null) : paid ? successAddress(gateway, invoice, payment) : invoice.back_url
  return json(200, {
    invoiceStatus: invoice?.status ?? null,
    paymentStatus: payment?.status ?? null,
    returnUrl,
    paymentId: payment?.id ?? null,
    challengeUrl: payment?.status === 'initiated' ? payment.source.transaction_url : null,
  })
}
