import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTrial } from '../trial.ts'
import { TEST_CARDS } from './test-cards.ts'

test('every test card ends as documented, on the payment and on the invoice', async (t) => {
  const { newInvoice, play, invoice } = await startTrial(t)
  assert.equal(TEST_CARDS.length, 40)
  for (const card of TEST_CARDS) {
    const { id, url } = await newInvoice()
    const played = await play(url, { card: card.number })
    const paid = card.result === 'paid'
    assert.deepEqual(
      [played.paymentStatus, played.invoiceStatus, played.returnUrl],
      paid ? ['paid', 'paid', 'http://shop.test/done'] : ['failed', 'initiated', 'http://shop.test/back'],
      card.number,
    )
    const [payment] = (await invoice(id)).payments
    assert.equal(payment?.invoice_id, id)
    assert.deepEqual(
      [payment?.source.company, payment?.source.response_code, payment?.source.message],
      [card.company, card.code, card.message],
      card.number,
    )
  }
})

test('a card that is not in the list fails, unless the switch says otherwise', async (t) => {
  const { newInvoice, play, switches } = await startTrial(t)
  const { url } = await newInvoice()
  assert.equal((await play(url, { card: '4000000000000002' })).paymentStatus, 'failed')
  await switches({ unlistedCard: 'pays' })
  assert.equal((await play(url, { card: '4000000000000002' })).paymentStatus, 'paid')
})

test('a refused card leaves the invoice open for another try, and both tries are on it', async (t) => {
  const { newInvoice, play, invoice } = await startTrial(t)
  const { id, url } = await newInvoice()
  await play(url, { card: '4123120001090000' })
  await play(url)
  const { status, payments } = await invoice(id)
  assert.deepEqual([status, payments.map((payment) => payment.status)], ['paid', ['paid', 'failed']])
})

test('3-D Secure can be approved, rejected or left; what was left can be approved later', async (t) => {
  const { newInvoice, play } = await startTrial(t)
  const { url } = await newInvoice()
  const rejected = await play(url, { threeDs: 'reject' })
  assert.deepEqual([rejected.invoiceStatus, rejected.paymentStatus], ['initiated', 'failed'])
  const left = await play(url, { threeDs: 'leave' })
  assert.deepEqual([left.invoiceStatus, left.paymentStatus, left.returnUrl], ['initiated', 'initiated', 'http://shop.test/back'])
  const late = await play(left.challengeUrl ?? '', { threeDs: 'approve' })
  assert.deepEqual([late.invoiceStatus, late.paymentStatus, late.paymentId], ['paid', 'paid', left.paymentId])
})

test('a 3-D Secure page left open fails by itself after its time', async (t) => {
  const { newInvoice, play, advance, invoice } = await startTrial(t)
  const { id, url } = await newInvoice()
  await play(url, { threeDs: 'leave' })
  await advance(14)
  assert.equal((await invoice(id)).payments[0]?.status, 'initiated')
  await advance(2)
  const [payment] = (await invoice(id)).payments
  assert.deepEqual([payment?.status, payment?.source.response_code], ['failed', null])
})

test('an approval after the invoice was cancelled or expired still takes the money, or does not, by the switch', async (t) => {
  const { newInvoice, play, moyasar, switches, advance } = await startTrial(t)
  const cancelled = await newInvoice()
  const left = await play(cancelled.url, { threeDs: 'leave' })
  await moyasar('PUT', `/invoices/${cancelled.id}/cancel`)
  assert.deepEqual((await play(cancelled.url)).paymentStatus, null)
  assert.equal((await play(left.challengeUrl ?? '')).paymentStatus, 'paid')

  const expiring = await newInvoice({ expired_at: new Date(Date.now() + 300_000).toISOString() })
  const open = await play(expiring.url, { threeDs: 'leave' })
  await advance(6)
  await switches({ lateApproval: 'refuse' })
  const refused = await play(open.challengeUrl ?? '')
  assert.deepEqual([refused.invoiceStatus, refused.paymentStatus], ['expired', 'failed'])
})

test('two tabs can pay one invoice twice, or not, by the switch', async (t) => {
  const { newInvoice, play, switches, invoice } = await startTrial(t)
  for (const [secondPayment, wanted] of [
    ['allow', 'paid'],
    ['refuse', 'failed'],
  ] as const) {
    await switches({ secondPayment })
    const { id, url } = await newInvoice()
    const one = await play(url, { threeDs: 'leave' })
    const other = await play(url, { threeDs: 'leave' })
    await play(one.challengeUrl ?? '')
    assert.equal((await play(other.challengeUrl ?? '')).paymentStatus, wanted)
    assert.equal((await invoice(id)).payments.length, 2)
  }
})

test('the return address is decorated as the switch says', async (t) => {
  const { newInvoice, play, switches } = await startTrial(t)
  await switches({ successUrlDecoration: 'status+invoice' })
  const { id, url } = await newInvoice({ success_url: 'http://shop.test/done?b=1' })
  const { returnUrl, paymentId } = await play(url)
  assert.equal(returnUrl, `http://shop.test/done?b=1&id=${paymentId}&status=paid&message=APPROVED&invoice_id=${id}`)
})

test('an address the gateway has no page at, and a customer that cannot be, are told apart', async (t) => {
  const { control, url } = await startTrial(t)
  assert.equal((await control('POST', '/play/moyasar', { redirectUrl: `${url}/checkout/invoices/none` })).status, 404)
  assert.equal((await control('POST', '/play/moyasar', { redirectUrl: 'nowhere' })).status, 422)
  assert.equal((await control('POST', '/play/moyasar', { redirectUrl: url, threeDs: 'dance' })).status, 422)
})
