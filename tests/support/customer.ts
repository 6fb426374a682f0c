/** A customer at a telephone: the presses that journeys are made of, by the words the page shows. */
import type { Page } from 'playwright-core'
import { ar, type Words } from '../../web/src/language/ar.ts'
import { en } from '../../web/src/language/en.ts'
import { codeFor } from './product.ts'

export { ar, en }

export type CatalogService = {
  id: string
  name: { ar: string; en: string }
  requiresPayment: boolean
  approvalHours: number | null
  branchId: string
  resources: { id: string; name: { ar: string; en: string } }[]
}
export type Offer = { slug: string; service: CatalogService }
export type Slot = { startsAt: string; endsAt: string; resourceIds: string[] }

export async function json<T>(url: string): Promise<T> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return (await answer.json()) as T
}

/** The first service of the demo businesses that fits. */
export async function offerWhere(
  product: { url: string; businesses: string[] },
  fits: (service: CatalogService) => boolean,
): Promise<Offer> {
  for (const slug of product.businesses) {
    const { items } = await json<{ items: CatalogService[] }>(`${product.url}/v1/businesses/${slug}/services`)
    const service = items.find(fits)
    if (service) return { slug, service }
  }
  throw new Error('No demo business sells such a service.')
}

export async function slotsOf(url: string, { slug, service }: Offer, resourceId?: string): Promise<{ zone: string; slots: Slot[] }> {
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)
  const query = new URLSearchParams({
    serviceId: service.id,
    branchId: service.branchId,
    from: day(0),
    to: day(14),
    ...(resourceId ? { resourceId } : {}),
  })
  return await json(`${url}/v1/businesses/${slug}/slots?${query.toString()}`)
}

/** Presses through service, person and time of the page until the check before booking. Returns the words of the time pressed. */
export async function chooseTime(
  page: Page,
  url: string,
  { slug, service }: Offer,
  options: { words?: Words; person?: string; nth?: number } = {},
): Promise<string> {
  const { words = ar, person, nth = 0 } = options
  const english = words === en
  await page.goto(`${url}${english ? '/en' : ''}/b/${slug}`)
  await page
    .getByRole('link', { name: english ? service.name.en : service.name.ar })
    .first()
    .click()
  if (service.resources.length > 1) {
    const anyone = page.locator('.people a').first()
    await (person ? page.getByRole('link', { name: person }) : anyone).click()
  }
  const time = page.locator('.time').nth(nth)
  await time.waitFor()
  const label = (await time.textContent()) ?? ''
  await time.click()
  await page.getByRole('heading', { name: words.summaryTitle }).waitFor()
  return label
}

export async function confirm(page: Page, { service }: Offer, words: Words = ar): Promise<void> {
  const press = service.requiresPayment ? words.holdAndPay : service.approvalHours === null ? words.confirmFree : words.askForIt
  await page.getByRole('button', { name: press }).click()
}

/** Types the phone, reads the code out of the simulated inbox and types that; digits as the customer writes them. */
export async function provePhone(
  page: Page,
  simulatorsUrl: string,
  phone: string,
  options: { words?: Words; write?: (digits: string) => string } = {},
): Promise<void> {
  const { words = ar, write = (digits) => digits } = options
  const local = phone.replace('+966', '0')
  await page.getByLabel(words.phoneLabel).fill(write(local))
  await page.getByRole('button', { name: words.sendCode }).click()
  const field = page.getByLabel(words.codeLabel)
  await field.waitFor()
  // The sixth digit sends it.
  await field.fill(write(await codeFor(simulatorsUrl, phone)))
}

export function arabicIndic(digits: string): string {
  return digits.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))
}

export const cards = { paid: '4111111111111111', refused: '4123120001090000' }

/** On the simulated gateway's page: one of its test cards, then the bank's page. */
export async function payAtGateway(page: Page, card: string, decision: 'approve' | 'reject' | 'leave' = 'approve'): Promise<void> {
  const press = page.locator(`[data-card="${card}"]`)
  await press.waitFor({ state: 'attached' })
  await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')))
  await press.click()
  await page.locator(`button[value="${decision}"]`).click()
}
