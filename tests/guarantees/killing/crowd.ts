import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Acknowledged, Booking, Payment } from './acts.ts'
import type { Offer, Person } from './lane.ts'
import { type Answer, insist, type Waiting } from './patience.ts'

/** People who book, move, cancel and pay, all at once, whatever becomes of the database behind the house. */
export interface Crowd {
  /** What the house said, in the order it said it. */
  heard: Acknowledged
  /** Where each booking stands by the house's last word. */
  last: Map<string, { status: string; startsAt: string }>
  /** How often each answer came: `201`, `503 busy`. */
  answers: Map<string, number>
  /** When something was acknowledged, for the figures. */
  acknowledgedAt: number[]
  /** Resolves when everybody has what they came for; `isOver` then says so. */
  done: Promise<unknown>
  isOver: boolean
}

interface Place {
  waiting: Waiting
  free: Offer
  paid: Offer
  play: (redirectUrl: string | null) => Promise<unknown>
}

/** Starts them. Everybody takes the next time in the list, so that what is doubled would overlap. */
export function startCrowd(people: Person[], { waiting, free, paid, play }: Place): Crowd {
  const crowd: Crowd = { heard: [], last: new Map(), answers: new Map(), acknowledgedAt: [], done: Promise.resolve(), isOver: false }
  const listening: Waiting = {
    ...waiting,
    answered(status, code) {
      const word = code === undefined ? String(status) : `${status} ${code}`
      crowd.answers.set(word, (crowd.answers.get(word) ?? 0) + 1)
    },
  }
  const post = async <T extends { id: string }>(person: Person, path: string, body?: unknown): Promise<Answer<T>> => {
    const key = randomUUID()
    const answer = await insist<T>(listening, person, { method: 'POST', path, key, ...(body !== undefined && { body }) })
    if (answer.status >= 300) return answer
    crowd.heard.push({ key, id: answer.body.id })
    crowd.acknowledgedAt.push(Date.now())
    return answer
  }
  const note = ({ status, body }: Answer<Booking>): Booking | null => {
    if (status >= 300) return null
    crowd.last.set(body.id, { status: body.status, startsAt: body.startsAt })
    return body
  }
  const take = async (person: Person, offer: Offer, startsAt: string) =>
    note(
      await post<Booking>(person, '/v1/bookings', {
        businessSlug: offer.businessSlug,
        serviceId: offer.serviceId,
        resourceId: offer.resourceId,
        startsAt,
      }),
    )

  const freeStarts = [...free.starts]
  const paidStarts = [...paid.starts]
  const live = async (person: Person, nth: number) => {
    for (let turn = nth; ; turn++) {
      await pause(15)
      const paying = turn % 4 === 0
      const startsAt = (paying ? paidStarts : freeStarts).shift()
      if (startsAt === undefined) return
      const booking = await take(person, paying ? paid : free, startsAt)
      if (!booking) continue
      if (paying) {
        const { body } = await post<Payment>(person, `/v1/bookings/${booking.id}/payments`)
        await play(body.redirectUrl)
        await insist(listening, person, { method: 'GET', path: `/v1/payments/${body.id}` })
        note(await insist<Booking>(listening, person, { method: 'GET', path: `/v1/bookings/${booking.id}` }))
      } else if (turn % 4 === 1) {
        const to = freeStarts.shift()
        if (to !== undefined) note(await post<Booking>(person, `/v1/bookings/${booking.id}/reschedule`, { startsAt: to }))
      } else if (turn % 4 === 2) {
        note(await post<Booking>(person, `/v1/bookings/${booking.id}/cancel`, {}))
      }
    }
  }
  crowd.done = Promise.all(people.map(live)).finally(() => (crowd.isOver = true))
  return crowd
}
