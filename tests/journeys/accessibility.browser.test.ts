import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { assertAccessible } from '../support/axe.ts'
import { arabicPhone, launchBrowser } from '../support/browser.ts'
import { ar, confirm, en, offerWhere, slotsOf, type Offer } from '../support/customer.ts'
import { codeFor, startProduct, type Product } from '../support/product.ts'

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

/** Runs in the page, where the compiler's words for a browser are not known to tests. */
const whatHasTheFocus = `(() => {
  const element = document.activeElement
  const names = [element.labels?.[0]?.textContent, element.getAttribute('aria-label'), element.textContent].map((one) => one ?? null)
  return { names, outline: getComputedStyle(element).outlineStyle }
})()`

for (const { language, words, prefix } of [
  { language: 'ar', words: ar, prefix: '' },
  { language: 'en', words: en, prefix: '/en' },
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`no page breaks an accessibility rule (${language}, ${colorScheme})`, async () => {
      const context = await browser.newContext({ ...arabicPhone, colorScheme, reducedMotion: 'reduce' })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      const { slots } = await slotsOf(product.url, paid)
      const startsAt = slots.at(-1)?.startsAt ?? ''
      const freeStart = (await slotsOf(product.url, free)).slots.at(-1)?.startsAt ?? ''
      const business = `${prefix}/b/${paid.slug}`
      const service = `${business}?service=${paid.service.id}`
      const show = async (path: string, ready: string) => {
        await page.goto(`${product.url}${path}`)
        await page.locator(ready).first().waitFor()
        await assertAccessible(page, path)
      }
      await show(prefix || '/', '.card')
      await show(business, '.card')
      await show(service, '.people')
      await show(`${service}&person=any`, '.time')
      await show(`${service}&person=any&time=${encodeURIComponent(startsAt)}`, 'form')
      await show(`${prefix}/nowhere`, 'h1')
      await show(`${prefix}/ops`, 'form')
      await show(`${prefix}/bookings`, 'form')
      await page.getByLabel(words.phoneLabel).fill('12')
      await page.getByRole('button', { name: words.sendCode }).click()
      await page.getByText(words.phoneWrong).waitFor()
      await assertAccessible(page, 'a wrong phone')
      await page.getByLabel(words.phoneLabel).fill('0500000001')
      await page.getByRole('button', { name: words.sendCode }).click()
      await page.getByLabel(words.codeLabel).waitFor()
      await assertAccessible(page, 'the code')
      await page.getByLabel(words.codeLabel).fill(await codeFor(product.simulatorsUrl, product.superuserPhone))
      await page.getByLabel(words.codeLabel).waitFor({ state: 'detached' })

      await page.goto(`${product.url}${service}&person=any&time=${encodeURIComponent(startsAt)}`)
      await confirm(page, paid, words)
      await page.locator('.pay').waitFor()
      await assertAccessible(page, 'a held booking')
      await page.getByRole('button', { name: words.cancel }).click()
      await page.locator('dialog .refund').waitFor()
      await assertAccessible(page, 'the question before cancelling')
      await page.getByRole('button', { name: words.cancelConfirm }).click()
      await page.getByRole('heading', { name: words.cancelledTitle }).waitFor()
      await assertAccessible(page, 'a cancelled booking')
      await page.goto(`${product.url}${prefix}/b/${free.slug}?service=${free.service.id}&person=any&time=${encodeURIComponent(freeStart)}`)
      await confirm(page, free, words)
      await page.getByRole('heading', { name: words.confirmedTitle }).waitFor()
      await assertAccessible(page, 'a confirmed booking')
      await page.getByRole('link', { name: words.reschedule }).click()
      await page.locator('.time').first().waitFor()
      await assertAccessible(page, 'choosing another time')
      await show(`${prefix}/money/${/bookings\/([\w-]+)/.exec(page.url())?.[1]}`, '.sums')
      await show(`${prefix}/bookings`, '.cards .card')
      await show(`${prefix}/ops`, '.rows, .empty')
      await show(`${prefix}/ops?section=payments`, '.rows, .empty')
      await show(`${prefix}/ops?section=money`, '.board .empty')
      await show(`${prefix}/ops/messages/preview`, '.preview')
      await show(`${prefix}/b/${free.slug}/day?day=${freeStart.slice(0, 10)}`, '.day-card')
      await show(`${prefix}/b/${free.slug}/unreached`, '.empty, .unreached')
      await show(`${prefix}/b/${free.slug}/messaging`, 'form')
      await context.close()
      // The next round asks for a code of the same telephone: the pause between codes is a second here.
      await new Promise((done) => setTimeout(done, 1100))
    })
  }
}

test('a booking is made with the keyboard alone', async () => {
  const context = await browser.newContext({ locale: 'ar-SA', timezoneId: 'America/New_York', viewport: { width: 1024, height: 800 } })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  /** Presses Tab until what has the focus answers to `name`, as a person without a mouse does. */
  const reach = async (name: string) => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab')
      const focused = (await page.evaluate(whatHasTheFocus)) as { names: (string | null)[]; outline: string }
      if (focused.names.some((one) => one?.includes(name))) {
        assert.notEqual(focused.outline, 'none', `the focus on “${name}” can be seen`)
        return
      }
    }
    assert.fail(`The Tab key never reached “${name}”.`)
  }
  await page.goto(`${product.url}/b/${free.slug}`)
  await page.locator('.card').first().waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.textContent.trim()'), ar.skip)
  await reach(free.service.name.ar)
  await page.keyboard.press('Enter')
  if (free.service.resources.length > 1) {
    await page.locator('.people').waitFor()
    await reach(ar.anyone)
    await page.keyboard.press('Enter')
  }
  await page.locator('.time').first().waitFor()
  await reach((await page.locator('.time').first().textContent()) ?? '')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: ar.summaryTitle }).waitFor()
  await reach(ar.confirmFree)
  await page.keyboard.press('Enter')
  await page.getByLabel(ar.phoneLabel).waitFor()
  await reach(ar.phoneLabel)
  await page.keyboard.type('0553000001')
  await page.keyboard.press('Enter')
  await page
    .getByLabel(ar.codeLabel)
    .waitFor()
    .catch(async () => assert.fail(`No code was asked for; the page says: ${await page.locator('main').innerText()}`))
  await reach(ar.codeLabel)
  await page.keyboard.type(await codeFor(product.simulatorsUrl, '+966553000001'))
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  await context.close()
})
