import { sql } from '../../../server/database/index.ts'
import { asPerson, bookingOf, type Offering, payWhole, type Person, post, takeTime, withKey } from '../cast.ts'
import type { Product } from '../product.ts'

/** Money and bookings that the operator may lay hands on while requests are sent. */
export interface OpenMoney {
  /** Paid, and large enough to be given back a halala at a time; several, because one may be asked back whole. */
  paid: { bookingId: string; paymentId: string }[]
  /** Confirmed, and begun a moment ago. */
  begun: string
  /** Differences between the gateway's list and ours, open. */
  differences: string[]
  /** What the money of a difference may be adopted for. */
  bookingReference: string
}

/** Pays pages at the gateway that nobody asked for, and lets the operator find them. */
export async function openMoney(product: Product, operator: Person, customer: Person, paid: Offering, free: Offering): Promise<OpenMoney> {
  const bought: OpenMoney['paid'] = []
  for (let made = 0; made < 4; made += 1) {
    const booking = await takeTime(product, customer, paid)
    bought.push({ bookingId: booking.id, paymentId: (await payWhole(product, customer, booking)).paymentId })
  }
  const begun = await takeTime(product, customer, free)
  await product.house.database.run(
    sql`update booking set starts_at = now() - interval '1 minute', ends_at = now() + interval '20 minutes' where id = ${begun.id}`,
  )
  const waiting = await bookingOf<{ reference: string; amountDue: { amountMinor: number } }>(
    product,
    customer,
    (await takeTime(product, customer, paid)).id,
  )

  const authorization = `Basic ${Buffer.from(`sk_test_${'k'.repeat(40)}:`).toString('base64')}`
  const simulator = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await fetch(product.simulatorsUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as T
  }
  for (let stray = 0; stray < 9; stray++) {
    const { url } = await simulator<{ url: string }>('/v1/invoices', {
      amount: waiting.amountDue.amountMinor,
      currency: 'SAR',
      description: 'by telephone',
    })
    await simulator('/play/moyasar', { redirectUrl: url })
  }
  await post(product, '/v1/ops/reconciliation', undefined, withKey(operator))
  const { differences } = await fetch(`${product.url}/v1/ops/money`, { headers: asPerson(operator) }).then(
    (answer) => answer.json() as Promise<{ differences: { id: string }[] }>,
  )
  return {
    paid: bought,
    begun: begun.id,
    differences: differences.map(({ id }) => id),
    bookingReference: waiting.reference,
  }
}
