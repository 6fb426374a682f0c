import type { Routes } from '#http'
import type { Sweep } from '#jobs'
import type { Payable } from '#payments'
import { payableOf } from './confirm.ts'
import { businessRoutes } from './business-routes.ts'
import { dayRoutes } from './day/day-routes.ts'
import { bookingSweeps } from './expire-holds.ts'
import type { BookingNeeds } from './needs.ts'
import { bookingMoneyRoutes } from './money/money-routes.ts'
import { bookingRoutes } from './routes.ts'
import { stillHolds, type Told } from './telling/still-holds.ts'
import { tellInTime } from './telling/tell-in-time.ts'
import { messagingRoutes } from './telling/messaging-routes.ts'
import { unreachedRoutes } from './day/unreached-routes.ts'

export type { BookingNeeds } from './needs.ts'

export interface Bookings {
  routes: Routes
  /** What payments settle for; joined by the assembly. */
  payable: Payable
  /** Whether what a message says still holds: null, or why it is not sent any more. */
  stillHolds(told: Told): Promise<string | null>
  sweeps: Sweep[]
}

export function openBookings(needs: BookingNeeds): Bookings {
  return {
    async routes(app) {
      await app.register(bookingRoutes(needs))
      await app.register(bookingMoneyRoutes(needs))
      await app.register(businessRoutes(needs))
      await app.register(dayRoutes(needs))
      await app.register(unreachedRoutes(needs))
      await app.register(messagingRoutes(needs))
    },
    payable: payableOf(needs),
    stillHolds: (told) => stillHolds(needs, needs.database, told),
    sweeps: [...bookingSweeps(needs), tellInTime(needs)],
  }
}
