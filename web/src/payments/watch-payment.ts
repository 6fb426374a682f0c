import { useEffect, useState } from 'preact/hooks'
import type { Booking } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'

/** Seconds between questions after a return from the gateway; then every last one. */
const waitsSeconds = [0, 1, 1, 2, 2, 3, 5, 5, 10]
const patienceQuestions = 16
const open = new Set(['intent', 'redirected', 'unknown'])

/** `asking`: just returned, the answer may be a moment away. `quiet`: still asking in the background. `done`: nothing to ask. */
export type Watch = 'asking' | 'quiet' | 'done'

/**
 * Asks the server (which asks the gateway) until the payment has ended. A booking that is only waiting is looked at now and
 * then too, because it may be paid in another tab.
 */
export function useWatchedPayment(booking: Booking | null, returned: boolean, onBooking: (booking: Booking) => void): Watch {
  const [questions, setQuestions] = useState(0)
  const id = booking?.id ?? null
  const payment = booking?.payment ?? null
  const held = booking?.status === 'held'
  const unsettled = payment !== null && (open.has(payment.status) || (payment.status === 'paid' && held))
  const live = held || unsettled
  const eager = returned && unsettled && questions < patienceQuestions

  useEffect(() => {
    if (id === null || !live) return undefined
    let stopped = false
    const look = async () => {
      if (document.visibilityState === 'hidden') return setQuestions((old) => old + 1)
      try {
        if (unsettled && payment) await thabit.payment(payment.id)
        const fresh = await thabit.booking(id)
        if (!stopped) onBooking(fresh)
      } catch {
        // Offline or busy: the next question will tell.
      }
      if (!stopped) setQuestions((old) => old + 1)
    }
    const seconds = eager ? (waitsSeconds[questions] ?? 10) : 10
    const timer = setTimeout(() => void look(), seconds * 1000)
    const now = () => {
      if (document.visibilityState === 'visible') void look()
    }
    document.addEventListener('visibilitychange', now)
    addEventListener('online', now)
    return () => {
      stopped = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', now)
      removeEventListener('online', now)
    }
  }, [id, live, eager, unsettled, questions, payment?.id])

  if (!unsettled) return 'done'
  // A customer who came back without paying is still `redirected`: two answers are enough to say so.
  const settledSoon = payment?.status === 'redirected' ? 2 : 6
  return returned && questions < settledSoon ? 'asking' : 'quiet'
}
