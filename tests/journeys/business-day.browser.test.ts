import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../server/accounts/index.ts'
import { sql } from '../../server/database/index.ts'
import { workplaceWords } from '../../web/src/workplace/workplace-words.ts'
import { signIn } from '../support/api.ts'
import { assertAccessible } from '../support/axe.ts'
import { arabicPhone, launchBrowser, watchForTrouble } from '../support/browser.ts'
import { ar, chooseTime, confirm, json, provePhone, slotsOf, type CatalogService } from '../support/customer.ts'
import { messageTo, startProduct } from '../support/product.ts'

const slug = 'rawnaq-salon'
const ownerPhone = '+966552000001'
const customerPhone = '+966551234567'

test('an owner on a telephone lands at her day, says yes to one booking and no to another, and invites a customer again', async (t) => {
  const product = await startProduct(t)
  const { database } = product.house
  const business = await database.row<{ id: string }>(sql`select id from business where slug = ${slug}`)
  await grantRole(database, ownerPhone, { role: 'owner', businessId: business!.id })
  const { items } = await json<{ items: CatalogService[] }>(`${product.url}/v1/businesses/${slug}/services`)
  const service = items.find(({ approvalHours }) => approvalHours !== null)!
  const { slots } = await slotsOf(product.url, { slug, service })
  const customer = await signIn(product, customerPhone)
  await customer('PUT', '/v1/me/contact', { email: null, marketing: true })
  const { body: wanted } = await customer<{ id: string; reference: string }>('POST', '/v1/bookings', {
    businessSlug: slug,
    serviceId: service.id,
    startsAt: slots.at(-1)!.startsAt,
    attendeeName: 'هند',
  })

  const browser = await launchBrowser()
  t.after(() => browser.close())
  const context = await browser.newContext({ ...arabicPhone, reducedMotion: 'reduce' })
  const { troubles } = watchForTrouble(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const words = workplaceWords.ar

  const asking = await (await browser.newContext({ ...arabicPhone, reducedMotion: 'reduce' })).newPage()
  asking.setDefaultTimeout(15_000)
  await chooseTime(asking, product.url, { slug, service })
  await asking.getByText(ar.askExplained(24)).waitFor()
  await confirm(asking, { slug, service })
  await provePhone(asking, product.simulatorsUrl, '+966551234569')
  await asking.getByRole('heading', { name: ar.waitingTitle }).waitFor()
  const unwanted = { reference: (await asking.locator('.reference').textContent()) ?? '' }

  await page.goto(`${product.url}/bookings`)
  await provePhone(page, product.simulatorsUrl, ownerPhone)
  await page.getByRole('link', { name: words.day }).waitFor()
  await assertAccessible(page, 'the way to work')
  await page.getByRole('link', { name: words.day }).click()
  await page.getByRole('heading', { name: words.waiting(2) }).waitFor()
  await assertAccessible(page, 'what waits for a yes')
  const waiting = (reference: string) => page.locator('.waiting-card').filter({ hasText: reference })

  await waiting(wanted.reference).getByRole('button', { name: ar.approve }).click()
  await page.getByText(words.approved(wanted.reference)).waitFor()
  await waiting(unwanted.reference).getByRole('button', { name: words.decline }).click()
  await page.getByRole('heading', { name: ar.declineTitle }).waitFor()
  await page.locator('dialog .refund').waitFor()
  await assertAccessible(page, 'the question before saying no')
  await page.getByRole('button', { name: ar.declineConfirm }).click()
  await page.getByText(words.declined(unwanted.reference)).waitFor()
  assert.equal(await page.locator('.waiting-card').count(), 0)
  await asking.reload()
  await asking.getByRole('heading', { name: ar.cancelledTitle }).waitFor()
  await messageTo(product.simulatorsUrl, customerPhone, (body) => body.includes(wanted.reference) && body.includes('تأكيد'))

  const day = Temporal.Instant.from(slots.at(-1)!.startsAt).toZonedDateTimeISO('Asia/Riyadh').toPlainDate().toString()
  await page.goto(`${product.url}/b/${slug}/day?day=${day}`)
  await page.locator('.day-card').filter({ hasText: 'هند' }).click()
  await page.getByRole('link', { name: customerPhone }).waitFor()
  await page.getByRole('link', { name: ar.reschedule }).waitFor()
  await database.run(sql`update booking set status = 'completed' where id = ${wanted.id}`)
  await page.reload()
  await page.getByRole('button', { name: ar.inviteAgain }).click()
  await page.getByText(ar.invited).waitFor()
  await assertAccessible(page, 'a visit that is over')
  await page.getByRole('link', { name: ar.businessDay }).click()
  for (const name of [words.tabs.unreached, words.tabs.messaging]) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.locator(`.tabs [aria-current="page"]`, { hasText: name }).waitFor()
  }
  assert.deepEqual(troubles, [])
})
