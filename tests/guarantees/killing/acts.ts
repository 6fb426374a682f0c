import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Offer, Person } from './lane.ts'
import { type Answer, insist } from './patience.ts'
import type { World } from './world.ts'

export interface Booking {
  id: string
  reference: string
  status: string
  startsAt: string
  price: { amountMinor: number }
  payment: { id: string; status: string } | null
  /** Which messages told the customer of it. */
  notifications: { kind: string; channel: string; status: string }[]
}

export interface Payment {
  id: string
  status: string
  redirectUrl: string | null
  amount: { amountMinor: number }
}

/** Whether a message of this kind came to its end, as wanted where that is said. */
export const toldOf =
  (kind: string, wanted?: string) =>
  ({ notifications }: Booking): boolean =>
    notifications.some((one) => one.kind === kind && (wanted === undefined ? one.status !== 'PENDING' : one.status === wanted))

export const statusIs = (status: string) => (booking: Booking) => booking.status === status

/** What the house said and must stand by. */
export type Acknowledged = { key: string; id: string }[]

/** The things people do, each until it is answered; every answer that promises something is written into `heard`. */
export function acts(world: World, heard: Acknowledged) {
  const post = async <T extends { id: string }>(person: Person, path: string, body?: unknown): Promise<Answer<T>> => {
    const key = randomUUID()
    const answer = await insist<T>(world, person, { method: 'POST', path, key, ...(body !== undefined && { body }) })
    if (answer.status < 300) {
      // Once more, as a browser does that was reloaded: the same key must give the same thing.
      const again = await insist<T>(world, person, { method: 'POST', path, key, ...(body !== undefined && { body }) })
      heard.push({ key, id: answer.body.id }, { key, id: again.body.id })
    }
    return answer
  }
  const bookingOf = async (person: Person, id: string) =>
    (await insist<Booking>(world, person, { method: 'GET', path: `/v1/bookings/${id}` })).body
  return {
    post,
    bookingOf,
    book: async (person: Person, offer: Offer, at = 0): Promise<Booking> =>
      must(await post<Booking>(person, '/v1/bookings', { ...named(offer), startsAt: offer.starts[at] })),
    /** As one who is told that somebody was first and presses again: a hold that is being settled at this very moment is not given away. */
    async takeFromOther(person: Person, offer: Offer): Promise<Booking> {
      for (let tries = 0; ; tries++) {
        const answer = await post<Booking>(person, '/v1/bookings', { ...named(offer), startsAt: offer.starts[0] })
        if (answer.status !== 409 || tries === 20) return must(answer)
        await pause(100)
      }
    },
    pay: async (person: Person, booking: Booking): Promise<Payment> =>
      must(await post<Payment>(person, `/v1/bookings/${booking.id}/payments`)),
    askPayment: async (person: Person, { id }: Payment) =>
      (await insist<Payment>(world, person, { method: 'GET', path: `/v1/payments/${id}` })).body,
    /** On the gateway's page, which lives whatever becomes of the house. */
    play: (redirectUrl: string | null, threeDs: 'approve' | 'leave' = 'approve') =>
      world.play<{ challengeUrl: string | null }>('/play/moyasar', { redirectUrl, threeDs }),
    /** Looks at the booking, which asks no gateway, until it stands as wanted; in between time passes and the house works. */
    async until(person: Person, { id }: Booking, wanted: (booking: Booking) => boolean): Promise<void> {
      for (let round = 0; round < 6; round++) {
        for (let look = 0; look < 12; look++) {
          if (wanted(await bookingOf(person, id))) return
          await pause(15)
        }
        await world.timePasses(65_000)
        await world.sweep()
      }
    },
  }
}

function named({ businessSlug, serviceId, resourceId }: Offer) {
  return { businessSlug, serviceId, resourceId }
}

function must<T>({ status, body }: Answer<T>): T {
  if (status >= 300) throw new Error(`It was refused with ${status}: ${JSON.stringify(body)}`)
  return body
}
