import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { arabicPhone, launchBrowser, watchForTrouble } from '../support/browser.ts'
import { ar, cards, chooseTime, confirm, offerWhere, payAtGateway, provePhone, type Offer } from '../support/customer.ts'
import { asAdmin } from '../support/postgres.ts'
import { codeFor, startProduct, type Product } from '../support/product.ts'

let product: Product
let browser: Browser
let offer: Offer
const endings: (() => Promise<void>)[] = []

before(async () => {
  const env = { CODE_TIMEOUT_MS: '400', MOYASAR_TIMEOUT_MS: '400' }
  ;[product, browser] = await Promise.all([startProduct({ after: (run) => void endings.push(run) }, { env }), launchBrowser()])
  offer = await offerWhere(product, (service) => service.requiresPayment && service.resources.length > 1)
})
after(async () => {
  await browser?.close()
  for (const end of endings.toReversed()) await end()
})
beforeEach(async () => {
  await fetch(`${product.simulatorsUrl}/faults`, { method: 'DELETE' })
})

async function telephone() {
  const context = await browser.newContext(arabicPhone)
  const { troubles } = watchForTrouble(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  return {
    context,
    page,
    hangUp: async () => {
      await context.close()
      assert.deepEqual(troubles, [])
    },
  }
}

async function fail(provider: string, fault: string, operation: string, times = 1): Promise<void> {
  const answer = await fetch(`${product.simulatorsUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider, fault, operation, times }),
  })
  assert.equal(answer.status, 200, await answer.text())
}

/** A held booking of a new customer, on its page. */
async function held(phone: string, nth: number) {
  const call = await telephone()
  await chooseTime(call.page, product.url, offer, { nth })
  await confirm(call.page, offer)
  await provePhone(call.page, product.simulatorsUrl, phone)
  await call.page.getByRole('heading', { name: ar.heldTitle }).waitFor()
  return call
}

test('a code that the provider refuses to send is told at once, and the next try works', async () => {
  const { page, hangUp } = await telephone()
  await fail('unifonic', 'http-503', 'send')
  await page.goto(`${product.url}/bookings`)
  await page.getByLabel(ar.phoneLabel).fill('0554000001')
  await page.getByRole('button', { name: ar.sendCode }).click()
  await page.locator('.notice').waitFor()
  await page.waitForTimeout(1100)
  await provePhone(page, product.simulatorsUrl, '+966554000001')
  await page.getByText(ar.noBookings).waitFor()
  await hangUp()
})

test('a code whose delivery is not known is said to be so, and it is valid when it comes', async () => {
  const { page, hangUp } = await telephone()
  await fail('unifonic', 'after-work', 'send')
  await page.goto(`${product.url}/bookings`)
  await page.getByLabel(ar.phoneLabel).fill('0554000002')
  await page.getByRole('button', { name: ar.sendCode }).click()
  await page.getByText(ar.codeMayCome).waitFor()
  await page.getByLabel(ar.codeLabel).fill(await codeFor(product.simulatorsUrl, '+966554000002'))
  await page.getByText(ar.noBookings).waitFor()
  await hangUp()
})

test('a gateway that refuses is told at once, and the time is still held', async () => {
  const { page, hangUp } = await held('+966554000003', 0)
  await fail('moyasar', 'http-400', 'create-invoice')
  await page.locator('.pay .button').click()
  await page.locator('.pay .notice').waitFor()
  await page.locator('.pay .button').click()
  await payAtGateway(page, cards.paid)
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  await hangUp()
})

test('a payment whose start is not known is never called failed; asking again finds the same one', async () => {
  const { page, hangUp } = await held('+966554000004', 1)
  await fail('moyasar', 'after-work', 'create-invoice')
  await page.locator('.pay .button').click()
  await page.getByText(ar.problems['payment_outcome_unknown'] ?? '').waitFor()
  assert.equal(await page.getByText(ar.payFailedTitle).count(), 0)
  // The sweeper may find the page before the customer presses; either way there is one payment.
  await page.locator('.pay .button').click()
  await payAtGateway(page, cards.paid)
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  await hangUp()
})

test('when the gateway cannot be asked after paying, the page waits honestly and confirms by itself', async () => {
  const { page, hangUp } = await held('+966554000005', 2)
  await page.locator('.pay .button').click()
  await fail('moyasar', 'http-503', 'get-invoice', 3)
  await fail('moyasar', 'http-503', 'list-payments', 3)
  await payAtGateway(page, cards.paid)
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor({ timeout: 40_000 })
  await hangUp()
})

test('a hold whose time is over says so and leads back to the service', async () => {
  const { page, hangUp } = await held('+966554000006', 3)
  await asAdmin(product.databaseUrl, (client) =>
    client.query(`UPDATE booking SET expires_at = now() - interval '1 second' WHERE status = 'held'`),
  )
  await page.reload()
  await page.getByRole('heading', { name: ar.expiredTitle }).waitFor()
  await page.getByRole('link', { name: ar.bookAgain }).click()
  await page.getByRole('heading', { name: ar.choosePerson }).waitFor()
  await hangUp()
})
