import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { messageWords } from '../../web/src/messages/message-words.ts'
import { consoleWords } from '../../web/src/operations/console-words.ts'
import { signIn } from '../support/api.ts'
import { assertAccessible } from '../support/axe.ts'
import { arabicPhone, launchBrowser, watchForTrouble } from '../support/browser.ts'
import { ar, offerWhere, provePhone, slotsOf } from '../support/customer.ts'
import { type Product, startProduct } from '../support/product.ts'

const endpoint = 'reports-of-this-test-0123456789'
const ownerPhone = '+966551110001'

async function vendorIs(product: Product, fault: string | null): Promise<void> {
  const answer = await fetch(`${product.simulatorsUrl}/faults`, {
    method: fault === null ? 'DELETE' : 'PUT',
    headers: { 'content-type': 'application/json' },
    ...(fault !== null && { body: JSON.stringify({ provider: 'taqnyat', fault }) }),
  })
  assert.ok(answer.ok)
}

/** What the vendor reports here, this test reports. */
async function keepVendorQuiet({ simulatorsUrl }: Product): Promise<void> {
  const answer = await fetch(`${simulatorsUrl}/play/taqnyat/switches`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ deliveryReports: 'never' }),
  })
  assert.ok(answer.ok)
}

/** Tomorrow: one customer told, one whose message failed for good, one whose fate is unknown; and a message reported as not delivered. */
async function seed(product: Product): Promise<{ slug: string; bookingId: string }> {
  const { database } = product.house
  const offer = await offerWhere(product, ({ requiresPayment }) => !requiresPayment)
  const customer = await signIn(product, '+966551234567')
  const owner = await signIn(product, ownerPhone)
  const { id } = (await owner<{ id: string }>('GET', '/v1/me')).body
  await database.run(
    sql`insert into role_grant (account_id, role, business_id) select ${id}, 'owner', id from business where slug = ${offer.slug}`,
  )
  const { slots } = await slotsOf(product.url, offer)
  let next = slots.length
  const book = async () => {
    const wish = { businessSlug: offer.slug, serviceId: offer.service.id, startsAt: slots[(next -= 2)]!.startsAt }
    const { status, body } = await customer<{ id: string }>('POST', '/v1/bookings', wish)
    assert.equal(status, 201)
    return body.id
  }
  const told = await book()
  await vendorIs(product, 'refuse')
  const refused = await book()
  const second = await book()
  await vendorIs(product, null)
  await vendorIs(product, 'truncated')
  const unknown = await book()
  await vendorIs(product, null)
  const undelivered = await book()
  const { providerMessageId } = (await database.row<{ providerMessageId: string }>(sql`
    select a.provider_message_id from notification n join notification_attempt a on a.notification_id = n.id
    where n.about_id = ${undelivered} and n.kind = 'booking-confirmed'`))!
  for (const status of ['sent', 'failed']) {
    const { ok } = await fetch(`${product.url}/v1/webhooks/taqnyat/${endpoint}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messageId: providerMessageId, status }),
    })
    assert.ok(ok)
  }
  for (const endsAt = Date.now() + 10_000; ;) {
    if (await database.row(sql`select 1 from notification where about_id = ${undelivered} and delivery = 'undelivered'`)) break
    assert.ok(Date.now() < endsAt, 'the report was never carried over')
    await new Promise((done) => setTimeout(done, 50))
  }
  await database.run(sql`
    update booking set starts_at = at, ends_at = at + interval '45 minutes'
    from (select id as of, ((now() at time zone 'Asia/Riyadh')::date + 1 + time '17:00' + row_number() over (order by id) * interval '50 minutes') at time zone 'Asia/Riyadh' as at
      from booking where id = any(${[told, refused, second, unknown, undelivered]}::uuid[])) tomorrow where id = of`)
  // The pause between two codes of one telephone, a second here.
  await new Promise((done) => setTimeout(done, 1_100))
  return { slug: offer.slug, bookingId: undelivered }
}

test('an operator on a telephone finds what did not arrive, sees why, and does something about it; a business sees whom to call', async (t) => {
  const product = await startProduct(t, {
    env: (simulatorsUrl) => ({
      TAQNYAT_WEBHOOK_ENDPOINT_ID: endpoint,
      NOTIFICATION_FALLBACKS: 'whatsapp',
      WHATSAPP_BASE_URL: `${simulatorsUrl}/v23.0`,
      WHATSAPP_PHONE_NUMBER_ID: '100000000000001',
      WHATSAPP_ACCESS_TOKEN: 'token-of-this-test',
    }),
  })
  await keepVendorQuiet(product)
  const { slug, bookingId } = await seed(product)
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const shots = process.env['THABIT_SHOTS']
  const phone = async (number: string, path: string) => {
    const context = await browser.newContext({ ...arabicPhone, reducedMotion: 'reduce' })
    const { troubles } = watchForTrouble(context)
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(product.url + path)
    await provePhone(page, product.simulatorsUrl, number)
    const shot = async (name: string) =>
      void (
        shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true, clip: { x: 0, y: 0, width: 390, height: 1_400 } }))
      )
    return { page, shot, hangUp: async () => (assert.deepEqual(troubles, []), context.close()) }
  }

  await t.test('the business, in Arabic: whom to call tomorrow, and whether she was told', async () => {
    const { page, shot, hangUp } = await phone(ownerPhone, `/b/${slug}/unreached`)
    const words = messageWords.ar
    const cards = page.locator('.unreached')
    await cards.first().waitFor()
    assert.equal(await cards.count(), 4)
    await assertAccessible(page, 'whom to call')
    await shot('unreached-ar')
    assert.equal(await cards.first().getByRole('link', { name: words.unreached.call }).getAttribute('href'), 'tel:+966551234567')
    await page.getByRole('link', { name: words.unreached.dayAfter }).click()
    await page.getByText(words.unreached.noBookings).waitFor()
    await assertAccessible(page, 'a day without bookings')

    await page.goto(`${product.url}/money/${bookingId}`)
    await page.getByRole('heading', { name: words.toldTitle }).waitFor()
    await page.locator('.told').first().waitFor()
    await shot('told-ar')
    await page.getByText(words.outcome.undelivered).waitFor()
    await assertAccessible(page, 'was she told')
    await page.goto(`${product.url}/b/${slug}`)
    await page.getByRole('link', { name: ar.unreachedLink }).waitFor()
    await shot('business-owner-ar')
    await hangUp()
  })

  await t.test('the operator, in Arabic', async () => {
    const { page, shot, hangUp } = await phone(product.superuserPhone, '/ops')
    const words = consoleWords.ar
    const names = messageWords.ar
    const rows = page.locator('.rows > .row')
    const dialog = page.getByRole('dialog')
    await page.locator('.tile.loud').waitFor()
    await rows.first().waitFor()
    await rows.first().locator('summary').click()
    await assertAccessible(page, 'messages that need someone')
    await shot('messages-ar')

    await page.getByText(words.filters, { exact: true }).click()
    await page.getByLabel(words.errorClass).selectOption('ambiguous')
    await assertAccessible(page, 'the filters')
    await shot('messages-filters-ar')
    await page.getByRole('button', { name: words.apply }).click()
    await page.waitForURL(/errorClass=ambiguous/)
    await rows
      .getByText(names.why['unknown'] ?? '')
      .first()
      .waitFor()
    await rows.first().getByRole('button', { name: words.redrive, exact: true }).click()
    await dialog.getByText(words.twice).waitFor()
    await dialog.getByRole('button', { name: words.back }).click()
    await rows.first().getByRole('button', { name: words.acknowledge }).click()
    await dialog.getByRole('button', { name: words.acknowledge }).click()
    await dialog.getByText(words.whyMissing).waitFor()
    await assertAccessible(page, 'the question before a message is set aside')
    await shot('message-aside-ar')
    await dialog.getByLabel(words.why, { exact: true }).fill('اتصلنا بالعميلة وأكّدنا الموعد')
    await dialog.getByRole('button', { name: words.acknowledge }).click()
    await rows.first().getByText('اتصلنا بالعميلة وأكّدنا الموعد').waitFor()

    await page.getByRole('link', { name: words.clear }).click()
    const undelivered = rows.filter({ has: page.locator('.told-undelivered') })
    await undelivered.locator('summary').click()
    await undelivered
      .getByText(words.verified['path'] ?? '')
      .first()
      .waitFor()
    const byWhatsApp = words.sendBy(names.channel['whatsapp'] ?? '')
    await undelivered.getByRole('button', { name: byWhatsApp }).click()
    await shot('message-by-whatsapp-ar')
    await dialog.getByRole('button', { name: byWhatsApp }).click()
    await undelivered.getByText(words.stoodIn).waitFor()
    await page.getByRole('button', { name: words.redriveAll }).click()
    await assertAccessible(page, 'the question before many are sent again')
    await shot('messages-many-ar')
    await dialog.getByRole('button', { name: words.redrive }).click()
    await page.getByText(/اصطفّت/).waitFor()
    await page.locator('.tile').filter({ hasText: words.view.sent }).click()
    await page.waitForURL(/view=sent/)
    await rows.first().waitFor()
    await shot('messages-sent-ar')
    const acts = await product.house.database.rows<{ action: string }>(
      sql`select distinct action from audit_entry where subject = 'notification' order by action`,
    )
    for (const action of ['notification.acknowledged', 'notification.many_redriven', 'notification.sent_by_other_channel'])
      assert.ok(
        acts.some((one) => one.action === action),
        action,
      )

    await page.goto(`${product.url}/en/ops?view=skipped&kind=canary`)
    await page.getByText(consoleWords.en.none).waitFor()
    await assertAccessible(page, 'nothing fits, in English')
    await shot('messages-none-en')
    await hangUp()
  })

  await t.test('a customer is not shown others’ telephones', async () => {
    const { page, hangUp } = await phone('+966551234567', `/b/${slug}/unreached`)
    await page.getByText(messageWords.ar.unreached.forbiddenTitle).waitFor()
    await page.goto(`${product.url}/b/${slug}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(await page.getByRole('link', { name: ar.unreachedLink }).count(), 0)
    await hangUp()
  })
})
