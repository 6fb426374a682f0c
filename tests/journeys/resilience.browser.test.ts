import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { arabicPhone, launchBrowser, watchForTrouble } from '../support/browser.ts'
import { ar, cards, chooseTime, confirm, offerWhere, payAtGateway, provePhone, type Offer } from '../support/customer.ts'
import { codeFor, startProduct, type Product } from '../support/product.ts'

let product: Product
let browser: Browser
let offer: Offer
const endings: (() => Promise<void>)[] = []

before(async () => {
  ;[product, browser] = await Promise.all([startProduct({ after: (run) => void endings.push(run) }), launchBrowser()])
  offer = await offerWhere(product, (service) => service.requiresPayment && service.resources.length > 1)
})
after(async () => {
  await browser?.close()
  for (const end of endings.toReversed()) await end()
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

/** How many bookings the signed-in customer has, by the page's own list. */
async function bookingsShown(page: Page): Promise<number> {
  await page.goto(`${product.url}/bookings`)
  await page.locator('.cards a').first().waitFor()
  return await page.locator('.cards a').count()
}

/** The idempotency keys that the page's requests to an address carried. */
function keysSentTo(context: BrowserContext, path: RegExp): Set<string> {
  const keys = new Set<string>()
  context.on('request', (request) => {
    if (request.method() === 'POST' && path.test(new URL(request.url()).pathname)) keys.add(request.headers()['idempotency-key'] ?? 'none')
  })
  return keys
}

/** A signed-in customer of the interface alone, without a browser. */
async function signedInByInterface(phone: string): Promise<Record<string, string>> {
  const post = async (path: string, body: unknown) =>
    (await (
      await fetch(`${product.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    ).json()) as Record<string, string>
  const { challengeId } = await post('/v1/auth/codes', { phone })
  const { accessToken } = await post('/v1/auth/sessions', { challengeId, code: await codeFor(product.simulatorsUrl, phone) })
  return { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
}

test('a time that someone else took while the customer was typing offers the nearest free ones, one press away', async () => {
  const { page, hangUp } = await telephone()
  const person = offer.service.resources[0]
  assert.ok(person)
  await chooseTime(page, product.url, offer, { person: person.name.ar, nth: 3 })
  const startsAt = new URL(page.url()).searchParams.get('time')
  const rival = await signedInByInterface('+966552000001')
  const taken = await fetch(`${product.url}/v1/bookings`, {
    method: 'POST',
    headers: { ...rival, 'idempotency-key': 'rival-took-this-time' },
    body: JSON.stringify({ businessSlug: offer.slug, serviceId: offer.service.id, startsAt, resourceId: person.id }),
  })
  assert.equal(taken.status, 201)

  await confirm(page, offer)
  await provePhone(page, product.simulatorsUrl, '+966552000002')
  await page.getByRole('heading', { name: ar.takenTitle }).waitFor()
  const choices = page.locator('.taken .card')
  assert.ok((await choices.count()) >= 1)
  await choices.first().click()
  await page.getByRole('heading', { name: ar.summaryTitle }).waitFor()
  await confirm(page, offer)
  await page.getByRole('heading', { name: ar.heldTitle }).waitFor()
  assert.equal(await bookingsShown(page), 1)
  await hangUp()
})

test('a reload at each step, and the back button from the gateway, lose nothing', async () => {
  const { page, hangUp } = await telephone()
  await page.goto(`${product.url}/b/${offer.slug}`)
  await page.reload()
  await page.getByRole('link', { name: offer.service.name.ar }).first().click()
  await page.getByRole('heading', { name: ar.choosePerson }).waitFor()
  await page.reload()
  await page.locator('.people a').first().click()
  await page.locator('.time').first().waitFor()
  await page.reload()
  await page.locator('.time').nth(1).click()
  await page.getByLabel(ar.yourName).fill('منيرة')
  await page.reload()
  assert.equal(await page.getByLabel(ar.yourName).inputValue(), 'منيرة')
  await page.goBack()
  await page.locator('.time').first().waitFor()
  await page.goForward()
  await confirm(page, offer)
  await page.getByLabel(ar.phoneLabel).waitFor()
  await page.reload()
  await page.getByLabel(ar.phoneLabel).fill('0552000003')
  await page.getByRole('button', { name: ar.sendCode }).click()
  await page.getByLabel(ar.codeLabel).waitFor()
  await page.reload()
  await page.getByLabel(ar.codeLabel).fill(await codeFor(product.simulatorsUrl, '+966552000003'))
  await page.getByRole('heading', { name: ar.heldTitle }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: ar.heldTitle }).waitFor()

  await page.locator('.pay .button').click()
  await page.locator(`[data-card="${cards.paid}"]`).waitFor({ state: 'attached' })
  const gatewayPage = page.url()
  await page.goBack()
  await page.getByRole('button', { name: ar.continuePayment }).click()
  await page.waitForURL(gatewayPage)
  await payAtGateway(page, cards.paid)
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  assert.equal(await bookingsShown(page), 1)
  await hangUp()
})

test('pressing twice, and pressing in two tabs, makes one booking', async () => {
  const { context, page, hangUp } = await telephone()
  await page.goto(`${product.url}/bookings`)
  await provePhone(page, product.simulatorsUrl, '+966552000004')
  await page.getByText(ar.noBookings).waitFor()
  await chooseTime(page, product.url, offer, { nth: 4 })
  const other = await context.newPage()
  await other.goto(page.url())
  const keys = keysSentTo(context, /^\/v1\/bookings$/)
  // Both requests are on their way before either is answered.
  let waiting = 0
  const bothSent = Promise.withResolvers<void>()
  await context.route('**/v1/bookings', async (route) => {
    if (route.request().method() === 'POST') {
      waiting += 1
      if (waiting === 2) bothSent.resolve()
      await bothSent.promise
    }
    await route.continue()
  })
  const press = (one: Page) => one.getByRole('button', { name: ar.holdAndPay })
  await press(other).waitFor()
  await Promise.all([press(page).dblclick(), press(other).dblclick()])
  await Promise.all([page, other].map((one) => one.getByRole('heading', { name: ar.heldTitle }).waitFor()))
  assert.equal(new URL(page.url()).pathname, new URL(other.url()).pathname)
  assert.ok(waiting >= 2)
  assert.equal(keys.size, 1, 'both tabs asked under one key')
  await context.unroute('**/v1/bookings')
  assert.equal(await bookingsShown(page), 1)
  await hangUp()
})

test('when the answer to a booking is lost on the way, asking again finds the same booking', async () => {
  const { context, page, hangUp } = await telephone()
  await page.goto(`${product.url}/bookings`)
  await provePhone(page, product.simulatorsUrl, '+966552000005')
  await page.getByText(ar.noBookings).waitFor()
  await chooseTime(page, product.url, offer, { nth: 5 })
  const keys = keysSentTo(context, /^\/v1\/bookings$/)
  let lost = 0
  await page.route('**/v1/bookings', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return await route.fallback()
    lost += 1
    await route.fetch()
    await route.abort('connectionreset')
  })
  await confirm(page, offer)
  await page.getByText(ar.noAnswer.unreachable).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: ar.heldTitle }).waitFor()
  assert.equal(lost, 1)
  assert.equal(keys.size, 1, 'asked again under the same key')
  assert.equal(await bookingsShown(page), 1)
  await hangUp()
})

test('without a connection the page says so, keeps everything and goes on once it is back', async () => {
  const { context, page, hangUp } = await telephone()
  await page.goto(`${product.url}/bookings`)
  await provePhone(page, product.simulatorsUrl, '+966552000006')
  await page.getByText(ar.noBookings).waitFor()
  await chooseTime(page, product.url, offer, { nth: 6 })
  await context.setOffline(true)
  await page.getByText(ar.offline).waitFor()
  await confirm(page, offer)
  await page.getByText(ar.noAnswer.unreachable).waitFor()
  await context.setOffline(false)
  await page.getByRole('heading', { name: ar.heldTitle }).waitFor()

  await context.setOffline(true)
  await page.locator('.pay .button').click()
  await page.getByText(ar.noAnswer.unreachable).waitFor()
  await context.setOffline(false)
  await page.locator('.pay .button').click()
  await payAtGateway(page, cards.paid)
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  assert.equal(await bookingsShown(page), 1)
  await hangUp()
})

test('a customer who leaves the gateway without paying still has the time, and pays later', async () => {
  const { page, hangUp } = await telephone()
  await chooseTime(page, product.url, offer, { nth: 7 })
  await confirm(page, offer)
  await provePhone(page, product.simulatorsUrl, '+966552000007')
  await page.locator('.pay .button').click()
  await payAtGateway(page, cards.paid, 'leave')
  await page.getByRole('heading', { name: ar.heldTitle }).waitFor()
  await page.locator('.pay .button').click()
  await payAtGateway(page, cards.paid)
  await page.getByRole('heading', { name: ar.confirmedTitle }).waitFor()
  await hangUp()
})
