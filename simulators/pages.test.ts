import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { arabicPhone, launchBrowser } from '../tests/support/browser.ts'
import { startTrial } from './trial.ts'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** What axe finds wrong, and how far the page is wider than the phone. */
async function faults(page: Page): Promise<unknown[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe, document } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string }[] }> }
      document: { documentElement: { scrollWidth: number; clientWidth: number } }
    }
    const { scrollWidth, clientWidth } = document.documentElement
    return [...(await axe.run()).violations.map(({ id }) => id), ...(scrollWidth > clientWidth ? [`${scrollWidth} wide`] : [])]
  })
}

test('every page fits a phone and has no axe violation, in both languages', { timeout: 60_000 }, async (t) => {
  const { url, control, newInvoice } = await startTrial(t)
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await (await browser.newContext(arabicPhone)).newPage()
  await control('POST', '/rest/SMS/messages', { AppSid: 'a', Recipient: '966551234567', Body: 'رمز التحقق: 482913' })
  const invoice = await newInvoice()
  for (const language of ['ar', 'en']) {
    await page.goto(`${url}/?lang=${language}`)
    await page.locator('summary').click()
    assert.deepEqual(await faults(page), [], `inbox ${language}`)
    await page.goto(`${invoice.url}?lang=${language}`)
    for (const summary of (await page.locator('details:not([open]) > summary').all()).toReversed()) await summary.click()
    assert.deepEqual(await faults(page), [], `page ${language}`)
    await page.locator('[data-card="4123120001090000"]').click()
    await page.locator('[value=approve]').waitFor()
    assert.deepEqual(await faults(page), [], `3-D Secure ${language}`)
    await page.locator('[value=approve]').click()
    await page.locator('[role=alert]').waitFor()
    assert.deepEqual(await faults(page), [], `refused ${language}`)
  }
})

test('the inbox shows a new message by itself and keeps what was opened', { timeout: 60_000 }, async (t) => {
  const { url, control } = await startTrial(t)
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await (await browser.newContext(arabicPhone)).newPage()
  await page.goto(url)
  await page.locator('summary').click()
  await page.waitForTimeout(100)
  await control('POST', '/rest/SMS/messages', { AppSid: 'a', Recipient: '966551234567', Body: 'رمز التحقق: 482913' })
  await page.locator('[data-copy="482913"]:visible').waitFor({ timeout: 10_000 })
  assert.equal(await page.locator('details[open]').count(), 1)
})
