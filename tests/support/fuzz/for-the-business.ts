import { sql } from '../../../server/database/index.ts'
import { asPerson, type Offering, type Person, takeTime } from '../cast.ts'
import type { Product } from '../product.ts'

/** Two bookings that a business may answer: one waits for its yes, the other's visit is over and its customer agreed to be invited. */
export async function openForTheBusiness(
  product: Product,
  customer: Person,
  offerings: Offering[],
): Promise<{ waiting: string; over: string }> {
  const asks = offerings.find(({ service }) => service.approvalHours !== null)
  const free = offerings.find(({ service }) => !service.requiresPayment && service.approvalHours === null)
  if (!asks || !free) throw new Error('The demonstration has no service that waits for a yes, or none that is free.')
  const waiting = await takeTime(product, customer, asks)
  const over = await takeTime(product, customer, free)
  const agreed = await fetch(`${product.url}/v1/me/contact`, {
    method: 'PUT',
    headers: { ...asPerson(customer), 'content-type': 'application/json' },
    body: JSON.stringify({ email: null, marketing: true }),
  })
  if (!agreed.ok) throw new Error(`Agreeing to be invited answered ${agreed.status}.`)
  await product.house.database.run(sql`update booking set status = 'completed' where id = ${over.id}`)
  return { waiting: waiting.id, over: over.id }
}
