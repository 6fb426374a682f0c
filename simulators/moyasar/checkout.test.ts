import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, PUBLISHABLE_KEY, startTrial } from '../trial.ts'
import type { Payment } from './objects.ts'

/** A browser without JavaScript: it gets pages and posts forms. */
function browser() {
  const visit = async (
    address: string,
    fields?: Record<string, string>,
  ): Promise<{ page: string; goesTo: string | null; status: number }> => {
    const response = await fetch(address, {
      redirect: 'manual',
      ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
    })
    const location = response.headers.get('location')
    return { page: await response.text(), goesTo: location === null ? null : new URL(location, address).href, status: response.status }
  }
  return { visit }
}

const card = { number: '4111 1111 1111 1111', name: 'سارة علي', expiry: '12/30', cvc: '123' }

test('the hosted page says it is a simulation, what is due and for what, in Arabic or English', async (t) => {
  const { newInvoice } = await startTrial(t)
  const { url } = await newInvoice({ amount: 17_250, description: 'قص <b>شعر</b>' })
  const { visit } = browser()
  const arabic = await visit(url)
  assert.match(arabic.page, /<html lang="ar" dir="rtl">[\s\S]*صفحة دفع للتجربة فقط[\s\S]*172\.50[\s\S]*قص &lt;b&gt;شعر/)
  assert.match(arabic.page, /href="http:\/\/shop\.test\/back"/)
  assert.match((await visit(`${url}?lang=en`)).page, /<html lang="en" dir="ltr">[\s\S]*A simulated payment page/)
  assert.equal((await visit(url.replace(/[^/]+$/, 'none'))).status, 404)
})

test('a card typed into the form, in digits of either script, goes through 3-D Secure to the success address', async (t) => {
  const { newInvoice, invoice } = await startTrial(t)
  const { id, url } = await newInvoice()
  const { visit } = browser()
  const secure = (await visit(`${url}/pay?lang=ar`, { ...card, number: '٤١١١ ١١١١ ١١١١ ١١١١', cvc: '١٢٣' })).goesTo ?? ''
  assert.match(secure, /\/v1\/transaction_auths\/.*&lang=ar$/)
  assert.match((await visit(secure)).page, /4111-11XX-XXXX-1111[\s\S]*value="approve"[\s\S]*value="reject"[\s\S]*value="leave"/)
  assert.equal((await visit(secure, { decision: 'approve' })).goesTo, 'http://shop.test/done')
  assert.equal((await invoice(id)).payments[0]?.source.name, 'سارة علي')
  const paid = await visit(url)
  assert.match(paid.page, /تم الدفع بنجاح/)
  assert.doesNotMatch(paid.page, /name="number"/)
  assert.doesNotMatch((await visit(secure)).page, /value="approve"/)
})

test('a refused card stays on the page with the reason, and another card can be pressed', async (t) => {
  const { newInvoice, invoice } = await startTrial(t)
  const { id, url } = await newInvoice()
  const { visit } = browser()
  const secure = (await visit(`${url}/pay?lang=ar`, { card: '4123120001090000' })).goesTo ?? ''
  const refused = (await visit(secure, { decision: 'approve' })).goesTo ?? ''
  assert.match((await visit(refused)).page, /role="alert"[\s\S]*الرصيد غير كافٍ[\s\S]*INSUFFICIENT FUNDS/)
  assert.equal((await visit(`${url}/pay?lang=ar`, { card: '4111114005765430' })).goesTo, 'http://shop.test/done')
  assert.deepEqual(
    (await invoice(id)).payments.map(({ status }) => status),
    ['paid', 'failed'],
  )
})

test('leaving the 3-D Secure page goes back to the shop and keeps the payment open', async (t) => {
  const { newInvoice, invoice } = await startTrial(t)
  const { id, url } = await newInvoice()
  const { visit } = browser()
  const secure = (await visit(`${url}/pay?lang=ar`, { card: '4111111111111111' })).goesTo ?? ''
  assert.equal((await visit(secure, { decision: 'leave' })).goesTo, 'http://shop.test/back')
  assert.equal((await invoice(id)).payments[0]?.status, 'initiated')
  assert.equal((await visit(secure.replace(/token=auth_./, 'token=auth_x'), { decision: 'approve' })).status, 404)
})

test('card details that cannot be are asked for again and make no payment', async (t) => {
  const { newInvoice, invoice } = await startTrial(t)
  const { id, url } = await newInvoice()
  const { visit } = browser()
  for (const wrong of [{ number: '1' }, { expiry: '13/30' }, { cvc: '1' }, { name: ' ' }]) {
    const { goesTo } = await visit(`${url}/pay?lang=ar`, { ...card, ...wrong })
    assert.match((await visit(goesTo ?? '')).page, /تحقّق من بيانات البطاقة/)
  }
  assert.deepEqual((await invoice(id)).payments, [])
})

test('a cancelled invoice still has a page, without a form', async (t) => {
  const { newInvoice, moyasar } = await startTrial(t)
  const { id, url } = await newInvoice()
  await moyasar('PUT', `/invoices/${id}/cancel`)
  const { visit } = browser()
  const { status, page } = await visit(url)
  assert.equal(status, 200)
  assert.match(page, /أُلغيت هذه الفاتورة/)
  assert.doesNotMatch(page, /<form/)
  assert.equal((await visit(`${url}/pay?lang=ar`, { card: '4111114005765430' })).goesTo, `${url}?lang=ar`)
})

test('a payment made by API comes back to its own callback address with id, status and message', async (t) => {
  const { control } = await startTrial(t)
  const source = { type: 'creditcard', name: 'Sara Ali', number: '4123120001090109', month: 1, year: 2031, cvc: '123' }
  const { body } = await control<Payment>(
    'POST',
    '/v1/payments',
    { amount: 5_000, currency: 'SAR', callback_url: 'http://shop.test/r?b=1', source },
    basic(PUBLISHABLE_KEY),
  )
  const { goesTo } = await browser().visit(body.source.transaction_url ?? '', { decision: 'approve' })
  assert.equal(goesTo, `http://shop.test/r?b=1&id=${body.id}&status=failed&message=DECLINED`)
})
