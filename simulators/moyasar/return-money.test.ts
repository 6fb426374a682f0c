import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Trial } from '../trial.ts'
import { basic, PUBLISHABLE_KEY, startTrial } from '../trial.ts'
import type { Payment } from './objects.ts'

async function paid({ newInvoice, play }: Trial, card = '4111111111111111'): Promise<{ invoiceId: string; paymentId: string }> {
  const { id, url } = await newInvoice({ amount: 4_990 })
  return { invoiceId: id, paymentId: (await play(url, { card })).paymentId }
}

test('a paid payment carries the estimated fee of its network, VAT included', async (t) => {
  const trial = await startTrial(t)
  const fee = async (card: string) => (await trial.moyasar<Payment>('GET', `/payments/${(await paid(trial, card)).paymentId}`)).body
  assert.deepEqual([(await fee('4201320111111010')).fee, (await fee('4201320111111010')).fee_format], [173, '1.73 SAR'])
  assert.equal((await fee('4111111111111111')).fee, 259)
})

test('refunds add up to the amount and not beyond; the invoice follows only when all went back', async (t) => {
  const trial = await startTrial(t)
  const { invoiceId, paymentId } = await paid(trial)
  const refund = (body?: unknown) =>
    trial.moyasar<Payment & { type: string; message: string }>('POST', `/payments/${paymentId}/refund`, body)
  const part = await refund({ amount: 990 })
  assert.deepEqual([part.status, part.body.status, part.body.refunded, part.body.refunded_format], [200, 'refunded', 990, '9.90 SAR'])
  assert.equal((await trial.invoice(invoiceId)).status, 'paid')
  const over = await refund({ amount: 4_001 })
  assert.deepEqual([over.status, over.body.type], [400, 'invalid_request_error'])
  assert.equal((await refund({ amount: '100' })).status, 400)
  assert.equal((await refund()).body.refunded, 4_990)
  assert.equal((await trial.invoice(invoiceId)).status, 'refunded')
  assert.equal((await refund({ amount: 1 })).body.message, 'Only paid or captured payments can be refunded.')
})

test('after a partial refund the payment reads paid, or takes no second one, by the switches', async (t) => {
  const trial = await startTrial(t)
  await trial.switches({ paymentAfterPartialRefund: 'paid' })
  const one = await paid(trial)
  assert.equal((await trial.moyasar('POST', `/payments/${one.paymentId}/refund`, { amount: 100 })).body['status'], 'paid')
  await trial.switches({ paymentAfterPartialRefund: 'refunded', secondPartialRefund: 'refuse' })
  const other = await paid(trial)
  await trial.moyasar('POST', `/payments/${other.paymentId}/refund`, { amount: 100 })
  assert.equal((await trial.moyasar('POST', `/payments/${other.paymentId}/refund`, { amount: 100 })).status, 400)
})

test('a refused payment gives nothing back', async (t) => {
  const trial = await startTrial(t)
  const { paymentId } = await paid(trial, '4123120001090000')
  assert.equal((await trial.moyasar('POST', `/payments/${paymentId}/refund`, { amount: 100 })).status, 400)
  assert.equal((await trial.moyasar('POST', `/payments/${paymentId}/void`)).status, 400)
})

test('a paid payment is voided within two hours and not later', async (t) => {
  const trial = await startTrial(t)
  const soon = await paid(trial)
  const late = await paid(trial)
  assert.equal((await trial.moyasar('POST', `/payments/${soon.paymentId}/void`)).body['status'], 'voided')
  assert.equal((await trial.invoice(soon.invoiceId)).status, 'voided')
  await trial.advance(121)
  assert.equal((await trial.moyasar('POST', `/payments/${late.paymentId}/void`)).status, 400)
})

test('an authorised payment is captured in part, and what was captured is what can go back', async (t) => {
  const trial = await startTrial(t)
  const source = { type: 'creditcard', name: 'Sara Ali', number: '4111114005765430', month: 1, year: 2031, cvc: '123', manual: true }
  const made = await trial.control<Payment>(
    'POST',
    '/v1/payments',
    { amount: 5_000, currency: 'SAR', callback_url: 'http://shop.test', source },
    basic(PUBLISHABLE_KEY),
  )
  assert.equal(made.body.status, 'authorized')
  assert.equal((await trial.moyasar('POST', `/payments/${made.body.id}/capture`, { amount: 5_001 })).status, 400)
  const captured = (await trial.moyasar<Payment>('POST', `/payments/${made.body.id}/capture`, { amount: 3_000 })).body
  assert.deepEqual([captured.status, captured.captured], ['captured', 3_000])
  assert.equal((await trial.moyasar('POST', `/payments/${made.body.id}/refund`, { amount: 3_001 })).status, 400)
  assert.equal((await trial.moyasar<Payment>('POST', `/payments/${made.body.id}/refund`)).body.refunded, 3_000)
})

test('payments are listed with filters of their own and updated', async (t) => {
  const trial = await startTrial(t)
  const { paymentId } = await paid(trial)
  const list = async (query: string) => (await trial.moyasar<{ payments: Payment[] }>('GET', `/payments${query}`)).body.payments.length
  assert.deepEqual([await list('?card_last_digits=1111'), await list('?card_last_digits=0000'), await list('?status=paid')], [1, 0, 1])
  assert.deepEqual((await trial.moyasar('PUT', `/payments/${paymentId}`, { metadata: { note: 'x' } })).body['metadata'], { note: 'x' })
})
