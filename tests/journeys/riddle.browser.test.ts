import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arabicPhone, launchBrowser } from '../support/browser.ts'
import { ar, provePhone } from '../support/customer.ts'
import { startProduct } from '../support/product.ts'

test('a customer at an address that is doubted signs in all the same: her browser solves the riddle and she sees nothing of it', async (t) => {
  const [product, browser] = await Promise.all([startProduct(t, { env: { CODE_PROOF_AFTER: '2' } }), launchBrowser()])
  t.after(() => browser.close())
  const ask = async (phone: string) =>
    (await fetch(`${product.url}/v1/auth/codes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phone }),
    }).then((answer) => answer.json())) as { code?: string }
  for (const phone of ['0554000011', '0554000012']) assert.equal((await ask(phone)).code, undefined)
  assert.equal((await ask('0554000013')).code, 'code_proof_required')

  const page = await (await browser.newContext(arabicPhone)).newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${product.url}/bookings`)
  await page.getByLabel(ar.phoneLabel).fill('0554000014')
  const startedAt = performance.now()
  await provePhone(page, product.simulatorsUrl, '+966554000014')
  await page.getByText(ar.noBookings).waitFor()
  t.diagnostic(`signed in ${Math.round(performance.now() - startedAt)} ms after the number was typed`)
})
