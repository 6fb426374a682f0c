import type { Routes } from '#http'
import type { Sweep } from '#jobs'
import type { Payable } from '#payments'
import { payableOf } from './confirm.ts'
import { bookingSweeps } from './expire-holds.ts'
import type { BookingNeeds } from './needs.ts'
import { findBooking } from './queries.ts'
import { bookingMoneyRoutes } from './money-routes.ts'
import { bookingRoutes } from './routes.ts'

export type { BookingNeeds } from './needs.ts'

export interface Bookings {
  routes: Routes
  /** What payments settle for; joined by the assembly. */
  payable: Payable
  /** Whether what a message says still holds: null, or why it is not sent any more. */
  stillHolds(told: { aboutId: string; kind: string; version: number }): Promise<string | null>
  sweeps: Sweep[]
}

export function openBookings(needs: BookingNeeds): Bookings {
  return {
    async routes(app) {
      await app.register(bookingRoutes(needs))
      await app.register(bookingMoneyRoutes(needs))
    },
    payable: payableOf(needs),
    async stillHolds({ aboutId, kind, version }) {
      const booking = await findBooking(needs.database, aboutId)
      if (!booking) return 'The booking does not exist.'
      const wanted = kind === 'booking-cancelled' ? 'cancelled' : 'confirmed'
      return booking.status === wanted && booking.version === version
        ? null
        : `The booking is ${booking.status} at version ${booking.version} now.`
    },
    sweeps: bookingSweeps(needs),
  }
}
