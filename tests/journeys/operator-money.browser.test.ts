import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { sql } from '../../server/database/index.ts'
import { boardWords } from '../../web/src/operations/money-words.ts'
import { signIn } from '../support/api.ts'
import { assertAccessible } from '../support/axe.ts'
import { arabicPhone, launchBrowser, watchForTrouble } from '../support/browser.ts'
import { ar, en, offerWhere, provePhone, slotsOf } from '../support/customer.ts'
import { type Product, startProduct } from '../support/product.ts'

const gatewayKey = `Basic ${Buffer.from(`sk_test_${'k'.repeat(40)}:`).toString('base64')}`

async function simulator<T>(product: Product, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(product.simulatorsUrl + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: gatewayKey },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  assert.ok(answer.ok, `${path} answered ${answer.status}`)
  return (await answer.json()) as T
}

/** Money that names nobody, a payment the gateway says nothing about, and a return it refuses. */
async function seed(product: Product): Promise<{ reference: string }> {
  const customer = await signIn(product, '+966551234567')
  const offer = await offerWhere(product, ({ requiresPayment }) => requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  let next = slots.length
  const hold = async () =>
    (
      await customer<{ id: string; reference: string; amountDue: { amountMinor: number } }>('POST', '/v1/bookings', {
        businessSlug: offer.slug,
        serviceId: offer.service.id,
        startsAt: slots[(next -= 3)]!.startsAt,
      })
    ).body
  const paid = await hold()
  const { body: started } = await customer<{ id: string; redirectUrl: string }>('POST', `/v1/bookings/${paid.id}/payments`)
  await simulator(product, 'POST', '/play/moyasar', { redirectUrl: started.redirectUrl })
  await customer('GET', `/v1/payments/${started.id}`)
  await simulator(product, 'PUT', '/faults', { provider: 'moyasar', operation: 'refund', fault: 'refuse', times: 1 })
  const operator = await signIn(product, product.superuserPhone)
  const refund = await operator('POST', `/v1/ops/payments/${started.id}/refund`, { reason: 'x', amountMinor: 1_000 }, randomUUID())
  assert.equal(refund.status, 200)
  const unasked = await hold()
  const { body: silent } = await customer<{ id: string }>('POST', `/v1/bookings/${unasked.id}/payments`)
  await simulator(product, 'PUT', '/faults', { provider: 'moyasar', operation: 'get-invoice', fault: 'http-503' })
  await operator('POST', `/v1/ops/payments/${silent.id}/settle`)
  const waiting = await hold()
  const { url } = await simulator<{ url: string }>(product, 'POST', '/v1/invoices', {
    amount: waiting.amountDue.amountMinor,
    currency: 'SAR',
    description: 'x',
  })
  await simulator(product, 'POST', '/play/moyasar', { redirectUrl: url })
  for (const endsAt = Date.now() + 10_000; ;) {
    const row = await product.house.database.row(sql`select 1 from refund where state = 'failed'`)
    if (row) break
    assert.ok(Date.now() < endsAt, 'the gateway never refused')
    await new Promise((done) => setTimeout(done, 50))
  }
  await simulator(product, 'DELETE', '/faults')
  // The pause between two codes of one telephone, a second here.
  await new Promise((done) => setTimeout(done, 1_100))
  return { reference: waiting.reference }
}

async function open(page: Page, product: Product, prefix: string): Promise<void> {
  await page.goto(`${product.url}${prefix}/ops?section=money`)
  await page.locator('.board').waitFor()
}

test('an operator on a telephone sees what is open, compares, takes money for its booking and closes the rest, in Arabic and English', async (t) => {
  const product = await startProduct(t)
  const { reference } = await seed(product)
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const context = await browser.newContext({ ...arabicPhone, reducedMotion: 'reduce' })
  const { troubles } = watchForTrouble(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const shots = process.env['THABIT_SHOTS']
  const shot = async (name: string) => void (shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })))

  await page.goto(`${product.url}/ops?section=money`)
  await provePhone(page, product.simulatorsUrl, product.superuserPhone)
  await page.locator('.board').waitFor()
  const words = boardWords.ar
  await page.getByRole('button', { name: words.compareNow }).click()
  await page.getByRole('heading', { name: words.kind['paid_unknown_to_us'] ?? '' }).waitFor()
  await page.locator('details').first().locator('summary').click()
  await assertAccessible(page, 'open money')
  await shot('money-ar')

  const item = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: words.kind['paid_unknown_to_us'] ?? '' }) })
  await item.getByRole('button', { name: words.acts['adopt'] ?? '' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: words.acts['adopt'] ?? '' }).click()
  await dialog.getByText(words.reasonMissing).waitFor()
  await assertAccessible(page, 'the question before money is taken')
  await shot('adopt-ar')
  await dialog.getByLabel(words.reason, { exact: true }).fill('اتصل العميل وأكّد الحجز')
  await dialog.getByRole('button', { name: words.acts['adopt'] ?? '' }).click()
  // The money names no booking, and the page says what to do.
  await dialog.getByRole('alert').waitFor()
  await shot('adopt-needs-reference-ar')
  await dialog.getByLabel(words.reference).fill(reference)
  await dialog.getByRole('button', { name: words.acts['adopt'] ?? '' }).click()
  await item.waitFor({ state: 'detached' })
  const confirmed = await product.house.database.row<{ status: string }>(sql`select status from booking where reference = ${reference}`)
  assert.equal(confirmed?.status, 'confirmed')

  await open(page, product, '/en')
  const english = boardWords.en
  const failed = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: english.kind['refund_failed'] ?? '' }) })
  await failed.getByRole('button', { name: english.acts['write_off'] ?? '' }).click()
  await assertAccessible(page, 'the question before a difference is closed')
  await dialog.getByLabel(english.reason, { exact: true }).fill('Paid back in cash at the desk.')
  await dialog.getByRole('button', { name: english.acts['write_off'] ?? '' }).click()
  await page.getByText(english.noDifferences).waitFor()
  await page.getByText(english.noOpenRefunds).waitFor()
  await assertAccessible(page, 'open money in English')
  await shot('money-en')

  await page.goto(`${product.url}/ops?section=payments&state=paid`)
  await page.getByRole('button', { name: words.giveBack }).first().click()
  await dialog.getByLabel(words.amount).fill('١٠')
  await dialog.getByLabel(words.reason, { exact: true }).fill('تأخّرنا على العميل')
  await assertAccessible(page, 'giving a part back')
  await shot('refund-ar')
  await dialog.getByRole('button', { name: words.giveBack }).click()
  await dialog.waitFor({ state: 'detached' })
  const given = await product.house.database.row<{ amountMinor: number }>(
    sql`select amount_minor from refund where note = 'تأخّرنا على العميل'`,
  )
  assert.equal(given?.amountMinor, 1_000)
  await page.getByRole('link', { name: ar.ops.messages, exact: true }).waitFor()
  assert.ok(en.ops.title)
  assert.deepEqual(troubles, [])
})
