/** People of a journey over HTTP, and what is theirs: logins, bookings, payments. */
import { createSecretKey, randomUUID } from 'node:crypto'
import { decodeJwt, SignJWT } from 'jose'
import { json, type CatalogService, type Slot, slotsOf } from './customer.ts'
import { codeFor, type Product } from './product.ts'

export interface Person {
  phone: string
  accountId: string
  accessToken: string
  /** `name=value`, as a browser sends it back. */
  cookie: string
}

/** Given to the product, so that a test can write tokens of its own. */
export const tokenSecret = 'a-token-secret-known-to-the-cast-0123456789'

interface Posted<T> {
  status: number
  body: T
  headers: Headers
}

export async function post<T>(product: Product, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Posted<T>> {
  const answer = await fetch(product.url + path, {
    method: 'POST',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: answer.headers }
}

export async function askForCode(product: Product, phone: string): Promise<{ challengeId: string; code: string }> {
  const { status, body } = await post<{ challengeId: string }>(product, '/v1/auth/codes', { phone, locale: 'ar' })
  if (status !== 201) throw new Error(`Asking for a code answered ${status}.`)
  return { challengeId: body.challengeId, code: await codeFor(product.simulatorsUrl, phone) }
}

export async function signIn(product: Product, phone: string): Promise<Person> {
  const { status, body, headers } = await post<{ accessToken: string; account: { id: string } }>(
    product,
    '/v1/auth/sessions',
    await askForCode(product, phone),
  )
  if (status !== 201) throw new Error(`Signing in answered ${status}.`)
  const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';')
  return { phone, accountId: body.account.id, accessToken: body.accessToken, cookie }
}

/** The person's own token, signed by the product's secret, with its time already over. */
export function expiredToken({ accessToken }: Person): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ ...decodeJwt(accessToken), iat: now - 1_200, exp: now - 600 })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .sign(createSecretKey(Buffer.from(tokenSecret)))
}

export interface Offering {
  slug: string
  service: CatalogService
  slots: Slot[]
}

/** Everything the demo businesses sell in the next two weeks. */
export async function offeringsOf(product: Product): Promise<Offering[]> {
  const all = await Promise.all(
    product.businesses.map(async (slug) => {
      const { items } = await json<{ items: CatalogService[] }>(`${product.url}/v1/businesses/${slug}/services`)
      return Promise.all(items.map(async (service) => ({ slug, service, slots: (await slotsOf(product.url, { slug, service })).slots })))
    }),
  )
  return all.flat().filter(({ slots }) => slots.length > 0)
}

export interface OwnBooking {
  id: string
  status: string
  reference: string
  payment: { id: string } | null
}

export const asPerson = ({ accessToken }: Person) => ({ authorization: `Bearer ${accessToken}` })
export const withKey = (person: Person) => ({ ...asPerson(person), 'idempotency-key': randomUUID() })

/** Takes the first of these times that is still free. */
export async function takeTime(product: Product, person: Person, { slug, service, slots }: Offering): Promise<OwnBooking> {
  for (const { startsAt } of slots) {
    const { status, body } = await post<OwnBooking>(
      product,
      '/v1/bookings',
      { businessSlug: slug, serviceId: service.id, branchId: service.branchId, startsAt },
      withKey(person),
    )
    if (status === 201) return body
    if (status !== 409) throw new Error(`Booking answered ${status}: ${JSON.stringify(body)}`)
  }
  throw new Error('No time is free.')
}

export async function startPaying(product: Product, person: Person, { id }: OwnBooking): Promise<{ id: string; redirectUrl: string }> {
  const { status, body } = await post<{ id: string; redirectUrl: string }>(
    product,
    `/v1/bookings/${id}/payments`,
    undefined,
    withKey(person),
  )
  if (status !== 201) throw new Error(`Starting to pay answered ${status}: ${JSON.stringify(body)}`)
  return body
}

export async function bookingOf<T = OwnBooking>(product: Product, person: Person, id: string): Promise<T> {
  return (await (await fetch(`${product.url}/v1/bookings/${id}`, { headers: asPerson(person) })).json()) as T
}

/** Pays on the gateway's page and waits until the booking stands. */
export async function payWhole(product: Product, person: Person, booking: OwnBooking): Promise<{ paymentId: string }> {
  const payment = await startPaying(product, person, booking)
  await fetch(`${product.simulatorsUrl}/play/moyasar`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirectUrl: payment.redirectUrl }),
  })
  for (let tries = 0; tries < 50; tries++) {
    // Reading a payment asks the gateway.
    await fetch(`${product.url}/v1/payments/${payment.id}`, { headers: asPerson(person) })
    if ((await bookingOf(product, person, booking.id)).status === 'confirmed') return { paymentId: payment.id }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The paid booking was not confirmed.')
}
