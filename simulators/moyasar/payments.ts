import type { Answer, Call } from '../answers.ts'
import type { Route } from '../server.ts'
import { authenticate } from './authenticate.ts'
import { startCharge } from './charge.ts'
import { mergeMetadata, readFields } from './check-fields.ts'
import { LEAST_AMOUNT_MINOR } from './invoices.ts'
import type { Gateway, KeptPayment, Mode } from './objects.ts'
import { filtered, paged } from './paging.ts'
import { allPayments, readPayment } from './read-payments.ts'
import { readInvoice, savePayment } from './records.ts'
import { capture, refund, voidPayment } from './return-money.ts'
import { answer, invalid, notFound, refusal } from './refusals.ts'

/** The API under `/v1/payments`. Creating one is open to publishable keys, the rest to secret keys. */
export function paymentRoutes(gateway: Gateway): Route[] {
  const { switches } = gateway
  const provider = 'moyasar'
  const withPayment =
    (handle: (kept: KeptPayment, call: Call) => Answer) =>
    (call: Call): Answer => {
      const caller = authenticate(call, switches)
      if ('refused' in caller) return caller.refused
      const kept = readPayment(gateway, call.params['id'] ?? '', caller.mode)
      return kept === undefined ? notFound(switches) : handle(kept, call)
    }
  return [
    {
      method: 'POST',
      path: '/v1/payments',
      provider,
      operation: 'create-payment',
      handle: (call) => {
        const caller = authenticate(call, switches, 'allowed')
        return 'refused' in caller ? caller.refused : create(gateway, call, caller.mode)
      },
    },
    {
      method: 'GET',
      path: '/v1/payments',
      provider,
      operation: 'list-payments',
      handle: (call) => {
        const caller = authenticate(call, switches)
        if ('refused' in caller) return caller.refused
        const lastDigits = call.query.get('card_last_digits')
        const receipt = call.query.get('receipt_no')
        const found = filtered(
          allPayments(gateway, caller.mode).map(({ payment }) => payment),
          call,
        ).filter(
          ({ source }) =>
            (lastDigits === null || source.number.endsWith(lastDigits)) && (receipt === null || source.reference_number === receipt),
        )
        return answer(200, paged('payments', found, call))
      },
    },
    {
      method: 'GET',
      path: '/v1/payments/:id',
      provider,
      operation: 'get-payment',
      handle: withPayment((kept) => answer(200, kept.payment)),
    },
    {
      method: 'PUT',
      path: '/v1/payments/:id',
      provider,
      operation: 'update-payment',
      handle: withPayment((kept, call) => {
        const read = readFields(call)
        const description = read.optionalText('description') ?? kept.payment.description
        read.metadata()
        if (read.failed()) return invalid(read.errors, switches)
        const metadata = mergeMetadata(kept.payment.metadata, call.fields['metadata'])
        const { payment } = savePayment(gateway, kept, { description, metadata })
        return switches.values.putPaymentAnswer === 'body' ? answer(200, payment) : { ...answer(200, null), body: '' }
      }),
    },
    {
      method: 'POST',
      path: '/v1/payments/:id/refund',
      provider,
      operation: 'refund',
      handle: withPayment((kept, call) => refund(gateway, kept, call)),
    },
    {
      method: 'POST',
      path: '/v1/payments/:id/void',
      provider,
      operation: 'void',
      handle: withPayment((kept) => voidPayment(gateway, kept)),
    },
    {
      method: 'POST',
      path: '/v1/payments/:id/capture',
      provider,
      operation: 'capture',
      handle: withPayment((kept, call) => capture(gateway, kept, call)),
    },
  ]
}

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

function create(gateway: Gateway, call: Call, mode: Mode): Answer {
  const { switches } = gateway
  const read = readFields({ ...call, fields: { currency: 'SAR', ...call.fields } })
  const givenId = read.optionalText('given_id')
  const amount = read.amount('amount', LEAST_AMOUNT_MINOR)
  const currency = read.currency()
  const description = read.optionalText('description')
  const callbackUrl = read.url('callback_url', 'required')
  const metadata = read.metadata()
  const invoiceId = read.optionalText('invoice_id')
  const source = read.object('source')
  const { name, number } = source
  if (givenId !== null && !UUID_V4.test(givenId)) read.errors['given_id'] = ['must be a valid UUID v4']
  if (invoiceId !== null && readInvoice(gateway, invoiceId, mode) === undefined) read.errors['invoice_id'] = ['is invalid']
  Object.assign(read.errors, wrongCard(source))
  if (read.failed()) return invalid(read.errors, switches)
  const secure = source['3ds'] !== false && source['3ds'] !== 'false'
  if (!secure && (source['save_card'] === true || source['save_card'] === 'true')) {
    return refusal(400, 'invalid_request_error', 'Wrong number of parameters', 'A card cannot be saved by a MOTO payment')
  }
  const before = givenId === null ? undefined : readPayment(gateway, givenId)
  if (before !== undefined) {
    if (switches.values.givenIdReuse === 'replay' && before.mode === mode) return answer(201, before.payment)
    return refusal(400, 'used_given_id', 'The given_id provided has been already used with a different payment.')
  }
  const kept = startCharge(gateway, {
    mode,
    id: givenId?.toLowerCase(),
    cardNumber: String(number),
    holder: String(name),
    amount,
    currency,
    description,
    invoiceId,
    callbackUrl,
    metadata,
    manual: source['manual'] === true || source['manual'] === 'true',
    applyCoupon: call.fields['apply_coupon'] !== false && call.fields['apply_coupon'] !== 'false',
    secure,
  })
  return answer(201, kept.payment)
}

function wrongCard(source: Record<string, unknown>): Record<string, string[]> {
  const text = (name: string): string => {
    const value = source[name] ?? ''
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  if (source['type'] !== 'creditcard') return { 'source.type': ['is not played here: only creditcard is'] }
  const month = Number(text('month'))
  return {
    ...(/^\S+(\s+\S+)+$/.test(text('name').trim()) ? {} : { name: ['must have at least two words'] }),
    ...(/^\d{15,19}$/.test(text('number')) ? {} : { number: ['is invalid'] }),
    ...(month >= 1 && month <= 12 ? {} : { month: ['is invalid'] }),
    ...(/^\d{4}$/.test(text('year')) ? {} : { year: ['is invalid'] }),
    ...(/^\d{3,4}$/.test(text('cvc')) ? {} : { cvc: ['is invalid'] }),
  }
}
