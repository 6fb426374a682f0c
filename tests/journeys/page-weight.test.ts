import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { arabicPhone, launchBrowser } from '../support/browser.ts'
import { startProduct } from '../support/product.ts'

const scriptLimitBytes = 100_000
const fontLimitBytes = 40_000

test('the first load of a business’s page stays light', async (t) => {
  const product = await startProduct(t)
  const browser = await launchBrowser()
  t.after(() => browser.close())
  for (const path of [`/b/${product.businesses[0]}`, `/en/b/${product.businesses[0]}`]) {
    const context = await browser.newContext(arabicPhone)
    const page = await context.newPage()
    const encodings: string[] = []
    const files: { kind: string; bytes: Promise<Buffer> }[] = []
    page.on('response', (response) => {
      const kind = response.request().resourceType()
      if (kind === 'script' || kind === 'font' || kind === 'stylesheet') files.push({ kind, bytes: response.body() })
      if (kind === 'script' || kind === 'stylesheet') encodings.push(response.headers()['content-encoding'] ?? 'none')
    })
    await page.goto(product.url + path, { waitUntil: 'networkidle' })
    await page.locator('.card').first().waitFor()
    const weigh = async (kind: string, weight: (bytes: Buffer) => number) =>
      (await Promise.all(files.filter((file) => file.kind === kind).map(async ({ bytes }) => weight(await bytes)))).reduce(
        (sum, bytes) => sum + bytes,
        0,
      )
    const scripts = await weigh('script', (bytes) => gzipSync(bytes, { level: 9 }).length)
    const styles = await weigh('stylesheet', (bytes) => gzipSync(bytes, { level: 9 }).length)
    const fonts = await weigh('font', (bytes) => bytes.length)
    t.diagnostic(`${path}: JavaScript ${scripts} bytes gzipped, styles ${styles}, fonts ${fonts} bytes woff2`)
    assert.ok(scripts > 0 && scripts < scriptLimitBytes, `${scripts} bytes of JavaScript`)
    assert.ok(fonts > 0 && fonts < fontLimitBytes, `${fonts} bytes of fonts`)
    assert.ok(
      encodings.every((encoding) => encoding === 'br' || encoding === 'gzip'),
      `sent as ${encodings.join(', ')}`,
    )
    await context.close()
  }
})

test('nothing jumps while a business’s page arrives over a slow line', async (t) => {
  const product = await startProduct(t)
  const browser = await launchBrowser()
  t.after(() => browser.close())
  for (const path of [`/b/${product.businesses[0]}`, `/en/b/${product.businesses[0]}`]) {
    const context = await browser.newContext(arabicPhone)
    const page = await context.newPage()
    const line = await context.newCDPSession(page)
    await line.send('Network.enable')
    await line.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 150,
      downloadThroughput: 200_000,
      uploadThroughput: 100_000,
    })
    await page.addInitScript({
      content: `globalThis.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value }).observe({ type: 'layout-shift', buffered: true })`,
    })
    await page.goto(product.url + path, { waitUntil: 'networkidle' })
    await page.locator('.card').first().waitFor()
    const shift = (await page.evaluate('shift')) as number
    t.diagnostic(`${path}: cumulative layout shift ${shift.toFixed(3)}`)
    assert.ok(shift < 0.1, `the page moved by ${shift}`)
    await context.close()
  }
})
