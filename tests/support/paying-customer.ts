import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type Api, signIn } from './api.ts'
import { offerWhere, slotsOf } from './customer.ts'
import { type Product, startProduct } from './product.ts'

type TestContext = { after: (run: () => Promise<void>) => void }

export interface HeldBooking {
  id: string
  status: string
  price: { amountMinor: number; currency: string }
  payment: { id: string; status: string; refunded: { amountMinor: number } | null } | null
}
export interface StartedPayment {
  id: string
  code: string
  status: string
  redirectUrl: string
}

/** The whole product, a customer who is signed in, and the gateway within reach. */
export async function startPayingCustomer(
  t: TestContext,
  { env = {}, phone = '+966551234567' }: { env?: Record<string, string>; phone?: string } = {},
) {
  const product: Product = await startProduct(t, { env: { HOLDS_PER_ACCOUNT: '50', ...env } })
  const customer = await signIn(product, phone)
  const offer = await offerWhere(product, ({ requiresPayment, resources }) => requiresPayment && resources.length > 1)
  const resourceId = offer.service.resources[0]?.id
  const { slots } = await slotsOf(product.url, offer, resourceId)
  let next = slots.length
  /** A time nobody took, far from the others. */
  const wish = (more: object = {}) => ({
    businessSlug: offer.slug,
    serviceId: offer.service.id,
    startsAt: slots[(next -= 3)]?.startsAt,
    resourceId,
    ...more,
  })
  const hold = async (as: Api = customer): Promise<HeldBooking> => {
    const { status, body } = await as<HeldBooking>('POST', '/v1/bookings', wish())
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const pay = (booking: { id: string }, key: string = randomUUID(), as: Api = customer) =>
    as<StartedPayment>('POST', `/v1/bookings/${booking.id}/payments`, undefined, key)
  const booking = async (id: string) => (await customer<HeldBooking>('GET', `/v1/bookings/${id}`)).body

  const simulator = async <T>(method: string, path: string, body?: unknown, key?: string): Promise<T> => {
    const authorization = key === undefined ? {} : { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }
    const answer = await fetch(product.simulatorsUrl + path, {
      method,
      headers: { 'content-type': 'application/json', ...authorization },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    assert.ok(answer.ok, `${path} answered ${answer.status}`)
    return (await answer.json()) as T
  }
  return {
    product,
    customer,
    wish,
    hold,
    pay,
    booking,
    /** The gateway's own API, with its secret key or another. */
    gateway: <T>(method: string, path: string, body?: unknown, key = `sk_test_${'k'.repeat(40)}`) =>
      simulator<T>(method, `/v1${path}`, body, key),
    play: (redirectUrl: string, how: { card?: string; threeDs?: string } = {}) =>
      simulator<{ paymentStatus: string; paymentId: string }>('POST', '/play/moyasar', { redirectUrl, ...how }),
    fault: (operation: string, fault: string, more: object = { times: 1 }) =>
      simulator('PUT', '/faults', { provider: 'moyasar', operation, fault, ...more }),
    /** Looks until it holds, ten seconds at most. */
    until: async (holds: () => Promise<boolean>): Promise<void> => {
      const endsAt = performance.now() + 10_000
      while (!(await holds())) {
        assert.ok(performance.now() < endsAt, 'it did not happen within ten seconds')
        await new Promise((done) => setTimeout(done, 25))
      }
    },
  }
}

/** Where a text is kept in the database, whichever table and column; by the names of the tables. */
export async function tablesHolding({ house: { database } }: Product, text: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const found = await Promise.all(
    rows.map(async ({ name }) =>
      (await database.pool.query(`select 1 from "${name}" t where strpos(t::text, $1) > 0 limit 1`, [text])).rowCount ? [name] : [],
    ),
  )
  return found.flat()
}
