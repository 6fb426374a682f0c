import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ShownInvoice } from '../trial.ts'
import { basic, PUBLISHABLE_KEY, SECRET_KEY, startTrial } from '../trial.ts'
import { amountFormat } from './amounts.ts'
import type { Payment } from './objects.ts'

test('a batch of invoices is made whole or not at all, fifty at most', async (t) => {
  const { moyasar } = await startTrial(t)
  const one = { amount: 15_000, currency: 'SAR', description: 'x' }
  const count = async () => (await moyasar<{ meta: { total_count: number } }>('GET', '/invoices')).body.meta.total_count
  const made = await moyasar<{ invoices: ShownInvoice[] }>('POST', '/invoices/bulk', { invoices: [one, { ...one, amount: 200 }] })
  assert.deepEqual([made.status, made.body.invoices.map(({ amount }) => amount)], [201, [15_000, 200]])
  const wrong = await moyasar<{ errors: object }>('POST', '/invoices/bulk', { invoices: [one, { ...one, amount: 99 }] })
  assert.deepEqual([wrong.status, Object.keys(wrong.body.errors), await count()], [400, ['amount'], 2])
  for (const invoices of [[], 'x', Array.from({ length: 51 }, () => one)])
    assert.equal((await moyasar('POST', '/invoices/bulk', { invoices })).status, 400)
})

test('a coupon of the account lowers what is charged and says so in metadata only; declined, it does not', async (t) => {
  const { moyasar, newInvoice, play, switches } = await startTrial(t)
  await switches({ couponPercent: 10 })
  const paid = async (): Promise<Payment> =>
    (await moyasar<Payment>('GET', `/payments/${(await play((await newInvoice()).url)).paymentId}`)).body
  const lowered = await paid()
  assert.deepEqual([lowered.amount, lowered.metadata?.['#coupon_original_amount']], [13_500, 15_000])
  await switches({ couponOnInvoices: false })
  assert.equal((await paid()).amount, 15_000)
  const source = { type: 'creditcard', name: 'Noura Ali', number: '4111111111111111', month: 1, year: 2099, cvc: '123' }
  const create = async (more: object) =>
    (await moyasar<Payment>('POST', '/payments', { amount: 1_000, callback_url: 'http://shop.test/', source, ...more })).body.amount
  assert.deepEqual([await create({}), await create({ apply_coupon: false })], [900, 1_000])
})

test('a paid invoice that is cancelled reads canceled while its payment stays paid, unless the switch refuses', async (t) => {
  const { moyasar, newInvoice, play, switches } = await startTrial(t)
  const { id, url } = await newInvoice()
  await play(url)
  await switches({ cancelPaidInvoice: 'refuse' })
  assert.equal((await moyasar('PUT', `/invoices/${id}/cancel`)).body['message'], 'Cancel failed. The Invoice is already paid.')
  await switches({ cancelPaidInvoice: 'allow' })
  const { body } = await moyasar<ShownInvoice>('PUT', `/invoices/${id}/cancel`)
  assert.deepEqual([body.status, body.payments[0]?.status], ['canceled', 'paid'])
})

test('rows of a list come without their payments where the switch says so; a part given back shows on the invoice by another', async (t) => {
  const { moyasar, newInvoice, play, invoice, switches } = await startTrial(t)
  const { id, url } = await newInvoice()
  const { paymentId } = await play(url)
  await switches({ invoiceRows: 'without payments', invoiceAfterPartialRefund: 'refunded' })
  const { body } = await moyasar<{ invoices: ShownInvoice[] }>('GET', '/invoices')
  assert.deepEqual(
    body.invoices.map((row) => [row.id, 'payments' in row]),
    [[id, false]],
  )
  await moyasar('POST', `/payments/${paymentId}/refund`, { amount: 100 })
  assert.equal((await invoice(id)).status, 'refunded')
})

test('an authorised mada payment is captured within its days and no later', async (t) => {
  const { moyasar, advance, switches } = await startTrial(t)
  await switches({ challenge: 'never' })
  const source = { type: 'creditcard', name: 'Noura Ali', number: '4201320111111010', month: 1, year: 2099, cvc: '123', manual: true }
  const authorised = async () =>
    (await moyasar<Payment>('POST', '/payments', { amount: 1_000, callback_url: 'http://shop.test/', source })).body
  const [soon, late] = [await authorised(), await authorised()]
  assert.equal((await moyasar('POST', `/payments/${soon.id}/capture`)).body['status'], 'captured')
  await advance(8 * 24 * 60)
  assert.equal((await moyasar('POST', `/payments/${late.id}/capture`)).status, 400)
})

test('a publishable key may travel in the body, a secret one may not; Python’s own name is stopped at the edge', async (t) => {
  const { control } = await startTrial(t)
  const create = async (key: string) => (await control('POST', '/v1/payments', { publishable_api_key: key })).status
  assert.deepEqual([await create(PUBLISHABLE_KEY), await create(SECRET_KEY)], [400, 401])
  const python = await control('GET', '/v1/invoices', undefined, { ...basic(SECRET_KEY), 'user-agent': 'Python-urllib/3.12' })
  assert.equal(python.status, 403)
})

test('amounts are written by the gateway’s own table of decimals', () => {
  assert.deepEqual(
    ['SAR', 'AED', 'QAR', 'KWD', 'BHD', 'OMR', 'PKR', 'CLF'].map((currency) => amountFormat(12_345, currency)),
    ['123.45 SAR', '123.45 AED', '123.45 QAR', '12.345 KWD', '12.345 BHD', '12.345 OMR', '12345 PKR', '1.2345 CLF'],
  )
})
