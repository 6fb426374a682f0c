import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { arabicPhone, launchBrowser, watchForTrouble } from '../support/browser.ts'
import {
  ar,
  arabicIndic,
  cards,
  chooseTime,
  confirm,
  en,
  offerWhere,
  payAtGateway,
  provePhone,
  slotsOf,
  type Offer,
} from '../support/customer.ts'
import { consoleWords } from '../../web/src/operations/console-words.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let browser: Browser
let paid: Offer
let free: Offer
const endings: (() => Promise<void>)[] = []

before(async () => {
  ;[product, browser] = await Promise.all([startProduct({ after: (run) => void endings.push(run) }), launchBrowser()])
  paid = await offerWhere(product, (service) => service.requiresPayment && service.resources.length > 1)
  free = await offerWhere(product, (service) => !service.requiresPayment)
})
after(async () => {
  await browser?.close()
  for (const end of endings.toReversed()) await end()
})

/** A fresh telephone; the journey fails on any outside request, script error or breach of the content policy. */
async function phone(options = arabicPhone): Promise<{ context: BrowserContext; page: Page; hangUp: () => Promise<void> }> {
  const context = await browser.newContext(options)
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

test('a customer books in Arabic, is refused one card, pays with another through 3-D Secure, moves the booking and cancels it', async () => {
  const { page, hangUp } = await phone()
  const { slots, zone } = await slotsOf(product.url, paid)
  const expected = new Intl.DateTimeFormat('ar-SA-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h12',
  }).format(new Date(slots[0]?.startsAt ?? ''))
  const shown = await chooseTime(page, product.url, paid)
  assert.equal(shown, expected, 'the business’s zone decides, although the telephone stands on New York’s clock')
  assert.equal(await page.getAttribute('html', 'dir'), 'rtl')

  await page.getByLabel(ar.yourName).fill('هند')
  await confirm(page, paid)
  await provePhone(page, product.simulatorsUrl, '+966551000001', { write: arabicIndic })
  await page.getByRole('heading', { name: ar.heldTitle }).waitFor()
  assert.match((await page.locator('.countdown-clock').textContent()) ?? '', /^1[34]:\d\d$|^15:00$/)

  await page.locator('.pay .button').click()
  await payAtGateway(page, cards.refused)
  await page.locator('[role=alert]').waitFor()
  await payAtGateway(page, cards.paid)
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  const reference = (await page.locator('.reference').textContent()) ?? ''
  assert.ok(reference.length >= 6)

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: ar.addToCalendar }).click()])
  assert.equal(file.suggestedFilename(), `${reference}.ics`)

  await page.getByRole('link', { name: ar.reschedule }).click()
  await page.locator('.time').nth(2).click()
  await page.getByRole('button', { name: ar.rescheduleConfirm }).click()
  await page.getByText(ar.rescheduled).waitFor()

  await page.getByRole('button', { name: ar.cancel }).click()
  await page.locator('dialog .refund-amount').waitFor()
  await page.getByRole('button', { name: ar.cancelConfirm }).click()
  await page.getByRole('heading', { name: ar.cancelledTitle }).waitFor()

  await page.getByRole('link', { name: ar.myBookings }).click()
  await page.getByText(ar.status.cancelled).waitFor()
  await hangUp()
})

test('a free service is confirmed in English without payment', async () => {
  const { page, hangUp } = await phone({ ...arabicPhone, locale: 'en-GB' })
  await chooseTime(page, product.url, free, { words: en })
  assert.equal(await page.getAttribute('html', 'dir'), 'ltr')
  await confirm(page, free, en)
  await provePhone(page, product.simulatorsUrl, '+966551000002', { words: en })
  await page.getByRole('heading', { name: en.confirmedTitle }).waitFor()
  assert.match(page.url(), /\/en\/bookings\//)
  await hangUp()
})

test('the other language is one press away and keeps the place', async () => {
  const { page, hangUp } = await phone()
  await chooseTime(page, product.url, paid)
  const there = new URL(page.url())
  await page.getByRole('link', { name: ar.otherLanguage }).click()
  await page.getByRole('heading', { name: en.summaryTitle }).waitFor()
  const here = new URL(page.url())
  assert.equal(here.pathname, `/en${there.pathname}`)
  assert.equal(here.search, there.search)
  await hangUp()
})

test('a refused phone and a wrong code are said at their fields, and the right code still works', async () => {
  const { page, hangUp } = await phone()
  await page.goto(`${product.url}/bookings`)
  await page.getByLabel(ar.phoneLabel).fill('123')
  await page.getByRole('button', { name: ar.sendCode }).click()
  await page.getByText(ar.phoneWrong).waitFor()
  await page.getByLabel(ar.phoneLabel).fill('٠٥٥١٠٠٠٠٠٣')
  await page.getByRole('button', { name: ar.sendCode }).click()
  await page.getByLabel(ar.codeLabel).fill('000000')
  await page.getByText(ar.problems['code_invalid'] ?? '').waitFor()
  assert.equal(await page.getByLabel(ar.codeLabel).getAttribute('aria-invalid'), 'true')
  await page.getByRole('button', { name: ar.otherPhone }).click()
  await page.waitForTimeout(1100)
  await page.getByLabel(ar.phoneLabel).fill('')
  await provePhone(page, product.simulatorsUrl, '+966551000003')
  await page.getByText(ar.noBookings).waitFor()
  await hangUp()
})

test('the operator sees a message that failed, and why; anyone else is told that the page is not theirs', async () => {
  await fetch(`${product.simulatorsUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'taqnyat', fault: 'http-500', times: 50 }),
  })
  const customer = await phone()
  await chooseTime(customer.page, product.url, free)
  await confirm(customer.page, free)
  await provePhone(customer.page, product.simulatorsUrl, '+966551000004')
  await customer.page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  await customer.page.goto(`${product.url}/ops`)
  await customer.page.getByText(ar.ops.forbiddenTitle).waitFor()
  await customer.hangUp()

  const { page, hangUp } = await phone()
  await page.goto(`${product.url}/ops`)
  await provePhone(page, product.simulatorsUrl, product.superuserPhone)
  await page.getByRole('link', { name: ar.ops.showFailed }).click()
  await page.locator('.row.FAILED').first().waitFor()
  await page.locator('.row.FAILED summary').first().click()
  assert.ok(((await page.locator('.row.FAILED .attempts').first().textContent()) ?? '').includes('taqnyat'))
  await fetch(`${product.simulatorsUrl}/faults`, { method: 'DELETE' })
  await page.getByRole('button', { name: consoleWords.ar.redrive, exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: consoleWords.ar.redrive }).click()
  await page.locator('.row.SENT').waitFor()
  await page.getByRole('link', { name: ar.ops.payments, exact: true }).click()
  await page.getByRole('button', { name: ar.ops.settle }).first().waitFor()
  await hangUp()
})
