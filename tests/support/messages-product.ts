import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { sql } from '../../server/database/index.ts'
import { signIn } from './api.ts'
import { offerWhere, slotsOf } from './customer.ts'
import { startProduct } from './product.ts'

export const endpoint = 'reports-of-this-test-0123456789'
export const authToken = 'auth-token-of-this-test'
export const appSecret = 'app-secret-of-this-test'

export interface Message {
  id: string
  kind: string
  status: string
  reason: string | null
  channel: string
  errorClass: string | null
  delivery: string | null
  aboutId: string
  bookingReference: string | null
  businessSlug: string
  recipient: string
  standsInFor: string | null
  stoodInBy: string | null
  acknowledgedReason: string | null
  redriveAt: string | null
  attempts: { result: string }[]
  reports: { said: string; delivery: string | null; verified: string }[]
}
export interface Counts {
  failed: number
  undelivered: number
  pending: number
  redriving: number
  lastDay: { sent: number; delivered: number; skipped: number; acknowledged: number }
  errorClasses: { errorClass: string; count: number }[]
}
export interface Problem {
  code: string
}

/** The product with two channels, whose vendors report only what the test reports; a customer and the operator. */
export async function openMessages(t: TestContext) {
  const product = await startProduct(t, {
    env: (simulatorsUrl: string) => ({
      TAQNYAT_WEBHOOK_ENDPOINT_ID: endpoint,
      UNIFONIC_WEBHOOK_ENDPOINT_ID: endpoint,
      TWILIO_WEBHOOK_ENDPOINT_ID: endpoint,
      TWILIO_AUTH_TOKEN: authToken,
      WHATSAPP_WEBHOOK_ENDPOINT_ID: endpoint,
      WHATSAPP_APP_SECRET: appSecret,
      WHATSAPP_VERIFY_TOKEN: 'verify-token-of-this-test',
      NOTIFICATION_FALLBACKS: 'whatsapp',
      WHATSAPP_BASE_URL: `${simulatorsUrl}/v23.0`,
      WHATSAPP_PHONE_NUMBER_ID: '100000000000001',
      WHATSAPP_ACCESS_TOKEN: 'token-of-this-test',
    }),
  })
  // What the vendor reports here, this test reports.
  const quiet = await fetch(`${product.simulatorsUrl}/play/taqnyat/switches`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ deliveryReports: 'never' }),
  })
  assert.ok(quiet.ok)
  const { database } = product.house
  const customer = await signIn(product, '+966551234567')
  const operator = await signIn(product, product.superuserPhone)
  const offer = await offerWhere(product, ({ requiresPayment }) => !requiresPayment)
  const { slots } = await slotsOf(product.url, offer)
  let next = slots.length
  const book = async () => {
    const { status, body } = await customer<{ id: string; reference: string; startsAt: string }>('POST', '/v1/bookings', {
      businessSlug: offer.slug,
      serviceId: offer.service.id,
      startsAt: slots[(next -= 2)]!.startsAt,
    })
    assert.equal(status, 201)
    return body
  }
  const fault = async (fault: string | null) => {
    const answer = await fetch(`${product.simulatorsUrl}/faults`, {
      method: fault === null ? 'DELETE' : 'PUT',
      headers: { 'content-type': 'application/json' },
      ...(fault !== null && { body: JSON.stringify({ provider: 'taqnyat', fault }) }),
    })
    assert.ok(answer.ok)
  }
  const list = async (query = '') => (await operator<{ items: Message[] }>('GET', `/v1/ops/notifications?limit=100${query}`)).body.items
  const counts = async () => (await operator<Counts>('GET', '/v1/ops/notifications/counts')).body
  const customers = async (aboutId: string) => (await list()).filter((one) => one.aboutId === aboutId && !one.kind.startsWith('staff-'))
  const audited = (id: string) =>
    database.rows<{ action: string; actorKind: string }>(
      sql`select action, actor_kind from audit_entry where subject_id = ${id} order by at, id`,
    )
  return { product, database, customer, operator, offer, book, fault, list, counts, customers, audited }
}

/** Waits until it holds; fails when that takes longer than `limitMs`. */
export async function comesAbout(holds: () => Promise<boolean>, limitMs = 15_000): Promise<void> {
  for (const endsAt = Date.now() + limitMs; !(await holds());) {
    assert.ok(Date.now() < endsAt, 'it did not come about')
    await new Promise((done) => setTimeout(done, 50))
  }
}
