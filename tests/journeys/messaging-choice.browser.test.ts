import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantRole } from '../../server/accounts/index.ts'
import { sql } from '../../server/database/index.ts'
import { messagingWords } from '../../web/src/messages/messaging-words.ts'
import { assertAccessible } from '../support/axe.ts'
import { arabicPhone, launchBrowser, watchForTrouble } from '../support/browser.ts'
import { ar, provePhone } from '../support/customer.ts'
import { startProduct } from '../support/product.ts'

const phone = '+966552000001'

test('an owner on a telephone chooses reminders and channels, and says how she herself wants to be written to', async (t) => {
  const product = await startProduct(t, {
    env: (simulatorsUrl) => ({
      NOTIFICATION_FALLBACKS: 'unifonic,whatsapp',
      UNIFONIC_NOTIFICATION_APP_SID: 'another-app-of-this-test',
      WHATSAPP_BASE_URL: `${simulatorsUrl}/v23.0`,
      WHATSAPP_PHONE_NUMBER_ID: '100000000000001',
      WHATSAPP_ACCESS_TOKEN: 'token-of-this-test',
    }),
  })
  const { database } = product.house
  const slug = product.businesses[0]!
  const business = await database.row<{ id: string }>(sql`select id from business where slug = ${slug}`)
  await grantRole(database, phone, { role: 'owner', businessId: business!.id })
  await database.run(sql`delete from messaging_choice`)
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const context = await browser.newContext({ ...arabicPhone, reducedMotion: 'reduce' })
  const { troubles } = watchForTrouble(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const shots = process.env['THABIT_SHOTS']
  const shot = async (name: string) => void (shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })))

  await page.goto(`${product.url}/b/${slug}/messaging`)
  await provePhone(page, product.simulatorsUrl, phone)
  const words = messagingWords.ar
  await page.getByRole('heading', { name: words.channels }).waitFor()
  await assertAccessible(page, 'message settings')
  await page.getByLabel(words.place[1]!, { exact: true }).selectOption('whatsapp')
  await page.getByLabel(words.vendor(words.channel['sms']!)).selectOption('unifonic')
  await page.getByLabel(words.before.hours(1), { exact: true }).check()
  await page.getByLabel(words.staffTold).uncheck()
  await page.getByRole('button', { name: words.save }).click()
  await page.getByText(words.saved).waitFor()
  await shot('messaging-ar')
  const chosen = await database.row(
    sql`select channels, providers, reminder_minutes, staff_told, receipt_apart from messaging_choice where business_id = ${business!.id}`,
  )
  assert.deepEqual(chosen, {
    channels: ['sms', 'whatsapp'],
    providers: ['unifonic'],
    reminderMinutes: [1_440, 120, 60],
    staffTold: false,
    receiptApart: false,
  })

  await page.goto(`${product.url}/en/b/${slug}/messaging`)
  await page.getByRole('heading', { name: messagingWords.en.channels }).waitFor()
  await shot('messaging-en')

  await page.goto(`${product.url}/bookings`)
  await page.getByText(ar.contact.title).click()
  await page.getByLabel(ar.contact.email).fill('noura')
  await page.getByRole('button', { name: ar.contact.save }).click()
  await page.getByText(ar.contact.emailWrong).waitFor()
  await assertAccessible(page, 'how we write to you')
  await page.getByLabel(ar.contact.email).fill('noura@example.sa')
  await page.getByLabel(ar.contact.marketing).check()
  await page.getByRole('button', { name: ar.contact.save }).click()
  await page.getByText(ar.contact.saved).waitFor()
  await shot('contact-ar')
  assert.deepEqual(
    await database.row(
      sql`select contact_email as email, marketing_consent_at is not null as agreed from account where contact_email is not null`,
    ),
    { email: 'noura@example.sa', agreed: true },
  )
  assert.deepEqual(troubles, [])
})
