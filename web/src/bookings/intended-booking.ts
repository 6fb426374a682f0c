import { ProblemError, type Booking, type NewBooking } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { isCertain, keyed } from '../interface/keyed-wish.ts'
import { recall, remember } from '../interface/memory.ts'

/** A booking the customer asked for: kept for every tab from the press until it is certain what became of it, and a while after. */
type Intended = { body: NewBooking; sent: boolean; bookingId: string | null; at: number }

const keptMs = 24 * 60 * 60 * 1000

export function wishFor(body: Pick<NewBooking, 'businessSlug' | 'serviceId' | 'startsAt' | 'resourceId'>): string {
  return ['book', body.businessSlug, body.serviceId, body.startsAt, body.resourceId ?? 'any'].join(' ')
}

export function intendedBooking(wish: string): Intended | null {
  return all()[wish] ?? null
}

/** Writes down what is wanted. An earlier press whose end is not known is continued as it was, never doubled. */
export function intend(wish: string, body: NewBooking): void {
  const earlier = intendedBooking(wish)
  if (earlier?.sent) return
  write(wish, { body, sent: false, bookingId: null, at: Date.now() })
}

/** Carries the wish out once, however often and in however many tabs it is asked. `again` when it had been carried out before. */
export async function bookIntended(wish: string): Promise<{ booking: Booking; again: boolean }> {
  const intended = intendedBooking(wish)
  if (!intended) throw new Error('nothing is intended')
  if (intended.bookingId) {
    const earlier = await liveBooking(intended.bookingId)
    if (earlier) return { booking: earlier, again: true }
  }
  write(wish, { ...intended, sent: true, bookingId: null })
  try {
    const booking = await keyed(wish, (key) => thabit.book(key, intended.body))
    write(wish, { ...intended, sent: true, bookingId: booking.id })
    return { booking, again: false }
  } catch (error) {
    if (isCertain(error)) write(wish, null)
    throw error
  }
}

async function liveBooking(id: string): Promise<Booking | null> {
  try {
    const booking = await thabit.booking(id)
    return booking.status === 'held' || booking.status === 'confirmed' ? booking : null
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null
    throw error
  }
}

function all(): Record<string, Intended> {
  const kept = recall<Record<string, Intended>>('localStorage', 'intended') ?? {}
  return Object.fromEntries(Object.entries(kept).filter(([, one]) => Date.now() - one.at < keptMs))
}

function write(wish: string, intended: Intended | null): void {
  const { [wish]: _old, ...others } = all()
  remember('localStorage', 'intended', intended ? { ...others, [wish]: intended } : others)
}
